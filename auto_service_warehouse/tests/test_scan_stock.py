from odoo import Command
from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestScanReceive(ScanCommon):
    """What the supplier brought, counted by scanning."""

    def test_scans_become_the_receipt_and_the_rest_a_backorder(self):
        order = self._order_from_vendor({self.filter: 3, self.pads: 1})
        picking = order.picking_ids
        self._start("receive")
        self._scan(order.name, "SCAN-OC90", "SCAN-OC90", "SCAN-A-01")
        self.assertIn(("SCAN-OC90", 2.0, 3.0), self._lines())
        self.assertIn(("SCAN-PADS", 0.0, 1.0), self._lines())
        self._press("done")
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 2.0)
        self.assertEqual(self._in_stock(self.pads), 0.0)
        left = picking.backorder_ids.move_ids
        self.assertEqual(sorted(left.mapped("product_uom_qty")), [1.0, 1.0])
        self.assertIn(picking.backorder_ids.name, self.said["detail"])

    def test_the_first_part_tells_the_receipt(self):
        order = self._order_from_vendor({self.filter: 1})
        self._start("receive")
        self._scan("SCAN-OC90")
        self.assertEqual(self.said["state"]["pickings"], order.picking_ids.ids)
        self._press("done")
        self.assertEqual(order.picking_ids.state, "done")

    def test_part_on_two_receipts_is_a_question(self):
        orders = [self._order_from_vendor({self.filter: 1}) for _i in range(2)]
        self._start("receive")
        self._handle({"code": "SCAN-OC90"})
        self.assertEqual(self.said["tone"], "ask")
        button = self.said["buttons"][1]
        self._press(button["action"], **button["args"])
        self.assertEqual(self._lines(), [("SCAN-OC90", 1.0, 1.0)])
        self.assertIn(
            self.said["state"]["pickings"], [row.picking_ids.ids for row in orders]
        )

    def test_more_than_ordered_is_asked(self):
        order = self._order_from_vendor({self.filter: 1})
        self._start("receive")
        self._scan(order.name, "SCAN-OC90")
        self._handle({"code": "SCAN-OC90"})
        self.assertEqual(self.said["tone"], "ask")
        self.assertEqual(self._lines(), [("SCAN-OC90", 1.0, 1.0)])
        yes, no = self.said["buttons"]
        self._press(no["action"])
        self.assertEqual(self._lines(), [("SCAN-OC90", 1.0, 1.0)])
        self._press(yes["action"], **yes["args"])
        self.assertEqual(self._lines(), [("SCAN-OC90", 2.0, 1.0)])
        self._press("done")
        self.assertEqual(self._in_stock(self.filter), 2.0)

    def test_part_that_was_not_ordered_is_asked(self):
        order = self._order_from_vendor({self.filter: 1})
        self._start("receive")
        self._scan(order.name, "SCAN-OC90")
        self._handle({"code": "SCAN-PADS"})
        self.assertEqual(self.said["tone"], "ask")
        yes = self.said["buttons"][0]
        self._press(yes["action"], **yes["args"])
        self._press("done")
        self.assertEqual(self._in_stock(self.pads), 1.0)

    def test_undo_takes_one_piece_off(self):
        order = self._order_from_vendor({self.filter: 3})
        self._start("receive")
        self._scan(order.name, "SCAN-OC90", "SCAN-OC90")
        self._undo()
        self.assertEqual(self._lines(), [("SCAN-OC90", 1.0, 3.0)])
        self._handle({"undo": self.token})
        self.assertEqual(self.said["tone"], "error", "an undo is not undone")

    def test_all_as_ordered_and_typed_quantities(self):
        order = self._order_from_vendor({self.filter: 3, self.pads: 20})
        self._start("receive")
        self._scan(order.name)
        key = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == self.pads
        ).id
        self._press("set", key=key, quantity=12)
        self._press("all")
        self._press("done")
        self.assertEqual(self._in_stock(self.filter), 3.0)
        self.assertEqual(self._in_stock(self.pads), 12.0)

    def test_bin_of_the_putaway_rule_is_shown(self):
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.filter.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.bin_b.id,
            }
        )
        order = self._order_from_vendor({self.filter: 1})
        self._start("receive")
        self._scan(order.name, "SCAN-OC90")
        self.assertEqual(self.said["screen"]["lines"][0]["place"], "SCAN-B-01")
        self._press("done")
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 1.0)

    def test_serial_numbers_are_scanned_one_by_one(self):
        self.filter.tracking = "serial"
        order = self._order_from_vendor({self.filter: 2})
        self._start("receive")
        self._scan(order.name, "SCAN-OC90")
        self.assertIn("serial", self.said["screen"]["prompt"])
        self._scan("SN-1", "SCAN-OC90")
        self.assertIn("SN-1", self._scan_wrong("SN-1"))
        self._scan("SN-2")
        self._press("done")
        lots = self.env["stock.lot"].search([("product_id", "=", self.filter.id)])
        self.assertEqual(sorted(lots.mapped("name")), ["SN-1", "SN-2"])

    def test_nothing_scanned_is_nothing_received(self):
        order = self._order_from_vendor({self.filter: 1})
        self._start("receive")
        self._scan(order.name)
        self._handle({"action": "done"})
        self.assertEqual(self.said["tone"], "error")
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_purchase_unit_of_a_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.filter.id,
                            "product_qty": 1,
                            "product_uom_id": dozen.id,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self._start("receive")
        self._scan(order.name, "SCAN-OC90", "SCAN-OC90")
        self.assertEqual(self._lines(), [("SCAN-OC90", 2.0, 12.0)])
        self._press("done")
        self.assertEqual(self._in_stock(self.filter), 2.0)


