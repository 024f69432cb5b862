from collections import Counter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DemoGarageCase


@tagged("post_install", "-at_install")
class TestDemoGarage(DemoGarageCase):
    def test_garage_has_visits_in_every_stage(self):
        orders = self._get_demo("auto.service.order")
        self.assertEqual(len(orders), 40)
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
        vehicles = self._get_demo("fleet.vehicle")
        self.assertEqual(len(vehicles.filtered("is_customer_vehicle")), 40)

    def test_money_is_invoiced_and_partly_paid(self):
        invoices = self._get_demo("account.move").filtered(
            lambda move: move.move_type == "out_invoice"
        )
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(
            Counter(invoices.mapped("payment_state")), {"paid": 15, "not_paid": 4}
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

    def _get_vehicle(self, plate):
        vehicles = self._get_demo("fleet.vehicle")
        return vehicles.filtered(lambda vehicle: vehicle.license_plate == plate)

    def _get_hours(self, vehicle, *codes):
        """Chosen labour times of operations, in the order of the codes."""
        operations = self._get_demo("auto.service.operation")
        operations = operations.filtered(lambda operation: operation.code in codes)
        choices = operations._get_labour_times(vehicle)
        by_code = {operation.code: choices[operation.id] for operation in operations}
        return [by_code[code].chosen for code in codes]

    def test_belt_and_pump_share_work_and_one_hour_is_judged(self):
        lines = self._get_order("316 BKR").estimate_id.order_line
        lines = {line.operation_id.code: line for line in lines if line.operation_id}
        belt, pump, thermostat = (lines[code] for code in ("M-030", "M-032", "M-061"))
        self.assertEqual(belt.labour_state, "book")
        self.assertEqual(pump.labour_state, "deducted")
        self.assertLess(pump.book_hours, pump.labour_detail["alone"] / 2)
        self.assertIn("Timing belt", " ".join(pump._get_labour_sentences()))
        self.assertEqual(lines["M-033"].book_hours, 0.0)
        self.assertRecordValues(
            thermostat,
            [
                {
                    "labour_state": "judged",
                    "product_uom_qty": 1.6,
                    "judged_by_id": belt.create_uid.id,
                }
            ],
        )

    def test_another_engine_has_other_times(self):
        vehicle = self._get_vehicle("316 BKR")
        before, pump = self._get_hours(vehicle, "M-030", "M-032")
        self.assertEqual((before.origin, before.level), ("own", "exact"))
        self.assertEqual((pump.origin, pump.unit), ("provider", "aw5"))
        engines = dict(vehicle._get_type_candidates())
        types = self.env["auto.service.vehicle.type"].browse(list(engines))
        vehicle._take_type(types.filtered(lambda kind: kind.engine_code == "K4M"))
        after, _pump = self._get_hours(vehicle, "M-030", "M-032")
        self.assertGreater(after.hours, before.hours)
        self.assertEqual(after.level, "exact")

    def test_some_vehicles_lack_their_engine(self):
        for plate in ("264 PDK", "482 KTA 02", "ABC-482"):
            vehicle = self._get_vehicle(plate)
            self.assertFalse(vehicle.engine_code)
            self.assertEqual(len(vehicle._get_near_types()), 2, plate)

    def test_some_maintenance_is_due(self):
        due = self._get_demo("fleet.vehicle")._get_maintenance_due_by_vehicle()
        states = Counter(row["state"] for rows in due.values() for row in rows)
        self.assertGreaterEqual(states["overdue"], 2)
        self.assertGreaterEqual(states["soon"], 2)
        self.assertLess(states["overdue"] + states["soon"], 20)

    def test_finished_jobs_propose_times(self):
        operations = self._get_demo("auto.service.operation")
        proposals = self.env["auto.service.labour.proposal"].search(
            [("operation_id", "in", operations.ids)]
        )
        self.assertGreaterEqual(len(proposals), 5)
        self.assertTrue(all(proposal.case_count >= 3 for proposal in proposals))

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

    def test_board_shows_today_and_the_coming_days(self):
        bookings = self._get_demo("auto.service.booking")
        self.assertEqual(
            Counter(bookings.mapped("state")),
            {"booked": 11, "confirmed": 4, "waitlist": 1, "requested": 1},
        )
        rows = self._get_demo("auto.service.allocation")
        self.assertTrue(rows.filtered("job_id"), "open jobs lie on the board")
        absent = rows.filtered(lambda row: row.replan_reason == "absent")
        self.assertEqual(absent.resource_id.mapped("name"), ["Sergei Volkov"])
