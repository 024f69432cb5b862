from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WarehouseCommon


class StockGuardCommon(WarehouseCommon):
    """A company with the guard, and deliveries out of its stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_stock_guard = True
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.out_type = cls.warehouse.out_type_id

    @classmethod
    def _deliver(cls, quantity, part=None, product_uom=None, **values):
        """Delivery of the part, not validated yet.

        :return: stock.picking record
        """
        part = part or cls.part
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.out_type.id,
                "location_id": cls.stock.id,
                "location_dest_id": cls.customers.id,
                **values,
            }
        )
        cls.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom_qty": quantity,
                "product_uom": product_uom or part.uom_id.id,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _quants(self, part=None, location=None):
        return self.env["stock.quant"]._gather(
            part or self.part, location or self.stock
        )


@tagged("post_install", "-at_install")
class TestStockGuard(StockGuardCommon):
    def test_what_is_there_leaves(self):
        self._receive(self.part, 10)
        pickings = self._deliver(3) + self._deliver(3)
        pickings.button_validate()
        self.assertEqual(self._in_stock(self.part), 4)

    def test_typed_quantity_beyond_what_is_there_is_refused(self):
        self._receive(self.part, 1)
        picking = self._deliver(2)
        self.assertEqual(picking.move_ids.quantity, 1)
        with self.assertRaisesRegex(UserError, self.part.name):
            picking.move_ids.quantity = 2

    def test_typed_quantity_does_not_take_from_others(self):
        self._receive(self.part, 4)
        first = self._deliver(3)
        second = self._deliver(2)
        with self.assertRaisesRegex(UserError, first.name):
            second.move_ids.quantity = 2
        second.move_ids.quantity = 1
        self.assertEqual(first.move_ids.quantity, 3)

    def test_two_quants_of_one_shelf_count_together(self):
        quant = self.env["stock.quant"].sudo()
        for _number in range(2):
            quant.create(
                {
                    "product_id": self.part.id,
                    "location_id": self.stock.id,
                    "quantity": 5,
                }
            )
        picking = self._deliver(8)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        quants = self._quants()
        self.assertEqual(sum(quants.mapped("quantity")), 2)
        self.assertGreaterEqual(min(quants.mapped("quantity")), 0)

    def test_a_count_below_what_is_reserved_is_true(self):
        self._receive(self.part, 5)
        picking = self._deliver(4)
        quant = self._quants().with_context(inventory_mode=True)
        quant.inventory_quantity = 1
        quant.action_apply_inventory()
        self.assertEqual(self._in_stock(self.part), 1)
        self.assertEqual(picking.move_ids.quantity, 1)

    def test_scrap_takes_what_was_reserved(self):
        self._receive(self.part, 5)
        picking = self._deliver(4)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.part.id,
                "scrap_qty": 3,
                "location_id": self.stock.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(self._in_stock(self.part), 2)
        self.assertEqual(picking.move_ids.quantity, 2)

    def test_scrap_beyond_what_is_there_is_refused(self):
        self._receive(self.part, 1)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.part.id,
                "scrap_qty": 3,
                "location_id": self.stock.id,
            }
        )
        with self.assertRaisesRegex(UserError, self.part.name):
            scrap.do_scrap()

    def test_below_zero_may_only_rise(self):
        self.env.company.auto_service_stock_guard = False
        self._receive(self.part, -5)
        self.env.company.auto_service_stock_guard = True
        self._receive(self.part, 2)
        self.assertEqual(self._in_stock(self.part), -3)
        with self.assertRaises(UserError):
            self._receive(self.part, -1)

    def test_done_quantity_can_be_corrected(self):
        receipt = self._deliver(
            10,
            picking_type_id=self.warehouse.in_type_id.id,
            location_id=self.env.ref("stock.stock_location_suppliers").id,
            location_dest_id=self.stock.id,
        )
        receipt.button_validate()
        self._deliver(8).button_validate()
        receipt.move_line_ids.quantity = 9
        self.assertEqual(self._in_stock(self.part), 1)
        with self.assertRaises(UserError):
            receipt.move_line_ids.quantity = 7

    def test_unguarded_company_is_as_the_host_made_it(self):
        self.env.company.auto_service_stock_guard = False
        picking = self._deliver(2)
        picking.move_ids.quantity = 2
        picking.button_validate()
        self.assertEqual(self._in_stock(self.part), -2)
