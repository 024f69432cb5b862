from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_supplier_return import SupplierReturnCommon


@tagged("post_install", "-at_install")
class TestCoreDeposit(SupplierReturnCommon):
    """Old parts that are owed, and the deposits for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.auto_service_core_price = 30.0

    def _cores(self, direction):
        return self.env["auto.service.core"].search(
            [("product_id", "=", self.part.id), ("direction", "=", direction)]
        )

    def _issue(self, quantity=1.0):
        line = self._create_approved_line(quantity)
        line.job_id.action_issue_parts()
        return line

    def test_receipt_makes_a_deposit_of_the_supplier(self):
        bought = self._purchase(2.0)
        self.assertRecordValues(
            self._cores("given"),
            [
                {
                    "partner_id": self.vendor.id,
                    "quantity_open": 2.0,
                    "amount_open": 60.0,
                    "purchase_line_id": bought.id,
                }
            ],
        )

    def test_issue_makes_a_deposit_of_the_customer(self):
        self._purchase(2.0)
        line = self._issue(1.0)
        core = self._cores("taken")
        self.assertRecordValues(
            core,
            [
                {
                    "partner_id": line.order_id.partner_invoice_id.id,
                    "order_id": line.work_order_id.id,
                    "amount_open": 30.0,
                }
            ],
        )
        self.assertEqual(core.partner_id.core_open_amount, 30.0)

    def test_unfitted_part_owes_no_old_one(self):
        self._purchase(2.0)
        line = self._issue(2.0)
        line.job_id._return_parts([{"line_id": line.id, "quantity": 1.0}])
        self.assertRecordValues(
            self._cores("taken"), [{"quantity_open": 1.0, "state": "open"}]
        )

    def test_part_that_went_back_owes_no_old_one(self):
        self._purchase(3.0)
        self._create_return(2.0).action_send()
        self.assertEqual(self._cores("given").quantity_open, 1.0)
        self.assertEqual(self._cores("given").settlement_ids.how, "new_part")

    def test_part_without_deposit_makes_no_row(self):
        self.part.auto_service_core_price = 0.0
        self._purchase(2.0)
        self.assertFalse(self._cores("given"))

    def test_old_part_is_settled_once(self):
        self._purchase(2.0)
        self._issue(1.0)
        core = self._cores("taken").with_user(self.user_advisor)
        core.action_settle()
        self.assertEqual(core.state, "settled")
        self.assertEqual(core.settlement_ids.user_id, self.user_advisor)
        with self.assertRaisesRegex(UserError, "0 old parts are outstanding"):
            core.action_settle()

    def test_one_of_several(self):
        self._purchase(3.0)
        core = self._cores("given").with_user(self.user_parts)
        core.action_settle_one()
        self.assertRecordValues(core, [{"quantity_open": 2.0, "amount_open": 60.0}])

    def test_old_part_goes_back_and_its_credit_is_awaited(self):
        self._purchase(2.0)
        core = self._cores("given").with_user(self.user_parts)
        back = self.returns.browse(core.action_return()["res_id"])
        self.assertRecordValues(
            back.line_ids, [{"quantity": 2.0, "amount": 60.0, "core_id": core.id}]
        )
        with self.assertRaisesRegex(UserError, "on a return already"):
            core.action_return()
        back.action_send()
        self.assertEqual(self._in_stock(self.part), 2.0)
        self.assertEqual(core.state, "settled")
        self.assertRecordValues(back, [{"state": "sent", "amount_open": 60.0}])

    def test_advisor_does_not_settle_with_suppliers(self):
        self._purchase(1.0)
        core = self._cores("given").with_user(self.user_advisor)
        with self.assertRaises(AccessError):
            core.action_settle()

    def test_technician_sees_no_deposits(self):
        self._purchase(1.0)
        with self.assertRaises(AccessError):
            self._cores("given").with_user(self.user_technician).read(["amount_unit"])

    def test_settled_deposit_keeps_its_partner(self):
        self._purchase(2.0)
        core = self._cores("given")
        core._settle(1.0, "old_part")
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            core.partner_id = self._create_partner(name="Somebody")
