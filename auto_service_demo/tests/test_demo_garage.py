from collections import Counter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DemoGarageCase


@tagged("post_install", "-at_install")
class TestDemoGarage(DemoGarageCase):
    def test_garage_has_visits_in_every_stage(self):
        orders = self._get_demo("auto.service.order")
        self.assertEqual(len(orders), 30)
        steps = Counter(
            orders.filtered(lambda o: o.state != "cancelled").mapped("step")
        )
        self.assertEqual(
            set(steps),
            {
                "booked",
                "prepared",
                "received",
                "in_repair",
                "quality_control",
                "ready",
                "delivered",
                "followed_up",
            },
        )
        self.assertGreaterEqual(min(steps.values()), 2)
        self.assertEqual(len(self._get_demo("fleet.vehicle")), 40)

    def test_money_is_invoiced_and_partly_paid(self):
        invoices = self._get_demo("account.move").filtered(
            lambda move: move.move_type == "out_invoice"
        )
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(
            Counter(invoices.mapped("payment_state")), {"paid": 6, "not_paid": 4}
        )
        today = fields.Date.today()
        self.assertTrue(all(move.invoice_date <= today for move in invoices))
        self.assertLess(min(invoices.mapped("invoice_date")), today)

    def test_clocks_never_run_backwards_or_overlap(self):
        clockings = self._get_demo("auto.service.clocking")
        self.assertEqual(len(clockings.filtered(lambda c: not c.stop)), 2)
        for _technician, clocks in clockings.grouped("technician_id").items():
            clocks = clocks.sorted("start")
            for one, two in zip(clocks, clocks[1:], strict=False):
                self.assertLessEqual(one.stop, two.start, one.display_name)

    def test_stage_times_follow_each_other(self):
        for order in self._get_demo("auto.service.order"):
            logs = order.stage_log_ids.sorted("id")
            self.assertTrue(logs, order.name)
            for one, two in zip(logs, logs[1:], strict=False):
                self.assertEqual(one.left_at, two.entered_at, order.name)
            self.assertLessEqual(logs[-1].entered_at, fields.Datetime.now())

    def test_declined_work_became_recommendations(self):
        recommendations = self._get_demo("auto.service.recommendation")
        self.assertEqual(
            {(r.vehicle_id.license_plate, r.reason) for r in recommendations},
            {
                ("123 ABC", "deferred"),
                ("314 BKR", "declined"),
                ("482 KTR", "declined"),
                ("501 NWC", "deferred"),
                ("715 LHS", "declined"),
            },
        )
        self.assertTrue(
            all(amount > 100 for amount in recommendations.mapped("amount_total"))
        )

    def test_insurer_pays_the_bumper(self):
        order = self._get_order("017 BRS 02")
        estimates = order.sale_order_ids.sorted("id")
        self.assertEqual(estimates.mapped("pay_type"), ["customer", "insurance"])
        self.assertEqual(estimates[1].partner_id.name, "Baltic Shield Insurance AS")
        self.assertEqual(set(estimates.mapped("state")), {"sale"})

    def test_jobs_carry_the_names_of_the_garage(self):
        """No job was made up by a line that fell above the first section."""
        jobs = self._get_demo("auto.service.job")
        self.assertFalse(jobs.filtered(lambda job: len(job.name) > 45).mapped("name"))

    def test_loading_twice_is_refused(self):
        with self.assertRaisesRegex(UserError, "here already"):
            self.demo._load()

    def test_demo_users_log_in_with_their_role_only(self):
        users = {user.login: user for user in self._get_demo("res.users")}
        technician = users["technician"]
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(technician).search([], limit=1)
        with self.assertRaises(AccessError):
            self.demo.with_user(users["advisor"]).create({})
