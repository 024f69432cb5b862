from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import PartsStockCommon


@tagged("post_install", "-at_install")
class TestPartSupply(PartsStockCommon):
    """State of a part by what the stock knows of it."""

    def test_reserved_part_is_here_once_it_is_approved(self):
        self._stock(self.part, 2.0)
        line = self._create_part_line(2.0)
        self.assertFalse(line.part_state)
        self._approve(line.work_order_id)
        self.assertEqual(line.part_state, "arrived")
        self.assertEqual(line.qty_to_order, 0.0)
        line.job_id.action_issue_parts()
        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(line.part_state, "arrived")

    def test_only_what_is_missing_is_to_be_ordered(self):
        self._stock(self.part, 3.0)
        line = self._create_approved_line(5.0)
        self.assertEqual(line.part_state, "needed")
        self.assertEqual(line.qty_to_order, 2.0)
        to_order = self.env["sale.order.line"].search(line._get_to_order_domain())
        self.assertIn(line, to_order)

    def test_part_is_here_as_soon_as_it_is_received(self):
        line = self._create_approved_line(2.0)
        self.assertEqual(line.part_state, "needed")
        purchase = self._buy(line, 2.0)
        self.assertEqual(line.part_state, "ordered")
        self.assertEqual(line.part_eta, datetime(2026, 12, 1, 9))
        self.assertEqual(line.qty_to_order, 0.0)
        self._receive(purchase)
        self.assertEqual(line.part_state, "arrived")
        self.assertFalse(line.part_eta)

    def test_first_part_of_a_delivery_is_not_all_of_it(self):
        line = self._create_approved_line(3.0)
        purchase = self._buy(line, 3.0)
        self._receive(purchase, 1.0)
        self.assertEqual(line.part_state, "ordered")
        self.assertEqual(line._get_part_supply()["missing"], 2.0)
        self._receive(purchase)
        self.assertEqual(line.part_state, "arrived")

    def test_what_was_bought_for_a_car_is_kept_for_it(self):
        early = self._create_approved_line(1.0)  # waits longer, orders nothing
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        self._receive(purchase)
        self.assertEqual(line.part_state, "arrived")
        self.assertEqual(early.part_state, "needed")
        with self.assertRaisesRegex(UserError, "Not in stock"):
            early.job_id.action_issue_parts()
        line.job_id.action_issue_parts()
        self.assertEqual(line.qty_delivered, 1.0)

    def test_stock_and_purchase_together(self):
        self._stock(self.part, 3.0)
        line = self._create_approved_line(5.0)
        purchase = self._buy(line, line.qty_to_order)
        self.assertEqual(line.part_state, "ordered")
        self.assertEqual(sum(line.move_ids.mapped("product_uom_qty")), 5.0)
        self.assertEqual(purchase.move_dest_ids.product_uom_qty, 2.0)
        self._receive(purchase)
        self.assertEqual(line.part_state, "arrived")
        self.assertFalse(line.job_id.action_issue_parts())
        self.assertEqual(line.qty_delivered, 5.0)

    def test_more_than_needed_goes_to_the_stock(self):
        line = self._create_approved_line(1.0)
        self._receive(self._buy(line, 4.0))
        self.assertEqual(line.part_state, "arrived")
        self.assertEqual(self.part.free_qty, 3.0)

    def test_cancelled_purchase_is_needed_again_and_cancels_nothing(self):
        line = self._create_approved_line(2.0)
        purchase = self._buy(line, 2.0)
        purchase.order_id.button_cancel()
        self.assertEqual(line.part_state, "needed")
        self.assertEqual(line.qty_to_order, 2.0)
        self.assertNotIn("cancel", line.move_ids.mapped("state"))
        self._receive(self._buy(line, 2.0))
        self.assertEqual(line.part_state, "arrived")

    def test_free_part_is_issued_though_another_one_was_bought(self):
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        self._stock(self.part, 1.0)  # another customer brought one back
        line.job_id.action_issue_parts()
        self.assertEqual(line.qty_delivered, 1.0)
        self._receive(purchase)
        self.assertEqual(self.part.free_qty, 1.0)
        self.assertEqual(line.part_state, "arrived")

    def test_receipt_in_two_steps_is_on_the_way_until_it_is_stored(self):
        self.warehouse.reception_steps = "two_steps"
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        self._receive(purchase)
        self.assertEqual(line.part_state, "transit")
        store = line.move_ids.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        store.picked = True
        store.picking_id._action_done()
        self.assertEqual(line.part_state, "arrived")

    def test_delivery_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        line = self._create_approved_line(1.0)
        self._receive(self._buy(line, 1.0))
        self.assertEqual(line.part_state, "arrived")
        line.job_id.action_issue_parts()
        self.assertEqual(line.qty_delivered, 1.0)

    def test_replenished_on_order_is_not_ordered_twice(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.part.route_ids = route | self.warehouse.buy_pull_id.route_id
        self.part.seller_ids = [(0, 0, {"partner_id": self.supplier.id, "price": 9})]
        line = self._create_approved_line(2.0)
        self.assertTrue(line.move_ids.created_purchase_line_ids)
        self.assertEqual(line.part_state, "ordered")
        self.assertEqual(line.qty_to_order, 0.0)
        self.assertTrue(line.part_eta)

    def test_manual_reservation_counts_what_is_free(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self._stock(self.part, 2.0)
        line = self._create_approved_line(2.0)
        self.assertEqual(line.move_ids.quantity, 0.0)
        self.assertEqual(line.part_state, "arrived")
        self.assertEqual(line.qty_to_order, 0.0)

    def test_parts_without_kept_stock_stay_as_they_were(self):
        part = self._create_part("Mahle", "OC 91")
        line = self._create_approved_line(1.0, part)
        self.assertFalse(line.part_state)

    def test_sales_without_a_visit_have_no_part_state(self):
        order = self.env["sale.order"].create({"partner_id": self.supplier.id})
        line = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.part.id}
        )
        order.action_confirm()
        self.assertFalse(line.part_state)

    def test_advisor_is_told_when_all_parts_of_a_job_are_here(self):
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        order = line.work_order_id
        before = order.message_ids
        self._receive(purchase)
        said = (order.message_ids - before).mapped("preview")
        self.assertEqual(said, ["All parts are here for: Brakes"])

    def test_buyer_without_sales_rights_confirms(self):
        buyer = new_test_user(
            self.env, login="test_buyer", groups="purchase.group_purchase_manager"
        )
        purchase = self._buy(self._create_approved_line(1.0), 1.0, confirm=False)
        self.env.invalidate_all()
        purchase.order_id.with_user(buyer).button_confirm()
        self.assertTrue(purchase.move_ids)

    def test_receiver_without_sales_rights_receives(self):
        user = new_test_user(
            self.env, login="test_stock", groups="stock.group_stock_user"
        )
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        picking = purchase.order_id.picking_ids.with_user(user)
        picking.move_ids.quantity = 1.0
        picking.button_validate()
        self.assertEqual(line.part_state, "arrived")
