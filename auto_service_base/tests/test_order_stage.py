from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AutoServiceOrderCommon

MONDAY = "2026-03-02 08:00:00"  # a Monday


@tagged("post_install", "-at_install")
class TestOrderStage(AutoServiceOrderCommon):
    """Stages of a visit: time kept, gates, closing, reopening, promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()

    def _finish_visit(self, order):
        """Everything that the gates of the closing stage ask for, but the invoice."""
        job = self._add_job(order)
        self._approve(order)
        self._do_job(job)
        order.odometer_in = 120000
        order.with_user(self.user_advisor).action_quality_ok()
        return job

    def test_promise_is_coloured_by_the_time_that_is_left(self):
        order = self.order
        for promised, now, expected in (
            (False, MONDAY, "none"),
            ("2026-03-02 12:00:00", MONDAY, "on_time"),
            ("2026-03-02 10:00:00", MONDAY, "soon"),
            ("2026-03-02 10:00:01", MONDAY, "on_time"),
            ("2026-03-02 08:00:00", MONDAY, "soon"),
            ("2026-03-02 07:59:59", MONDAY, "late"),
        ):
            with self.subTest(promised=promised), freeze_time(now):
                order.promised_at = promised
                order.invalidate_recordset(["promise_state"])
                self.assertEqual(order.promise_state, expected)
                found = self.env["auto.service.order"].search(
                    [("promise_state", "=", expected), ("id", "=", order.id)]
                )
                self.assertEqual(found, order)
                rest = self.env["auto.service.order"].search(
                    [("promise_state", "!=", expected), ("id", "=", order.id)]
                )
                self.assertFalse(rest)

    @freeze_time(MONDAY)
    def test_promise_is_kept_once_the_vehicle_is_ready(self):
        self.order.promised_at = "2026-03-02 07:00:00"
        self.assertEqual(self.order.promise_state, "late")
        self.order.sudo().write({"quality_checked_at": MONDAY})
        self.order.stage_id = self._get_stage("ready")
        self.assertEqual(self.order.promise_state, "none")

    def test_time_per_stage_and_per_reason_is_kept(self):
        with freeze_time(MONDAY):
            order = self._create_order(
                vehicle_id=self._create_vehicle(
                    license_plate="2", owner_id=self.partner.id
                ).id
            )
        with freeze_time("2026-03-02 09:00:00"):
            order.stage_id = self._get_stage("received")
        with freeze_time("2026-03-02 09:30:00"):
            order.waiting_reason_id = self.reason_waiting
        with freeze_time("2026-03-02 12:00:00"):
            order.stage_id = self._get_stage("in_repair")
        logs = order.stage_log_ids.sorted("id")
        self.assertRecordValues(
            logs,
            [
                {
                    "stage_id": self._get_stage("booked").id,
                    "waiting_reason_id": False,
                    "hours": 1.0,
                },
                {
                    "stage_id": self._get_stage("received").id,
                    "waiting_reason_id": False,
                    "hours": 0.5,
                },
                {
                    "stage_id": self._get_stage("received").id,
                    "waiting_reason_id": self.reason_waiting.id,
                    "hours": 2.5,
                },
                {
                    "stage_id": self._get_stage("in_repair").id,
                    "waiting_reason_id": False,
                    "hours": 0.0,
                },
            ],
        )
        self.assertFalse(order.waiting_reason_id)
        self.assertEqual(order.received_at, datetime(2026, 3, 2, 9))

    def test_writing_the_same_stage_again_logs_nothing(self):
        before = len(self.order.stage_log_ids)
        self.order.write({"stage_id": self.order.stage_id.id})
        self.assertEqual(len(self.order.stage_log_ids), before)

    def test_board_shows_all_active_stages(self):
        orders = self.env["auto.service.order"].with_context(read_group_expand=True)
        result = orders.web_read_group([("id", "=", self.order.id)], ["stage_id"])
        shown = [group["stage_id"][0] for group in result["groups"]]
        self.assertEqual(shown, self.env["auto.service.stage"].search([]).ids)

    def test_odometer_gate(self):
        stage = self._get_stage("in_repair")
        stage.require_odometer = True
        with self.assertRaisesRegex(UserError, "note the odometer"):
            self.order.stage_id = stage
        self.order.odometer_in = 5
        self.order.stage_id = stage
        self.assertEqual(self.order.step, "in_repair")

    def test_jobs_gate_names_the_unfinished_jobs(self):
        self._add_job(self.order, name="Front brakes")
        self._approve(self.order)
        with self.assertRaisesRegex(UserError, "Front brakes"):
            self.order.stage_id = self._get_stage("quality_control")
        self._do_job(self.order.job_ids)
        self.assertEqual(self.order.step, "quality_control")

    def test_quality_is_checked_by_somebody_who_did_not_do_the_work(self):
        job = self._add_job(self.order)
        self._approve(self.order)
        self._do_job(job)
        with self.assertRaisesRegex(UserError, "colleague"):
            self.order.with_user(self.user_technician).action_quality_ok()
        self.order.with_user(self.user_second).action_quality_ok()
        self.assertRecordValues(
            self.order,
            [{"quality_checked_by_id": self.user_second.id, "step": "ready"}],
        )
        self.assertTrue(self.order.quality_checked_at)

    def test_quality_gate_cannot_be_dragged_over(self):
        with self.assertRaisesRegex(UserError, "Quality check passed"):
            self.order.with_user(self.user_advisor).stage_id = self._get_stage("ready")

    def test_work_after_the_check_needs_another_check(self):
        job = self._finish_visit(self.order)
        self.assertTrue(self.order.quality_checked_at)
        job.action_reopen()
        self._do_job(job)
        self.assertFalse(self.order.quality_checked_at)
        self.assertEqual(self.order.step, "quality_control")

    def test_what_is_done_has_to_be_invoiced_before_the_hand_over(self):
        self._finish_visit(self.order)
        with self.assertRaisesRegex(UserError, "invoice what is done"):
            self.order.with_user(self.user_advisor).action_close()
        self.order.with_user(self.user_advisor).action_invoice()
        self.order.with_user(self.user_advisor).action_close()
        self.assertRecordValues(self.order, [{"state": "closed", "step": "delivered"}])
        self.assertTrue(self.order.closed_at)

    def test_visit_is_closed_once(self):
        self.order.odometer_in = 5
        self.order.action_close()
        closed_at, logs = self.order.closed_at, len(self.order.stage_log_ids)
        self.order.action_close()
        self.assertEqual(self.order.closed_at, closed_at)
        self.assertEqual(len(self.order.stage_log_ids), logs)

    def test_closed_visit_is_not_dragged_back(self):
        self.order.odometer_in = 5
        self.order.action_close()
        with self.assertRaisesRegex(UserError, "closed already"):
            self.order.stage_id = self._get_stage("in_repair")
        self.order.stage_id = self._get_stage("followed_up")
        self.assertEqual(self.order.state, "closed")

    def test_only_a_manager_reopens(self):
        self.order.odometer_in = 5
        self.order.action_close()
        with self.assertRaisesRegex(UserError, "Only a manager"):
            self.order.with_user(self.user_advisor).action_reopen()
        self.order.with_user(self.user_manager).action_reopen()
        self.assertRecordValues(
            self.order, [{"state": "open", "step": "in_repair", "closed_at": False}]
        )
        running = self.order.stage_log_ids.filtered(lambda log: not log.left_at)
        self.assertEqual(running.stage_id, self.order.stage_id)

    def test_reopened_cancelled_visit_has_a_running_log_again(self):
        self.order._cancel(self.reason_cancel)
        self.assertFalse(self.order.stage_log_ids.filtered(lambda log: not log.left_at))
        self.order.with_user(self.user_manager).action_reopen()
        self.assertEqual(
            len(self.order.stage_log_ids.filtered(lambda log: not log.left_at)), 1
        )

    def test_results_of_the_gates_are_not_written_by_hand(self):
        order = self.order.with_user(self.user_manager)
        for name, value in (
            ("state", "closed"),
            ("closed_at", MONDAY),
            ("quality_checked_at", MONDAY),
            ("quality_checked_by_id", self.user_second.id),
            ("cancel_reason_id", self.reason_cancel.id),
            ("cancel_note", "x"),
        ):
            with (
                self.subTest(name=name),
                self.assertRaisesRegex(UserError, "by the buttons"),
            ):
                order.write({name: value})

    def test_cancelling_keeps_the_reason_and_cancels_what_is_open(self):
        job = self._add_job(self.order)
        wizard = (
            self.env["auto.service.order.cancel"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_ids": [Command.set(self.order.ids)],
                    "reason_id": self.reason_cancel.id,
                    "note": "Called at nine",
                }
            )
        )
        wizard.action_cancel_orders()
        self.assertRecordValues(
            self.order,
            [
                {
                    "state": "cancelled",
                    "cancel_reason_id": self.reason_cancel.id,
                    "cancel_note": "Called at nine",
                }
            ],
        )
        self.assertEqual(job.state, "cancelled")
        self.assertEqual(self.order.sale_order_ids.state, "cancel")
        with self.assertRaisesRegex(UserError, "closed or cancelled"):
            self.order.stage_id = self._get_stage("received")

    def test_cancelling_waits_for_the_running_clock(self):
        job = self._add_job(self.order)
        self._approve(self.order)
        job.with_user(self.user_technician).action_start()
        with self.assertRaisesRegex(UserError, "stop the clock"):
            self.order.with_user(self.user_advisor)._cancel(self.reason_cancel)
        job.with_user(self.user_technician).action_pause()
        self.order.with_user(self.user_advisor)._cancel(self.reason_cancel)
        self.assertEqual(self.order.state, "cancelled")

    def test_invoiced_visit_is_cancelled_only_after_the_credit_note(self):
        self._finish_visit(self.order)
        self.order.action_invoice()
        with self.assertRaisesRegex(UserError, "Credit the invoice"):
            self.order._cancel(self.reason_cancel)
        credit = self.order.invoice_ids._reverse_moves(cancel=True)
        self.assertEqual(credit.work_order_id, self.order)
        self.order.with_user(self.user_advisor)._cancel(self.reason_cancel)
        self.assertEqual(self.order.state, "cancelled")

    def test_unanswered_work_is_recommended_when_the_visit_closes(self):
        order = self.order
        job = self._add_job(order, name="Wipers", hours=1.0, parts=1.0)
        order.estimate_id.action_quotation_sent()
        stage = self._get_stage("delivered")
        stage.require_jobs_done = False
        order.odometer_in = 5
        order.action_close()
        self.assertEqual(job.state, "cancelled")
        self.assertEqual(order.sale_order_ids.state, "cancel")
        self.assertRecordValues(
            order.vehicle_id.recommendation_ids,
            [{"name": "Wipers", "reason": "not_answered", "amount_total": 90.0}],
        )
