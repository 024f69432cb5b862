from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestPick(WarehouseCommon):
    """Parts are put into the box of their job; bins say what lies in them."""

    def _pick_rows(self, line):
        return line.issue_ids.filtered(lambda row: row.kind == "pick")

    def test_picked_piece_lies_in_the_box(self):
        shelf = self._create_bin("A-01-01")
        self._receive(self.part, 5.0, shelf)
        line = self._create_approved_line(2.0)
        self.assertEqual(line._get_picked_quantity(), 0.0)
        line.with_user(self.user_parts)._pick()
        box = self.warehouse.auto_service_box_location_id
        self.assertEqual(self._in_stock(self.part, shelf), 3.0)
        self.assertEqual(self._in_stock(self.part, box), 2.0)
        reserved = line.move_ids.move_line_ids
        self.assertEqual(reserved.location_id, box)
        self.assertEqual(reserved.auto_service_picked_by_id, self.user_parts)
        self.assertEqual(line.move_ids.state, "assigned")
        self.assertEqual(line._get_picked_quantity(), 2.0)
        pick = self._pick_rows(line)
        self.assertEqual(
            (pick.quantity, pick.location_id, pick.user_id),
            (2.0, shelf, self.user_parts),
        )

    def test_part_of_the_quantity(self):
        self._receive(self.part, 5.0)
        line = self._create_approved_line(4.0)
        line._pick(1.0)
        self.assertEqual(line._get_picked_quantity(), 1.0)
        line._pick(2.0)
        self.assertEqual(line._get_picked_quantity(), 3.0)
        self.assertEqual(line.move_ids.quantity, 4.0)
        line._pick()
        self.assertEqual(line._get_picked_quantity(), 4.0)
        with self.assertRaisesRegex(UserError, "nothing more to pick"):
            line._pick()

    def test_more_than_is_there(self):
        self._receive(self.part, 1.0)
        line = self._create_approved_line(2.0)
        with self.assertRaisesRegex(UserError, "Brake disc"):
            line._pick(2.0)
        self.assertEqual(line._pick(), {line: 1.0})

    def test_put_back(self):
        shelf = self._create_bin("A-01-01")
        self._receive(self.part, 5.0, shelf)
        line = self._create_approved_line(2.0)
        line._pick()
        line._unpick()
        self.assertEqual(self._in_stock(self.part, shelf), 5.0)
        self.assertEqual(line._get_picked_quantity(), 0.0)
        self.assertEqual(line.move_ids.quantity, 2.0)

    def test_picked_goes_out_first(self):
        self._receive(self.part, 5.0)
        line = self._create_approved_line(4.0)
        line._pick(1.0)
        line.job_id._issue_parts_to(self.technician, line, {line.id: 2.0})
        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(line._get_picked_quantity(), 0.0)
        self.assertEqual(
            self._in_stock(self.part, self.warehouse.auto_service_box_location_id), 0.0
        )

    def test_box_of_the_visit(self):
        box = self._create_bin("Box 7", self.warehouse._get_job_boxes())
        self._receive(self.part, 5.0)
        line = self._create_approved_line(2.0)
        line.work_order_id.box_id = box
        line._pick()
        self.assertEqual(self._in_stock(self.part, box), 2.0)
        other = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="777 BOX", owner_id=self._create_partner().id
            ).id
        )
        with self.assertRaisesRegex(ValidationError, "Box 7 is in use"):
            other.box_id = box

    def test_lot_in_the_hand(self):
        battery = self._create_part(name="Battery", is_storable=True, tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": battery.id} for name in ("S1", "S2")]
        )
        for lot in lots:
            self._receive(battery, 1.0, lot_id=lot.id)
        line = self._create_approved_line(1.0, battery)
        held = lots - line.move_ids.move_line_ids.lot_id
        line._pick(1.0, lot=held)
        self.assertEqual(line.move_ids.move_line_ids.lot_id, held)
        self.assertEqual(self._pick_rows(line).lot_id, held)

    def test_delivery_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._receive(self.part, 5.0)
        line = self._create_approved_line(3.0)
        line._pick(2.0)
        self.assertEqual(line._get_picked_quantity(), 2.0)
        self.assertEqual(
            self._in_stock(self.part, self.warehouse.wh_output_stock_loc_id), 2.0
        )
        self.assertEqual(self._pick_rows(line).quantity, 2.0)
        line.job_id._issue_parts_to(self.technician, line, {line.id: 1.0})
        self.assertEqual(line.qty_delivered, 1.0)
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 3.0)

    def test_technician_may_not(self):
        self._receive(self.part, 5.0)
        line = self._create_approved_line(2.0)
        with self.assertRaisesRegex(UserError, "parts desk"):
            line.with_user(self.user_technician)._pick()

    def test_bought_for_the_job(self):
        line = self._create_approved_line(2.0)
        self._receive_purchase(self._buy(line, 2.0))
        self.assertEqual(line.stock_state, "arrived")
        line._pick()
        self.assertEqual(line.stock_state, "picked")
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual((line.qty_delivered, line.stock_state), (2.0, "fitted"))

    def test_second_delivery_leaves_the_box_alone(self):
        line = self._create_approved_line(4.0)
        purchase = self._buy(line, 4.0)
        self._receive_purchase(purchase, 2.0)
        line._pick()
        self._receive_purchase(purchase, 2.0)
        self.assertEqual(sum(line.move_ids.mapped("quantity")), 4.0)
        self.assertEqual(line._get_picked_quantity(), 2.0)
        line._pick()
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 4.0)

    def test_sold_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._receive(self.part, 20.0)
        line = self._create_approved_line(1.0, product_uom_id=dozen.id)
        line._pick(0.5)
        box = self.warehouse.auto_service_box_location_id
        self.assertEqual(self._in_stock(self.part, box), 6.0)
        line.job_id._issue_parts_to(self.technician, line, {line.id: 0.5})
        self.assertEqual(line.qty_delivered, 0.5)
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(sum(line.issue_ids.mapped("quantity")), 18.0, "6 picked twice")

    def test_cancelled_visit_frees_the_box(self):
        self._receive(self.part, 2.0)
        line = self._create_approved_line(2.0)
        line._pick()
        line.work_order_id._cancel(self.reason_cancel)
        box = self.warehouse.auto_service_box_location_id
        self.assertEqual(self._in_stock(self.part, box), 2.0)
        self.assertEqual(self.part.free_qty, 2.0)
        other = self._create_approved_line(2.0)
        other.job_id._issue_parts_to(self.technician)
        self.assertEqual(other.qty_delivered, 2.0)

    def test_cost_of_picking(self):
        self._receive(self.part, 50.0, self._create_bin("A-01-01"))
        lines = [self._create_approved_line(1.0) for _count in range(3)]
        lines[0]._pick()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        lines[1]._pick()
        self.env.flush_all()
        first = self.env.cr.sql_log_count - before
        before = self.env.cr.sql_log_count
        lines[2]._pick()
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, first + 2)
        self.assertLess(first, 120)


@tagged("post_install", "-at_install")
class TestPickGuarded(TestPick):
    """The same with stock that never goes below zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_stock_guard = True
