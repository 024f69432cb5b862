from odoo.tests import HttpCase, new_test_user, tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestVisitTour(AutoServiceOrderCommon, HttpCase):
    """One visit in the real browser, by the people who would do it.

    Between the screens the database is asked whether it says what the screens said.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_accountant = new_test_user(
            cls.env, login="test_accountant", groups="account.group_account_invoice"
        )
        cls._create_operation()  # two hours, billed as the labour of the test
        cls._create_part(name="Battery 74 Ah", list_price=120.0)

    def _start(self, url, tour, login):
        self.start_tour(url, f"auto_service_visit_{tour}", login=login)
        self.env.invalidate_all()

    def _start_on_order(self, tour, login):
        self._start(f"/odoo/service-work-orders/{self.order.id}", tour, login)

    def _call(self):
        """A call from somebody new: work order and estimate in one go."""
        self._start("/odoo/service-work-orders", "call", "test_advisor")
        vehicle = self.env["fleet.vehicle"]._find_by_plate("77TOUR77")
        self.order = vehicle.work_order_ids
        self.assertRecordValues(
            self.order,
            [
                {
                    "state": "open",
                    "step": "booked",
                    "complaint": "Brakes squeal",
                    "advisor_id": self.user_advisor.id,
                    "amount_total": 325.0,
                }
            ],
        )
        self.assertEqual(vehicle.owner_id.name, "Tiina Tour")
        self.assertEqual(vehicle.owner_id.phone, "+372 5550 7788")
        self.assertRecordValues(
            self.order.job_ids,
            [
                {"name": "Front brakes", "hours_book": 2.0, "hours_judged": 2.0},
                {"name": "Battery of the tour", "hours_book": 0.0, "hours_judged": 0.5},
            ],
        )

    def _send_and_sign(self):
        self.order.partner_id.email = "tiina.tour@example.com"
        self._start_on_order("send", "test_advisor")
        estimate = self.order.estimate_id
        self.assertEqual(estimate.state, "sent")
        self._start(estimate.get_portal_url(), "sign", None)
        self.assertEqual(estimate.state, "sale")
        self.assertRecordValues(
            self.order.authorisation_ids,
            [
                {
                    "method": "portal_signature",
                    "signed_by": "Tiina Tour",
                    "amount_total": 325.0,
                    "state": "valid",
                }
            ],
        )
        self.assertEqual(self.order.job_ids.mapped("hours_authorised"), [2.0, 0.5])

    def _repair(self):
        self._start_on_order("receive", "test_advisor")
        self.assertEqual(self.order.step, "received")
        self._start("/odoo/my-jobs", "repair", "test_technician")
        self.assertEqual(self.order.step, "quality_control")
        jobs = self.order.job_ids
        self.assertEqual(set(jobs.mapped("state")), {"done"})
        self.assertEqual(jobs[0].cause, "Discs below their minimum")
        self.assertEqual(jobs.clocking_ids.technician_id, self.technician)
        self.assertTrue(all(jobs.clocking_ids.mapped("stop")))
        self._start_on_order("issue", "test_parts")
        parts = jobs.line_ids.filtered(lambda line: line.kind == "part")
        self.assertEqual(parts.mapped("qty_delivered"), [2.0, 1.0])

    def _hand_over(self):
        self._start_on_order("quality", "test_manager")
        self.assertEqual(self.order.quality_checked_by_id, self.user_manager)
        self._start_on_order("invoice", "test_advisor")
        self.assertEqual(self.order.invoice_ids.state, "posted")
        self.assertEqual(self.order.state, "open")
        self._start_on_order("hand_over", "test_advisor")
        self.assertRecordValues(
            self.order,
            [{"state": "closed", "step": "delivered", "amount_due": 325.0}],
        )
        self.assertEqual(self.order.job_ids.mapped("hours_billed"), [2.0, 0.5])

    def _pay(self):
        invoice = self.order.invoice_ids
        self.assertRecordValues(invoice, [{"state": "posted", "amount_total": 325.0}])
        url = f"/odoo/customer-invoices/{invoice.id}"
        self._start(url, "pay", "test_accountant")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.order.amount_due, 0.0)

    def test_visit_from_call_to_payment(self):
        self._call()
        self._send_and_sign()
        self._repair()
        self._hand_over()
        self._pay()
        self._start("/odoo/vehicles", "history", "test_advisor")
        self.assertEqual(self.order.vehicle_id.last_odometer, 120500)
