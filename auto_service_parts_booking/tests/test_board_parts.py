from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, TUESDAY, PartsBookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # seven o'clock in Tallinn
class TestBoardParts(PartsBookingCommon):
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

    def _get_mark(self, **params):
        """What the board says of the parts of the work."""
        planner = self.env["auto.service.planner"].with_user(self.user_technician)
        answer = planner.get_board({"scale": "week", "date": MONDAY, **params})
        blocks = [
            dict(zip(answer["block_fields"], values, strict=True))
            for values in answer["blocks"]
        ]
        block = next(block for block in blocks if block["block"] == self.row.block)
        return block.get("parts", "not told")

    def test_work_is_marked_by_its_parts(self):
        for state, mark in (
            (False, None),
            ("needed", "missing"),
            ("refused", "missing"),
            ("ordered", "coming"),
            ("transit", "coming"),
            ("arrived", None),
        ):
            self._set_part(state)
            self.assertEqual(self._get_mark(), mark, state)

    def test_one_missing_part_outweighs_what_is_coming(self):
        self._set_part("ordered", f"{TUESDAY} 09:00")
        self.env["sale.order.line"].create(
            {
                "order_id": self.line.order_id.id,
                "job_id": self.job.id,
                "product_id": self.part.id,
                "part_state": "needed",
            }
        )
        self.assertEqual(self._get_mark(), "missing")

    def test_parts_of_another_job_are_not_its_own(self):
        other = self._add_job(self.order, "Wheels", hours=1.0)
        self._set_part(
            "needed",
            line=other.line_ids.filtered("kind").filtered(
                lambda line: line.kind == "part"
            ),
        )
        self.assertEqual(self._get_mark(), None)
        self.row.job_id = False  # the visit as a whole
        self.assertEqual(self._get_mark(), "missing")

    def test_screen_in_the_hall_is_told_nothing(self):
        self._set_part("needed")
        self.assertEqual(self._get_mark(wall=True), "not told")

    def test_open_boards_are_told_of_a_change(self):
        rows = self.env.registry["auto.service.allocation"]
        with patch.object(rows, "_notify_board", autospec=True) as notify:
            with self.line._telling_part_changes():
                self._set_part("refused")
        told = [call.args[0] for call in notify.call_args_list]
        self.assertIn(self.row, told)