@tagged("post_install", "-at_install")
class TestScanMove(ScanCommon):
    """From bin to bin."""

    def test_bin_parts_bin_is_one_transfer(self):
        self._receive(self.filter, 5, self.bin_a)
        self._receive(self.pads, 2, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90", "SCAN-OC90", "SCAN-PADS", "SCAN-B-01")
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 2.0)
        self.assertEqual(self._in_stock(self.pads, self.bin_b), 1.0)
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 3.0)
        picking = self.env["stock.picking"].search(
            [("location_dest_id", "=", self.bin_b.id)]
        )
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.state, "done")
        self._undo()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 5.0)
        self.assertEqual(self._in_stock(self.pads, self.bin_b), 0.0)

    def test_more_than_is_in_the_bin_is_refused(self):
        self._receive(self.filter, 1, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90")
        self.assertIn("Only 1", self._scan_wrong("SCAN-OC90"))

    def test_reserved_pieces_keep_their_job(self):
        line = self._create_approved_line(quantity=2, part=self.filter)
        self._receive(self.filter, 2, self.bin_a)
        line.move_ids._action_assign()
        self.assertEqual(line.move_ids.move_line_ids.location_id, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90", "SCAN-OC90", "SCAN-B-01")
        self.assertEqual(line.move_ids.state, "assigned")
        self.assertEqual(line.move_ids.move_line_ids.location_id, self.bin_b)
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 2.0)

    def test_reserved_pieces_do_not_leave_the_warehouse(self):
        other = self._create_warehouse()
        line = self._create_approved_line(quantity=2, part=self.filter)
        self._receive(self.filter, 2, self.bin_a)
        line.move_ids._action_assign()
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90")
        self._handle(
            {
                "action": "choose",
                "args": {"kind": "location", "id": other.lot_stock_id.id},
            }
        )
        self.assertEqual(self.said["tone"], "error")
        self.assertEqual(line.move_ids.state, "assigned")

    def test_putaway_shows_what_waits_and_where_it_belongs(self):
        self._receive(self.filter, 3)
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.filter.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.bin_b.id,
            }
        )
        self._start("putaway")
        waiting = {row["args"]["id"] for row in self.said["screen"]["choices"]}
        self.assertIn(self.filter.id, waiting)
        self._scan("SCAN-OC90")
        (button,) = self.said["screen"]["buttons"]
        self.assertEqual(button["args"]["location"], self.bin_b.id)
        self._press(button["action"], **button["args"])
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 1.0)
        self._scan("SCAN-OC90", "SCAN-OC90", "SCAN-A-01")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 2.0)

    def test_typed_quantity_and_zero(self):
        self._receive(self.filter, 9, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90")
        self._press("set", key=0, quantity=7)
        self.assertEqual(self.said["state"]["lines"][0]["quantity"], 7.0)
        self._press("set", key=0, quantity=0)
        self.assertFalse(self.said["state"]["lines"])

    def test_lot_moves_as_itself(self):
        self.filter.tracking = "lot"
        lots = self.env["stock.lot"].create(
            [{"product_id": self.filter.id, "name": name} for name in ("L1", "L2")]
        )
        for lot in lots:
            self._receive(self.filter, 3, self.bin_a, lot_id=lot.id)
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90", "L2", "SCAN-B-01")
        moved = self.env["stock.quant"]._gather(self.filter, self.bin_b)
        self.assertEqual(moved.lot_id, lots[1])
        self.assertEqual(moved.quantity, 1.0)
