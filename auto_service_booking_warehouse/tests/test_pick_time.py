from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import MONDAY, TUESDAY, BookingWarehouseCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestPickTime(BookingWarehouseCommon):
    """Parts lie ready when the appointment begins, not when the order was written."""

    def test_time_on_the_board(self):
        row = self._allocate(
            self.bay,
            f"{TUESDAY} 09:00",
            f"{TUESDAY} 11:00",
            order_id=self.order.id,
            job_id=self.job.id,
        )
        self.assertEqual(self.order.parts_wanted_at, row.start)
        self.order.received_at = fields.Datetime.now()
        self.assertEqual(self.order.parts_wanted_at, row.start)

    def test_without_a_time(self):
        self.order.promised_at = f"{TUESDAY} 15:00:00"
        self.assertEqual(self.order.parts_wanted_at, self.order.promised_at)
