from odoo.tests import tagged

from odoo.addons.auto_service_parts_stock.tests.common import PartsStockCommon


@tagged("post_install", "-at_install")
class TestCoreRegister(PartsStockCommon):
    """Deposits on estimates and the register of old parts agree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_sale_tax_id = False
        cls.env.company._get_core_product().taxes_id = False
        order = cls._create_order()
        job = cls._add_job(order, parts=0)
        enquiry = cls._create_enquiry(order_id=order.id, job_id=job.id)
        cls.offer = cls._create_offer(enquiry, core_price=80.0, is_no_return=True)
        added = cls.offer.add_to_job(quantity=2.0)
        cls.line = cls.env["sale.order.line"].browse(added["line_id"])
        cls._approve(order)

    def _issue(self):
        self._stock(self.line.product_id, 2.0)
        self.line.job_id.action_issue_parts()

    def _cores(self, direction="taken"):
        return self.env["auto.service.core"].search(
            [
                ("product_id", "=", self.line.product_id.id),
                ("direction", "=", direction),
            ]
        )

    def test_deposit_of_the_estimate_is_registered(self):
        self._issue()
        self.assertRecordValues(
            self._cores(),
            [{"quantity_open": 2.0, "amount_unit": 80.0, "amount_open": 160.0}],
        )

    def test_old_part_on_the_estimate_settles_the_register(self):
        self._issue()
        self.line.core_line_ids.action_core_returned()
        self.assertEqual(self._cores().state, "settled")
        self.assertEqual(len(self._cores().settlement_ids), 1)

    def test_old_part_in_the_register_settles_the_estimate(self):
        self._issue()
        self._cores().with_user(self.user_parts).action_settle()
        self.assertTrue(self.line.core_line_ids.is_core_returned)
        self.assertEqual(self.line.core_line_ids.qty_delivered, 0.0)

    def test_half_of_the_old_parts_do_not_settle_the_estimate(self):
        self._issue()
        self._cores().action_settle_one()
        self.assertFalse(self.line.core_line_ids.is_core_returned)

    def test_old_part_that_came_before_is_not_owed(self):
        self.line.core_line_ids.action_core_returned()
        self._issue()
        self.assertEqual(self._cores().state, "settled")

    def test_supplier_asks_what_he_offered(self):
        purchase = self._buy(self.line, 2.0, parts_offer_id=self.offer.id)
        self._receive(purchase)
        self.assertRecordValues(
            self._cores("given"),
            [{"partner_id": self.supplier.id, "amount_open": 160.0}],
        )

    def test_part_without_the_right_to_return_is_too_late(self):
        purchase = self._buy(
            self.line, 2.0, parts_offer_id=self.offer.id, sale_line_id=False
        )
        self._receive(purchase)
        self.line.work_order_id.sale_order_ids._action_cancel()
        row = self.env["auto.service.idle.part"].search(
            [("product_id", "=", self.line.product_id.id)]
        )
        self.assertRecordValues(row, [{"quantity": 2.0, "term": "late"}])
        self.offer.is_no_return = False
        self.env.invalidate_all()
        self.assertEqual(row.term, "open")
