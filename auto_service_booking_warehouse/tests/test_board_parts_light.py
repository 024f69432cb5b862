from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, TUESDAY, BookingWarehouseCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # seven o'clock in Tallinn
class TestBoardPartsLight(BookingWarehouseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = cls._allocate(
            cls.bay,
            f"{MONDAY} 09:00",
            f"{MONDAY} 11:00",
            order_id=cls.order.id,
            job_id=cls.job.id,
        )

    def _get_light(self, **params):
        """What the board says of the parts of the work."""
        planner = self.env["auto.service.planner"].with_user(self.user_technician)
        answer = planner.get_board({"scale": "week", "date": MONDAY, **params})
        blocks = [
            dict(zip(answer["block_fields"], values, strict=True))
            for values in answer["blocks"]
        ]
        block = next(block for block in blocks if block["block"] == self.row.block)
        return block.get("parts_light", "not told")

    def test_light_follows_the_part(self):
        self.assertEqual(self._get_light(), "missing")
        purchase = self._buy(f"{TUESDAY} 09:00")
        self.assertEqual(self._get_light(), "coming")
        self._receive(purchase)
        self.assertEqual(self._get_light(), "ready")

    def test_block_of_a_visit_shows_the_worst_job(self):
        other = self._add_job(self.order, "Wheels", hours=1.0)
        self._approve(self.order)
        self._receive(self._buy(f"{TUESDAY} 09:00"))
        self.assertEqual(self._get_light(), "ready")
        self.row.job_id = False
        self.assertEqual(other.parts_light, "missing")
        self.assertEqual(self._get_light(), "missing")

    def test_screen_in_the_hall_is_told_nothing(self):
        self.assertEqual(self._get_light(wall=True), "not told")

    def test_open_boards_are_told_of_a_receipt(self):
        purchase = self._buy(f"{TUESDAY} 09:00")
        rows = self.env.registry["auto.service.allocation"]
        with patch.object(rows, "_notify_board", autospec=True) as notify:
            self._receive(purchase)
        told = [call.args[0] for call in notify.call_args_list]
        self.assertIn(self.row, told)
