from odoo import Command
from odoo.tests import tagged

from odoo.addons.auto_service_base_stock.tests.common import StockCommon


@tagged("post_install", "-at_install")
class TestKeepForJobs(StockCommon):
    """What was bought for a job is for that job, whoever else waits for the part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Keeps Parts Ltd"})
        cls.first = cls._part_line(cls._create_approved_job(2.0))
        cls.second = cls._part_line(cls._create_approved_job(2.0))

    def _buy(self, line, quantity):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_qty": quantity,
                            "price_unit": 10.0,
                            "sale_line_id": line.id,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        return order

    def _receive_order(self, order):
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()

    def _get_reserved(self, line):
        return sum(line.move_ids.mapped("quantity"))

    def test_receipt_is_for_the_later_job_that_it_was_bought_for(self):
        self._receive_order(self._buy(self.second, 2.0))
        self.assertEqual(self._get_reserved(self.second), 2.0)
        self.assertEqual(self._get_reserved(self.first), 0.0)

    def test_part_of_what_is_needed_is_kept_and_the_rest_waits(self):
        self._receive_order(self._buy(self.second, 1.0))
        self.assertEqual(self._get_reserved(self.second), 1.0)
        self.assertEqual(self._get_reserved(self.first), 0.0)
        self.assertEqual(sum(self.second.move_ids.mapped("product_uom_qty")), 2.0)

    def test_more_than_needed_is_for_everybody(self):
        self._receive_order(self._buy(self.second, 5.0))
        self.assertEqual(self._get_reserved(self.second), 2.0)
        self.assertEqual(self._in_stock(self.part), 5.0)

    def test_cancelled_purchase_cancels_nothing_of_the_job(self):
        self._buy(self.second, 2.0).button_cancel()
        self.assertNotIn("cancel", self.second.move_ids.mapped("state"))
        self._receive(self.part, 4.0)
        self.second.move_ids._action_assign()
        self.assertEqual(self._get_reserved(self.second), 2.0)

    def test_free_part_is_issued_though_another_one_is_on_its_way(self):
        self._buy(self.second, 2.0)
        self._receive(self.part, 2.0)
        self.second.job_id.action_issue_parts()
        self.assertEqual(self.second.qty_delivered, 2.0)
