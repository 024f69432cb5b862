from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, TUESDAY, BookingWarehouseCommon


@freeze_time(MONDAY + " 06:00:00")  # Monday, eight o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestReadyStock(BookingWarehouseCommon):
    def _get_ready(self):
        """When the vehicle can be ready, if nothing waits, and what it waits for."""
        self.env.flush_all()
        self.order.invalidate_recordset(["ready_at", "ready_if_at", "ready_waits"])
        order = self.order.with_user(self.user_technician)
        return order.ready_at, order.ready_if_at, order.ready_waits

    def test_part_that_nobody_ordered(self):
        self.assertEqual(
            self._get_ready(),
            (
                False,
                self._utc(f"{MONDAY} 10:00"),
                "Parts are not ordered: Brake disc.",
            ),
        )

    def test_part_on_its_way_moves_the_time(self):
        self._buy(f"{TUESDAY} 09:10")
        ready_at, _ready_if, waits = self._get_ready()
        self.assertEqual(ready_at, self._utc(f"{TUESDAY} 11:30"))
        self.assertEqual(waits, "Parts are expected until Tue 3 Mar 09:10: Brake disc.")

    def test_late_part_has_no_date(self):
        self._buy("2026-03-01 12:00")
        ready_at, _ready_if, waits = self._get_ready()
        self.assertFalse(ready_at)
        self.assertEqual(waits, "Parts are late: Brake disc.")

    def test_part_that_is_here_moves_nothing(self):
        self._receive(self._buy(f"{TUESDAY} 09:00"))
        ready = self._utc(f"{MONDAY} 10:00")
        self.assertEqual(self._get_ready(), (ready, ready, ""))
