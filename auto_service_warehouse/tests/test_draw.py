from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestDraw(WarehouseCommon):
    """Where the parts of a job come from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.van = cls._create_bin("Van 1", cls.warehouse.view_location_id)
        cls.technician.auto_service_location_id = cls.van
        cls.tartu = cls._create_warehouse()

    def _set_policy(self, policy):
        self.env.company.auto_service_draw_policy = policy

    def test_warehouse_of_the_estimate(self):
        self._receive(self.part, 2.0, self.van)
        line = self._create_approved_line(2.0)
        line.job_id.technician_id = self.technician
        self.assertEqual(line.move_ids.location_id, self.stock)
        self.assertEqual(line.move_ids.quantity, 0.0)

    def test_van_first(self):
        self._set_policy("technician")
        self._receive(self.part, 2.0, self.van)
        self._receive(self.part, 2.0)
        line = self._create_approved_line(2.0)
        self.assertEqual(line.move_ids.location_id, self.stock)
        line.job_id.technician_id = self.technician
        self.assertEqual(line.move_ids.location_id, self.van)
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(self._in_stock(self.part, self.van), 0.0)
        self.assertEqual(self._in_stock(self.part), 2.0)
        self.assertEqual(line.issue_ids.location_id, self.van)

    def test_van_has_too_few(self):
        self._set_policy("technician")
        self._receive(self.part, 1.0, self.van)
        self._receive(self.part, 2.0)
        line = self._create_approved_line(2.0)
        line.job_id.technician_id = self.technician
        self.assertEqual(line.move_ids.location_id, self.stock)
        self.assertEqual(line.move_ids.state, "assigned")

    def test_any_warehouse(self):
        self._set_policy("any")
        self._receive(self.part, 3.0, self.tartu.lot_stock_id)
        line = self._create_approved_line(2.0)
        self.assertEqual(line.move_ids.location_id, self.tartu.lot_stock_id)
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(self._in_stock(self.part, self.tartu.lot_stock_id), 1.0)

    def test_own_warehouse_before_others(self):
        self._set_policy("any")
        self._receive(self.part, 3.0, self.tartu.lot_stock_id)
        self._receive(self.part, 3.0)
        line = self._create_approved_line(2.0)
        self.assertEqual(line.move_ids.location_id, self.stock)

    def test_job_says_where(self):
        self._receive(self.part, 3.0, self.tartu.lot_stock_id)
        self._receive(self.part, 3.0)
        line = self._create_approved_line(2.0)
        line.job_id.draw_location_id = self.tartu.lot_stock_id
        self.assertEqual(line.move_ids.location_id, self.tartu.lot_stock_id)
        line.job_id.draw_location_id = False
        self.assertEqual(line.move_ids.location_id, self.stock)

    def test_quantity_changes_after_drawing(self):
        self._set_policy("any")
        self._receive(self.part, 5.0, self.tartu.lot_stock_id)
        line = self._create_approved_line(4.0)
        line.product_uom_qty = 3.0
        self.assertEqual(sum(line.move_ids.mapped("product_uom_qty")), 3.0)
        self.assertEqual(line.move_ids.location_id, self.tartu.lot_stock_id)
        self.assertEqual(line.move_ids.mapped("picking_code"), ["outgoing"])

    def test_picked_elsewhere_comes_here(self):
        self._set_policy("any")
        self._receive(self.part, 5.0, self.tartu.lot_stock_id)
        line = self._create_approved_line(2.0)
        line._pick()
        box = self.warehouse.auto_service_box_location_id
        self.assertEqual(self._in_stock(self.part, box), 2.0)
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 2.0)

    def test_warehouse_of_the_advisor(self):
        self.user_advisor.property_warehouse_id = self.tartu
        order = self._create_order(advisor_id=self.user_advisor.id)
        line = self._create_part_line(1.0, order=order)
        self.assertEqual(line.warehouse_id, self.tartu)

    def test_the_usual_costs_nothing(self):
        """Without another policy nobody looks into other places."""
        line = self._create_approved_line(2.0)
        line.job_id.read(["draw_location_id"])
        line.move_ids.mapped("location_id.usage")
        self.assertFalse(line._may_be_drawn())


@tagged("post_install", "-at_install")
class TestDrawGuarded(TestDraw):
    """The same with stock that never goes below zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_stock_guard = True
