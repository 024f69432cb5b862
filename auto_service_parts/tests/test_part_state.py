from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_order import PartsOrderCommon


@tagged("post_install", "-at_install")
class TestPartState(PartsOrderCommon):
    """The work order shows where its parts are, and tells who waits for them."""

    def setUp(self):
        super().setUp()
        self._approve_visit()

    def test_part_from_an_offer_is_needed(self):
        self.assertRecordValues(
            self.line, [{"part_state": "needed", "qty_to_order": 2.0}]
        )

    def test_line_that_is_no_part_has_no_state(self):
        labour = self.job.line_ids.filtered(lambda line: line.kind == "labour")
        self.assertFalse(labour.part_state)

    def test_receipt_makes_the_part_arrive_and_tells_the_advisor(self):
        purchase = self._order()
        purchase.order_line.qty_received = 1.0
        self.assertEqual(self.line.part_state, "ordered")
        purchase.order_line.qty_received = 2.0
        self.assertEqual(self.line.part_state, "arrived")
        message = self.visit.message_ids[0]
        self.assertIn("All parts are here for: Brakes", message.body)
        self.assertIn(self.user_advisor.partner_id, message.partner_ids)

    def test_one_part_of_two_that_arrived_tells_nobody_personally(self):
        other = self._create_offer(
            self.enquiry, account_id=self.account.id, number="OX 1", name="Seal"
        )
        self._add_offer(other)
        purchase = self._order()
        purchase.order_line.qty_received = 2.0
        message = self.visit.message_ids[0]
        self.assertIn("Arrived: MAHLE OC 90", message.body)
        self.assertFalse(message.partner_ids)

    def test_least_advanced_order_counts(self):
        self._order(quantity=1.0)
        self.assertEqual(self.line.part_state, "needed")
        second = self._order()
        first = self.line.purchase_line_ids.order_id - second
        first.order_line.part_state = "transit"
        self.assertEqual(self.line.part_state, "ordered")
        second.order_line.part_state = "confirmed"
        self.assertEqual(self.line.part_state, "confirmed")

    def test_cancelled_order_makes_the_part_needed_again(self):
        purchase = self._order(place=False)
        self.assertEqual(self.line.part_state, "ordered")
        purchase.button_cancel()
        self.assertRecordValues(
            self.line, [{"part_state": "needed", "qty_to_order": 2.0}]
        )

    def test_deleted_draft_makes_the_part_needed_again(self):
        purchase = self._order(place=False)
        purchase.button_cancel()
        purchase.unlink()
        self.assertEqual(self.line.part_state, "needed")

    def test_expected_date_is_that_of_the_latest_piece(self):
        purchase = self._order()
        later = fields.Datetime.now() + timedelta(days=9)
        purchase.order_line.date_planned = later
        self.assertEqual(self.line.part_eta, later.replace(microsecond=0))

    def test_late_part_is_told_once(self):
        purchase = self._order()
        lines = self.env["sale.order.line"]
        purchase.order_line.date_planned = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn(self.line, lines.search(lines._get_late_parts_domain()))
        self.line._tell_late(self.visit)
        activity = self.visit.activity_ids
        self.assertEqual(activity.summary, "Parts are late")
        self.assertEqual(activity.user_id, self.user_advisor)
        self.assertNotIn(self.line, lines.search(lines._get_late_parts_domain()))
        # With a new term it may be late once more.
        purchase.order_line.date_planned = fields.Datetime.now() + timedelta(hours=1)
        self.assertFalse(self.line.is_part_late_told)

    def test_badges_without_prices(self):
        self._order()
        visit = self.visit.with_user(self.user_technician)
        self.assertEqual(visit.parts_summary, "1 ordered")
        self.assertTrue(visit.is_waiting_for_parts)
        job = self.job.with_user(self.user_technician)
        self.assertEqual(job.parts_summary, "1 ordered")
        self.line.purchase_line_ids.qty_received = 2.0
        self.env.invalidate_all()
        self.assertEqual(job.parts_summary, "1 here")
        self.assertFalse(job.is_waiting_for_parts)

    def test_declined_job_needs_no_parts(self):
        visit = self._create_order(
            vehicle_id=self._create_vehicle(license_plate="D 1").id,
            partner_id=self.supplier.id,
        )
        job = self._add_job(visit, parts=0)
        line = self._add_offer(self.offer, job=job)
        self.assertEqual(visit.parts_summary, "1 to order")
        visit.estimate_id._decline_job(job)  # as the customer does on the portal
        self.env.invalidate_all()
        self.assertEqual(line.declined_qty, 1.0)
        self.assertFalse(visit.parts_summary)
        self.assertFalse(visit.is_waiting_for_parts)
        orders = self.env["auto.service.order"]
        self.assertNotIn(visit, orders.search([("is_waiting_for_parts", "=", True)]))
        self.assertFalse(line.filtered_domain(line._get_to_order_domain()))

    def test_filter_finds_who_waits_for_parts(self):
        orders = self.env["auto.service.order"].with_user(self.user_technician)
        domain = [("is_waiting_for_parts", "=", True)]
        self.assertIn(self.visit, orders.search(domain))
        self.assertNotIn(
            self.visit, orders.search([("is_waiting_for_parts", "=", False)])
        )
        self._order().order_line.qty_received = 2.0
        self.assertNotIn(self.visit, orders.search(domain))

    def test_badges_of_many_visits_are_one_query(self):
        visits = self.visit
        for number in range(5):
            visits |= self._create_order(
                vehicle_id=self._create_vehicle(license_plate=f"P {number}").id,
                partner_id=self.supplier.id,
            )
        visits.mapped("company_id")
        self.env.flush_all()
        visits.invalidate_recordset(
            ["parts_summary", "is_waiting_for_parts", "has_refused_parts"]
        )
        with self.assertQueryCount(1):
            visits.mapped("parts_summary")

    def test_lines_of_other_sales_cost_no_query(self):
        sale = self.env["sale.order"].create({"partner_id": self.supplier.id})
        values = {"order_id": sale.id, "product_id": self.part.id}
        lines = self.env["sale.order.line"].create([values] * 3)
        self.env.flush_all()
        self.assertFalse(any(lines.mapped("part_state")))
        to_compute = self.env.transaction.tocompute
        with self.assertQueryCount(0):
            self.assertFalse(
                to_compute.get(self.env["sale.order.line"]._fields["part_state"])
            )
