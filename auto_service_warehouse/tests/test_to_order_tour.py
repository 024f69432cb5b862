from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestToOrder(WarehouseCommon, HttpCase):
    """Two are wanted, one is there: refused, ordered, received, told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_stock_guard = True
        cls.part.name = "Tour filter"
        cls._receive(cls.part, 1.0)
        cls.line = cls._create_approved_line(2.0)
        cls.order = cls.line.work_order_id
        cls.order.advisor_id = cls.user_advisor

    def test_two_of_one_are_refused_for_every_role(self):
        self.assertEqual(self.line.stock_state, "needed")
        self.assertEqual(self.line.stock_to_order, 1.0)
        picking = self.line.move_ids.picking_id
        roles = (
            self.user_technician
            | self.user_advisor
            | self.user_parts
            | self.user_manager
        )
        for user in roles:  # no rights at all, or not so many pieces
            with self.subTest(user=user.name), self.assertRaises(UserError):
                own = picking.with_user(user)
                own.move_ids.quantity = 2.0
                own.button_validate()
        self.assertEqual(self._in_stock(self.part), 1.0)
        self.assertEqual(self.line.qty_delivered, 0.0)

    def test_refusal_names_part_and_place(self):
        picking = self.line.move_ids.picking_id.with_user(self.user_parts)
        with self.assertRaisesRegex(UserError, "Tour filter.*WH/Stock"):
            picking.move_ids.quantity = 2.0
            picking.button_validate()

    @mute_logger("odoo.http")  # who is refused leaves a line in the log
    def test_from_refusal_to_arrival(self):
        picking = self.line.move_ids.picking_id
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "auto_service_warehouse_issue_refused",
            login="test_parts",
        )
        self.assertEqual(self._in_stock(self.part), 1.0)
        work_order = f"/odoo/service-work-orders/{self.order.id}"
        self.start_tour(
            work_order, "auto_service_warehouse_order_missing", login="test_parts"
        )
        self.env.invalidate_all()
        purchase = self.line.purchase_line_ids
        self.assertEqual(purchase.product_qty, 1.0)
        self.assertEqual(self.line.stock_state, "ordered")
        receipt = purchase.order_id.picking_ids
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{receipt.id}",
            "auto_service_warehouse_receive_for_job",
            login="test_parts",
        )
        self.start_tour(
            work_order, "auto_service_warehouse_parts_arrived", login="test_advisor"
        )
        self.env.invalidate_all()
        self.assertEqual(self.line.stock_state, "arrived")
        self.line.job_id.with_user(self.user_advisor).action_issue_parts()
        self.assertEqual(self.line.stock_state, "fitted")
