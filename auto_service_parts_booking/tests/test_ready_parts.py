from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY, TUESDAY, PartsBookingCommon


@freeze_time(MONDAY + " 06:00:00")  # Monday, eight o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestReadyParts(PartsBookingCommon):
    def _get_ready(self):
        """Local times at which the vehicle can be ready, and if nothing waits."""
        self.order.invalidate_recordset(["ready_at", "ready_if_at", "ready_waits"])
        order = self.order.with_user(self.user_technician)
        return order.ready_at, order.ready_if_at, order.ready_waits

    def test_nothing_missing_is_the_first_free_time(self):
        ready = self._utc(f"{MONDAY} 10:00")
        for state in (False, "arrived"):
            self._set_part(state)
            self.assertEqual(self._get_ready(), (ready, ready, ""), state)

    def test_part_on_its_way_moves_the_time(self):
        for state in ("ordered", "confirmed", "transit"):
            self._set_part(state, f"{TUESDAY} 09:10")
            ready_at, _ready_if, waits = self._get_ready()
            self.assertEqual(ready_at, self._utc(f"{TUESDAY} 11:30"), state)
            self.assertEqual(
                waits, "Parts are expected until Tue 3 Mar 09:10: Brake disc."
            )

    def test_last_part_counts(self):
        self._set_part("ordered", f"{MONDAY} 09:00")
        wheels = self._add_job(self.order, "Wheels", hours=1.0)
        self._approve(self.order)
        other = wheels.line_ids.filtered(lambda line: line.kind == "part")
        other.name = "Wheel bolt\nof steel"
        self._set_part("transit", f"{TUESDAY} 09:00", other)
        ready_at, _ready_if, waits = self._get_ready()
        self.assertEqual(ready_at, self._utc(f"{TUESDAY} 12:00"))
        self.assertEqual(
            waits, "Parts are expected until Tue 3 Mar 09:00: Brake disc, Wheel bolt."
        )
        # Who does not wait for the job does not wait for its parts.
        wheels.action_cancel()
        self.assertEqual(self._get_ready()[0], self._utc(f"{MONDAY} 11:00"))

    def test_nobody_knows_without_a_date(self):
        ready_if = self._utc(f"{MONDAY} 10:00")
        for state, eta, sentence in (
            ("needed", None, "Parts are not ordered: Brake disc."),
            ("needed", f"{TUESDAY} 09:00", "Parts are not ordered: Brake disc."),
            ("refused", None, "The supplier does not bring: Brake disc."),
            ("ordered", None, "Nobody knows when these parts come: Brake disc."),
            ("transit", "2026-03-01 12:00", "Parts are late: Brake disc."),
        ):
            with self.subTest(state=state, eta=eta):
                self._set_part(state, eta)
                self.assertEqual(self._get_ready(), (False, ready_if, sentence))

    def test_no_promise_while_a_part_is_not_ordered(self):
        self._set_part("needed")
        with self.assertRaisesRegex(UserError, "Parts are not ordered: Brake disc"):
            self.order.with_user(self.user_advisor).action_promise_ready()
        self._set_part("ordered", f"{TUESDAY} 09:00")
        self.order.with_user(self.user_advisor).action_promise_ready()
        self.assertEqual(self.order.promised_at, self._utc(f"{TUESDAY} 11:00"))

    def test_finished_work_waits_for_no_part(self):
        self._set_part("needed")
        self._do_job(self.job)
        self.assertEqual(self._get_ready(), (False, False, ""))

    def test_time_follows_the_part_without_a_reload(self):
        self._set_part("ordered", f"{TUESDAY} 09:00")
        self.assertEqual(self.order.ready_at, self._utc(f"{TUESDAY} 11:00"))
        self._set_part("arrived")
        self.assertEqual(self.order.ready_at, self._utc(f"{MONDAY} 10:00"))

    def test_queries_do_not_grow_with_the_parts(self):
        self._set_part("ordered", f"{TUESDAY} 09:00")
        counts = []
        for _round in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            order = self.order.with_user(self.user_advisor)
            before = self.env.cr.sql_log_count
            order._get_ready_blockers()
            counts.append(self.env.cr.sql_log_count - before)
            self.env["sale.order.line"].create(
                [
                    {
                        "order_id": self.line.order_id.id,
                        "job_id": self.job.id,
                        "product_id": self.part.id,
                        "part_state": "needed",
                    }
                    for _line in range(5)
                ]
            )
        self.assertEqual(counts[1], counts[2])  # the first one fills caches
