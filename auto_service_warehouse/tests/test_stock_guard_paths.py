from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_stock_guard import StockGuardCommon


@tagged("post_install", "-at_install")
class TestStockGuardPaths(StockGuardCommon):
    """What is possible stays possible, whichever way it goes."""

    @classmethod
    def _create_lot(cls, name, part=None):
        return cls.env["stock.lot"].create(
            {"name": name, "product_id": (part or cls.part).id}
        )

    def _create_tracked(self, tracking="lot"):
        return self._create_part(is_storable=True, tracking=tracking)

    # --- units, backorders, returns, steps ----------------------------------------

    def test_dozens_of_a_part_counted_in_pieces(self):
        self._receive(self.part, 24)
        picking = self._deliver(2, product_uom=self.env.ref("uom.product_uom_dozen").id)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._in_stock(self.part), 0)

    def test_thirds_are_no_shortage(self):
        self.part.uom_id = self.env.ref("uom.product_uom_litre")
        self._receive(self.part, 1.0)
        for _number in range(3):
            picking = self._deliver(0.33)
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        picking = self._deliver(0.01)
        picking.button_validate()
        self.assertAlmostEqual(self._in_stock(self.part), 0)

    def test_backorder_takes_what_comes_later(self):
        self._receive(self.part, 3)
        picking = self._deliver(5)
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.move_ids.quantity, 3)
        backorder = picking.backorder_ids
        self.assertEqual(backorder.move_ids.quantity, 0)
        self._receive(self.part, 2)
        backorder.action_assign()
        backorder.button_validate()
        self.assertEqual(self._in_stock(self.part), 0)

    def test_what_was_delivered_comes_back(self):
        self._receive(self.part, 2)
        picking = self._deliver(2)
        picking.button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.button_validate()
        self.assertEqual(self._in_stock(self.part), 2)

    def test_delivery_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._receive(self.part, 2)
        job = self._create_approved_job(2.0)
        moves = job.line_ids.move_ids
        self.assertEqual(moves.mapped("state"), ["assigned"])
        moves.picking_id.button_validate()
        ship = moves.move_dest_ids
        self.assertEqual(ship.state, "assigned")
        ship.picking_id.button_validate()
        self.assertEqual(self._in_stock(self.part, self.warehouse.view_location_id), 0)

    def test_supplier_to_customer_needs_no_stock(self):
        picking = self._deliver(
            3, location_id=self.env.ref("stock.stock_location_suppliers").id
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_transfer_from_bin_to_bin(self):
        here, there = self._create_bin("A-1"), self._create_bin("A-2")
        self._receive(self.part, 2, here)
        values = {
            "picking_type_id": self.warehouse.int_type_id.id,
            "location_id": here.id,
            "location_dest_id": there.id,
        }
        self._deliver(2, **values).button_validate()
        self.assertEqual(self._in_stock(self.part, there), 2)
        late = self._deliver(1, **values)
        with self.assertRaisesRegex(UserError, "A-1"):
            late.move_ids.quantity = 1

    def test_the_rack_is_not_taken_from_the_room_around_it(self):
        rack = self._create_bin("Rack 7")
        self._receive(self.part, 2, rack)
        picking = self._deliver(3)
        self.assertEqual(picking.move_ids.quantity, 2)
        with self.assertRaises(UserError):
            picking.move_ids.quantity = 3

    # --- one save, many lines -----------------------------------------------------

    def test_lines_of_one_save_take_from_each_other(self):
        here, there = self._create_bin("A-1"), self._create_bin("A-2")
        self._receive(self.part, 3, here)
        self._receive(self.part, 3, there)
        picking = self._deliver(4)
        first, second = picking.move_line_ids.sorted("quantity", reverse=True)
        picking.write(
            {
                "move_line_ids": [
                    Command.update(second.id, {"location_id": first.location_id.id}),
                    Command.update(first.id, {"location_id": second.location_id.id}),
                ]
            }
        )
        self.assertEqual(sum(picking.move_line_ids.mapped("quantity")), 4)

    def test_line_moves_to_another_shelf(self):
        here, there = self._create_bin("A-1"), self._create_bin("A-2")
        self._receive(self.part, 1, here)
        self._receive(self.part, 1, there)
        picking = self._deliver(1)
        line = picking.move_line_ids
        line.location_id = (here + there) - line.location_id
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part), 1)

    # --- lots, packages, owners ---------------------------------------------------

    def test_pieces_without_a_lot_stand_in_for_those_with_one(self):
        part = self._create_tracked()
        lot = self._create_lot("L1", part)
        self._receive(part, 5)
        picking = self._deliver(3, part)
        picking.move_line_ids.lot_id = lot
        picking.button_validate()
        self.assertEqual(self._in_stock(part), 2)

    def test_another_lot_does_not_stand_in(self):
        part = self._create_tracked()
        first, second = self._create_lot("L1", part), self._create_lot("L2", part)
        self._receive(part, 5, lot_id=first.id)
        self._receive(part, 1, lot_id=second.id)
        picking = self._deliver(3, part)
        self.assertEqual(picking.move_line_ids.lot_id, first)
        with self.assertRaises(UserError):
            picking.move_line_ids.lot_id = second

    def test_pieces_without_a_lot_are_promised_once(self):
        part = self._create_tracked()
        lot = self._create_lot("L1", part)
        self._receive(part, 1, lot_id=lot.id)
        self._receive(part, 5)
        picking = self._deliver(1, part)
        picking.move_line_ids.write({"lot_id": lot.id, "quantity": 3})
        other = self._deliver(5, part)
        self.assertEqual(other.move_ids.quantity, 3)

    def test_serial_number_leaves_once(self):
        part = self._create_tracked("serial")
        number = self._create_lot("SN1", part)
        self._receive(part, 1, lot_id=number.id)
        first = self._deliver(1, part)
        first.button_validate()
        second = self._deliver(1, part)
        with self.assertRaisesRegex(UserError, "SN1|" + part.name):
            second.move_ids.lot_ids = number
            second.move_ids.picked = True
            second.button_validate()

    def test_pieces_of_somebody_else_are_counted_apart(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        self.env["stock.quant"]._update_available_quantity(
            self.part, self.stock, 2, owner_id=owner
        )
        self._receive(self.part, 1)
        picking = self._deliver(3)
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part), 0)

    def test_package_leaves_as_a_whole(self):
        package = self.env["stock.package"].create({"name": "PACK1"})
        self.env["stock.quant"]._update_available_quantity(
            self.part, self.stock, 4, package_id=package
        )
        picking = self._deliver(4)
        self.assertEqual(picking.move_line_ids.package_id, package)
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part), 0)

    # --- the host's own rows ------------------------------------------------------

    def test_quants_cannot_be_written_below_zero(self):
        self._receive(self.part, 2)
        quant = self._quants().sudo()
        with self.assertRaises(UserError):
            quant.quantity = -1
        with self.assertRaises(UserError):
            quant.reserved_quantity = 3
        with self.assertRaises(UserError):
            quant.create(
                {
                    "product_id": self.part.id,
                    "location_id": self.stock.id,
                    "quantity": -3,
                }
            )

    def test_values_may_be_records(self):
        """The host takes a record where an id is meant, and so does the guard."""
        self._receive(self.part, 2)
        shelf = self.stock.copy({"name": "Shelf", "location_id": self.stock.id})
        self._quants().sudo().write({"location_id": shelf})
        self.assertEqual(self._in_stock(self.part, shelf), 2)
        picking = self._deliver(2)
        with self.assertRaises(UserError):
            picking.move_line_ids.write({"location_id": self.stock, "quantity": 3})
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part, shelf), 0)

    def test_receipt_is_assigned_to_a_delivery_that_has_its_parts(self):
        """The report of a receipt splits what the delivery has reserved."""
        self._receive(self.part, 10)
        delivery = self._deliver(10)
        receipt = self._deliver(
            4,
            picking_type_id=self.warehouse.in_type_id.id,
            location_id=self.env.ref("stock.stock_location_suppliers").id,
            location_dest_id=self.stock.id,
        )
        receipt.button_validate()
        self.env["report.stock.report_reception"].action_assign(
            delivery.move_ids.ids, [4], [receipt.move_ids.ids]
        )
        self.assertEqual(sum(delivery.move_ids.mapped("quantity")), 10)
        self.assertEqual(sum(self._quants().mapped("reserved_quantity")), 10)

    def test_merging_and_cleaning_go_on(self):
        self.env.company.auto_service_stock_guard = False
        self._receive(self.part, 1)
        picking = self._deliver(1)
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = 0, reserved_quantity = 0 WHERE id = %s",
            [self._quants().id],
        )
        self.env.invalidate_all()
        self.env.company.auto_service_stock_guard = True
        self.env["stock.quant"]._quant_tasks()
        self.assertEqual(self._quants().reserved_quantity, 1)
        self.assertEqual(picking.move_ids.quantity, 1)

    def test_import_of_counts(self):
        self._receive(self.part, 2)
        self.part.default_code = "GUARD-1"
        result = (
            self.env["stock.quant"]
            .with_context(import_file=True, inventory_mode=True)
            .load(
                ["product_id", "location_id", "inventory_quantity"],
                [["GUARD-1", self.stock.complete_name, "7"]],
            )
        )
        self.assertFalse(result["messages"])
        quants = self._quants().filtered("inventory_quantity_set")
        quants.with_context(inventory_mode=True).action_apply_inventory()
        self.env["stock.quant"]._merge_quants()
        self.assertGreaterEqual(self._in_stock(self.part), 0)

    def test_counting_below_zero_is_refused(self):
        self._receive(self.part, 2)
        quant = self._quants().with_context(inventory_mode=True)
        quant.inventory_quantity = -2
        with self.assertRaises(UserError):
            quant.action_apply_inventory()

    def test_relocating_takes_along_what_is_reserved(self):
        there = self._create_bin("A-2")
        here = self._create_bin("A-1")
        self._receive(self.part, 5, here)
        picking = self._deliver(3)
        self._quants(location=here).move_quants(location_dest_id=there)
        self.assertEqual(self._in_stock(self.part, there), 5)
        self.assertEqual(picking.move_ids.quantity, 3)
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part), 2)

    # --- who is told --------------------------------------------------------------

    def test_visit_is_told_that_it_lost_parts(self):
        self._receive(self.part, 2)
        job = self._create_approved_job(2.0)
        quant = self._quants().with_context(inventory_mode=True)
        quant.inventory_quantity = 1
        quant.action_apply_inventory()
        self.assertEqual(job.line_ids.move_ids.quantity, 1)
        body = job.order_id.message_ids[0].body
        self.assertIn(self.part.name, body)
        self.assertIn("counted", body)

    def test_refusal_names_the_visit_that_has_the_part(self):
        self._receive(self.part, 4)
        job = self._create_approved_job(3.0)
        picking = self._deliver(4)
        with self.assertRaises(UserError) as caught:
            picking.move_ids.quantity = 4
        sentence = str(caught.exception)
        self.assertIn("Only 1 ", sentence)
        self.assertIn("3 reserved", sentence)
        self.assertIn(job.order_id.name, sentence)
