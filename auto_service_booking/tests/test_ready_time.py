from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_planner import PlannerCommon


@freeze_time(MONDAY + " 06:00:00")  # Monday, eight o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestReadyTime(PlannerCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self.job = self._add_job(self.order, hours=2.0)

    def _get_ready(self):
        self.order.invalidate_recordset(["ready_at", "ready_if_at", "ready_waits"])
        return tuple(
            moment and self._local(moment)
            for moment in (self.order.ready_at, self.order.ready_if_at)
        )

    def _wait_until(self, text):
        """Something the vehicle waits for, as another addon would say it."""
        moment = text and self._utc(text)
        return patch.object(
            self.env.registry["auto.service.order"],
            "_get_ready_blockers",
            lambda order: [("The discs are on order.", moment)],
        )

    def test_nobody_knows_before_the_customer_answers(self):
        self.assertEqual(self._get_ready(), (False, "02 10:00"))
        self.assertEqual(
            self.order.ready_waits, "The customer has not approved: Brakes."
        )
        with self.assertRaisesRegex(UserError, "has not approved: Brakes"):
            self.order.action_promise_ready()

    def test_first_free_time_of_approved_work(self):
        self._approve(self.order)
        self._allocate(self.ann, "2026-03-02 08:00", "2026-03-02 12:00")
        self._allocate(self.bob, "2026-03-02 09:00", "2026-03-02 12:00")
        self.assertEqual(self._get_ready(), ("02 15:00", "02 15:00"))
        self.assertFalse(self.order.ready_waits)
        self.order.action_promise_ready()
        self.assertEqual(self._local(self.order.promised_at), "02 15:00")

    def test_time_on_the_board_counts(self):
        self._approve(self.order)
        self._allocate(
            self.ann,
            "2026-03-03 10:00",
            "2026-03-03 12:00",
            job_id=self.job.id,
            order_id=self.order.id,
        )
        self.assertEqual(self._get_ready()[0], "03 12:00")
        other = self._add_job(self.order, "Wheels", hours=1.0)
        self._approve(self.order)
        self.assertEqual(self._get_ready()[0], "03 14:00")
        other.action_cancel()
        self.assertEqual(self._get_ready()[0], "03 12:00")

    def test_work_waits_for_parts(self):
        self._approve(self.order)
        self._allocate(
            self.ann,
            "2026-03-02 10:00",
            "2026-03-02 12:00",
            job_id=self.job.id,
            order_id=self.order.id,
        )
        with self._wait_until("2026-03-04 09:10"):
            self.assertEqual(self._get_ready()[0], "04 11:30")
            self.assertEqual(self.order.ready_waits, "The discs are on order.")
        with self._wait_until(None):
            self.assertEqual(self._get_ready(), (False, "02 12:00"))

    def test_unfinished_work_of_yesterday_is_not_ready(self):
        self._approve(self.order)
        self._allocate(
            self.ann,
            "2026-03-02 08:00",
            "2026-03-02 10:00",
            job_id=self.job.id,
            order_id=self.order.id,
        )
        with freeze_time("2026-03-03 08:00:00"):  # Tuesday, ten o'clock
            self.assertEqual(self._get_ready()[0], "03 12:00")

    def test_nothing_to_do_is_no_time(self):
        self._approve(self.order)
        self._do_job(self.job)
        self.assertEqual(self._get_ready(), (False, False))

    def test_nobody_is_there_to_do_it(self):
        self._approve(self.order)
        (self.ann | self.bob).active = False
        self.assertEqual(self._get_ready(), (False, False))
        self.assertIn("No technician", self.order.ready_waits)

    def test_the_day_after_is_found_when_today_is_full(self):
        self._approve(self.order)
        end = self._utc("2026-03-02 17:00")
        for row in (self.ann, self.bob):
            self._allocate(row, "2026-03-02 08:00", "2026-03-02 12:00")
            self._allocate(row, "2026-03-02 13:00", end - timedelta(hours=1))
        self.assertEqual(self._get_ready()[0], "03 10:00")
