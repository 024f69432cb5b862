from odoo.tests import HttpCase, tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestPartBalanceTour(WarehouseCommon, HttpCase):
    """The parts desk gives a promised part to somebody who needs it more."""

    def test_from_the_box_to_another_visit(self):
        self.part.default_code = "TOURHB-90"
        self._receive(self.part, 2, self._create_bin("T-01-01"))
        lines = [self._create_approved_line(2) for _number in range(2)]
        for line, name in zip(lines, ("TOUR111", "TOUR222"), strict=True):
            line.job_id.name = name
        self.start_tour(
            "/odoo/part-balance", "auto_service_part_balance", login="test_parts"
        )
        self.env.invalidate_all()
        self.assertEqual([line.move_ids.quantity for line in lines], [0.0, 2.0])
