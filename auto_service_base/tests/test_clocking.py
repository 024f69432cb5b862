from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestClocking(AutoServiceOrderCommon):
    """One tap starts, pauses, switches and finishes; what it bills and moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, name="Brakes")
        cls.other = cls._add_job(cls.order, name="Oil", hours=1.0, parts=0)
        cls._approve(cls.order)

    def _tap(self, action, job=None, user=None, at="2026-03-02 08:00:00"):
        """One tap of a technician; the times are those of a Monday."""
        with freeze_time(at):
            job = (job or self.job).with_user(user or self.user_technician)
            getattr(job, f"action_{action}")()

    def _get_running(self, employee=None):
        employee = employee or self.technician
        return self.env["auto.service.clocking"].search(
            [("technician_id", "=", employee.id), ("stop", "=", False)]
        )

    def test_start_opens_a_clock_and_moves_the_vehicle_into_repair(self):
        self._tap("start")
        self.assertRecordValues(
            self.job.clocking_ids,
            [
                {
                    "technician_id": self.technician.id,
                    "start": datetime(2026, 3, 2, 8),
                    "stop": False,
                }
            ],
        )
        self.assertRecordValues(
            self.job, [{"state": "in_progress", "technician_id": self.technician.id}]
        )
        self.assertEqual(self.order.step, "in_repair")
        mine = self.job.with_user(self.user_technician)
        self.assertTrue(mine.is_running and mine.is_mine_running)
        self.assertEqual(mine.running_names, self.technician.name)
        self.assertFalse(self.job.with_user(self.user_second).is_mine_running)

    def test_second_tap_on_start_changes_nothing(self):
        self._tap("start")
        self._tap("start", at="2026-03-02 09:00:00")
        self.assertEqual(self.job.clocking_ids.start, datetime(2026, 3, 2, 8))

    def test_pause_stops_the_clock_and_the_job_waits(self):
        self._tap("start")
        self._tap("pause", at="2026-03-02 09:30:00")
        self.assertFalse(self._get_running())
        self.assertRecordValues(self.job, [{"state": "paused", "hours_clocked": 1.5}])

    def test_one_tap_switches_to_another_job(self):
        self._tap("start")
        self._tap("start", job=self.other, at="2026-03-02 09:00:00")
        self.assertEqual(self._get_running().job_id, self.other)
        self.assertRecordValues(
            self.job | self.other, [{"state": "paused"}, {"state": "in_progress"}]
        )
        self.assertEqual(self.job.hours_clocked, 1.0)

    def test_switching_keeps_a_job_running_on_which_a_helper_works(self):
        self._tap("start")
        self._tap("start", user=self.user_second)
        self._tap("start", job=self.other, at="2026-03-02 09:00:00")
        self.assertEqual(self.job.state, "in_progress")

    @mute_logger("odoo.sql_db")
    def test_second_open_clock_of_a_technician_is_impossible(self):
        self._tap("start")
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["auto.service.clocking"].create(
                {"job_id": self.other.id, "technician_id": self.technician.id}
            )

    def test_helper_works_on_the_same_job(self):
        self._tap("start")
        self._tap("start", user=self.user_second, at="2026-03-02 09:00:00")
        self.assertEqual(len(self.job.running_clocking_ids), 2)
        self.assertEqual(self.job.technician_id, self.technician)
        self._tap("finish", at="2026-03-02 10:00:00")
        self.assertFalse(self._get_running() | self._get_running(self.second))
        self.assertRecordValues(self.job, [{"state": "done", "hours_clocked": 3.0}])

    def test_technician_without_employee_is_told_what_is_missing(self):
        user = new_test_user(
            self.env,
            login="test_nobody",
            name="No Employee",
            groups="auto_service_base.group_technician",
        )
        with self.assertRaisesRegex(UserError, "No Employee is not linked"):
            self._tap("start", user=user)

    def test_advisor_clocks_for_the_technician_of_the_job(self):
        self.job.technician_id = self.second
        self._tap("start", user=self.user_advisor)
        self.assertEqual(self.job.clocking_ids.technician_id, self.second)

    def test_unapproved_job_is_not_started_while_the_setting_is_on(self):
        job = self._add_job(self.order, name="Wipers")
        with self.assertRaisesRegex(UserError, "not approved by the customer"):
            self._tap("start", job=job)
        self.env.company.auto_service_require_authorisation = False
        self._tap("start", job=job)
        self.assertEqual(job.state, "in_progress")

    def test_declined_job_is_never_started(self):
        self.env.company.auto_service_require_authorisation = False
        job = self._add_job(self.order, name="Wipers")
        job.action_decline()
        with self.assertRaises(UserError):
            self._tap("start", job=job)

    def test_job_of_a_closed_visit_is_not_started(self):
        self.order._cancel(self.reason_cancel)
        with self.assertRaises(UserError):
            self._tap("start")

    def test_finishing_bills_the_labour_and_moves_the_visit(self):
        self._tap("start")
        self._tap("finish", at="2026-03-02 10:00:00")
        labour, part = self.job.line_ids.sorted("sequence")
        self.assertEqual(labour.qty_delivered, 2.0)
        self.assertEqual(part.qty_delivered, 0.0)
        self.assertRecordValues(
            self.job, [{"state": "done", "done_at": datetime(2026, 3, 2, 10)}]
        )
        self.assertEqual(self.order.step, "in_repair")
        self._tap("start", job=self.other, at="2026-03-02 10:00:00")
        self._tap("finish", job=self.other, at="2026-03-02 10:30:00")
        self.assertEqual(self.order.step, "quality_control")

    def test_parts_are_issued_with_the_job_when_the_garage_wants_it(self):
        self.env.company.auto_service_issue_parts_on_done = True
        self._tap("start")
        self._tap("finish", at="2026-03-02 10:00:00")
        part = self.job.line_ids.filtered(lambda line: line.kind == "part")
        self.assertEqual(part.qty_delivered, 1.0)

    def test_job_that_was_not_started_is_not_finished(self):
        with self.assertRaisesRegex(UserError, "was not started"):
            self._tap("finish")

    def test_reopened_job_takes_back_what_is_not_invoiced(self):
        self._tap("start")
        self._tap("finish", at="2026-03-02 10:00:00")
        self.job.with_user(self.user_advisor).action_reopen()
        labour = self.job.line_ids.filtered(lambda line: line.kind == "labour")
        self.assertEqual(labour.qty_delivered, 0.0)
        self.assertRecordValues(self.job, [{"state": "paused", "done_at": False}])
        self._tap("start", at="2026-03-02 11:00:00")
        self._tap("finish", at="2026-03-02 11:30:00")
        self.assertEqual(labour.qty_delivered, 2.0)
        self.assertEqual(self.job.hours_clocked, 2.5)

    def test_running_job_is_not_cancelled(self):
        self._tap("start")
        with self.assertRaisesRegex(UserError, "stop the clock first"):
            self.job.with_user(self.user_advisor).action_cancel()

    def test_five_kinds_of_hours_are_kept_apart(self):
        order = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="5", owner_id=self.partner.id
            ).id
        )
        operation = self._create_operation(hours=2.0)
        line = self.env["sale.order.line"].create(
            {
                "order_id": order._get_or_create_estimate().id,
                "operation_id": operation.id,
                "product_uom_qty": 2.5,
            }
        )
        job = line.job_id
        self._approve(order)
        self._tap("start", job=job)
        self._tap("finish", job=job, at="2026-03-02 09:45:00")
        self.assertRecordValues(
            job,
            [
                {
                    "hours_book": 2.0,
                    "hours_judged": 2.5,
                    "hours_authorised": 2.5,
                    "hours_clocked": 1.75,
                    "hours_billed": 0.0,
                }
            ],
        )
        self.env.company.auto_service_post_invoices = False
        order.action_invoice()
        self.assertEqual(job.hours_billed, 0.0)
        order.invoice_ids.action_post()
        self.assertEqual(job.hours_billed, 2.5)
        order.invoice_ids._reverse_moves(cancel=True)
        self.assertEqual(job.hours_billed, 0.0)

    def test_technician_writes_his_findings_and_nothing_else(self):
        job = self.job.with_user(self.user_technician)
        job.write({"cause": "Worn", "correction": "Replaced"})
        self.assertEqual(job.cause, "Worn")
        for name, value in (
            ("name", "Cheaper"),
            ("state", "done"),
            ("technician_id", self.second.id),
            ("authorisation", "approved"),
            ("hours_authorised", 9.0),
            ("order_id", self.order.copy().id),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                job.write({name: value})

    def test_clocked_time_is_corrected_by_a_manager_only(self):
        self._tap("start")
        self._tap("finish", at="2026-03-02 10:00:00")
        clocking = self.job.clocking_ids
        for user in (self.user_technician, self.user_parts, self.user_advisor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                clocking.with_user(user).stop = datetime(2026, 3, 2, 9)
        clocking.with_user(self.user_manager).stop = datetime(2026, 3, 2, 9)
        self.assertEqual(self.job.hours_clocked, 1.0)

    def test_user_of_two_companies_clocks_as_the_employee_of_the_job_s_company(self):
        other = self._create_company(name="Other Garage")
        twin = self._create_employee(
            company_id=other.id, name="Test technician in the other garage"
        )
        twin.user_id = self.user_technician
        self.user_technician.company_ids |= other
        user = self.user_technician.with_context(
            allowed_company_ids=[other.id, self.env.company.id]
        )
        with freeze_time("2026-03-02 08:00:00"):
            self.job.with_user(user).with_context(
                allowed_company_ids=[other.id, self.env.company.id]
            ).action_start()
        self.assertEqual(self.job.clocking_ids.technician_id, self.technician)
