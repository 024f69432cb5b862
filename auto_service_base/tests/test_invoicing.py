from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestInvoicing(AutoServiceOrderCommon):
    """Labour is billed when its job is done, parts when they are issued."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, hours=2.0, parts=1.0)
        cls._approve(cls.order)
        cls.estimate = cls.order.sale_order_ids

    def _invoice(self, order=None):
        """The advisor, who is no accountant, presses the button."""
        order = (order or self.order).with_user(self.user_advisor)
        order.invalidate_recordset()
        order.action_invoice()
        return (order.sudo().invoice_ids).sorted("id")

    def test_nothing_is_billed_before_the_work_whatever_the_products_say(self):
        (self.labour | self.part).invoice_policy = "order"
        order = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="7", owner_id=self.partner.id
            ).id
        )
        job = self._add_job(order)
        self._approve(order)
        self.assertFalse(order.has_to_invoice)
        with self.assertRaisesRegex(UserError, "Nothing to invoice"):
            self._invoice(order)
        self._do_job(job)
        self.assertTrue(order.has_to_invoice)
        self.assertEqual(self._invoice(order).amount_untaxed, 100.0)
        job.with_user(self.user_parts).action_issue_parts()
        self.assertEqual(self._invoice(order)[-1].amount_untaxed, 40.0)
        self.assertFalse(order.has_to_invoice)
        self.assertEqual(order.sale_order_ids.invoice_status, "invoiced")

    def test_orders_outside_the_garage_follow_the_policy_of_the_product(self):
        self.part.invoice_policy = "order"
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"product_id": self.part.id})],
            }
        )
        sale.action_confirm()
        self.assertEqual(sale.order_line.qty_to_invoice, 1.0)

    def test_parts_are_issued_once_and_say_when_nothing_is_left(self):
        job = self.job.with_user(self.user_parts)
        self.assertTrue(job.can_be_issued)
        job.action_issue_parts()
        job.invalidate_recordset(["can_be_issued"])
        self.assertFalse(job.can_be_issued)
        self.assertEqual(self._invoice().amount_untaxed, 40.0)

    def test_posted_or_draft_is_a_setting(self):
        self._do_job(self.job)
        self.env.company.auto_service_post_invoices = False
        self.assertEqual(self._invoice().state, "draft")
        self.job.with_user(self.user_parts).action_issue_parts()
        self.env.company.auto_service_post_invoices = True
        self.assertEqual(self._invoice().mapped("state"), ["draft", "posted"])

    def test_advisor_reads_and_prints_the_invoice_without_accounting_rights(self):
        self.assertFalse(self.user_advisor.has_group("account.group_account_invoice"))
        self._do_job(self.job)
        action = self.order.with_user(self.user_advisor).action_invoice()
        invoice = self.env["account.move"].with_user(self.user_advisor)
        invoice = invoice.browse(action["res_id"])
        self.assertEqual(invoice.read(["state", "amount_total"])[0]["state"], "posted")
        self.assertEqual(self.order.with_user(self.user_advisor).invoice_count, 1)
        self.assertAlmostEqual(self.order.with_user(self.user_advisor).amount_due, 100)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.user_advisor)
            ._render_qweb_html("account.account_invoices", invoice.ids)
        )
        self.assertIn(invoice.name.encode(), html)

    def test_invoice_and_credit_note_name_the_visit(self):
        self._do_job(self.job)
        invoice = self._invoice()
        self.assertEqual(invoice.work_order_id, self.order)
        accountant = new_test_user(
            self.env, login="test_accountant", groups="account.group_account_manager"
        )
        credit = invoice.with_user(accountant)._reverse_moves(cancel=True)
        self.assertEqual(credit.sudo().work_order_id, self.order)
        self.assertEqual(self.order.invoice_count, 2)

    def test_two_estimates_of_one_payer_make_one_invoice(self):
        extra = self._add_job(self.order, name="Oil", hours=1.0, parts=0)
        self._approve(self.order)
        self.assertEqual(len(self.order.sale_order_ids), 2)
        self._do_job(self.job)
        self._do_job(extra)
        self.assertRecordValues(self._invoice(), [{"amount_untaxed": 150.0}])

    def test_two_visits_of_one_customer_are_two_invoices(self):
        other = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="8", owner_id=self.order.partner_id.id
            ).id
        )
        job = self._add_job(other, hours=1.0, parts=0)
        self._approve(other)
        self._do_job(self.job)
        self._do_job(job)
        both = self.order | other
        both.with_user(self.user_advisor).action_invoice()
        self.assertRecordValues(
            both.invoice_ids.sorted("amount_untaxed"),
            [
                {"work_order_id": other.id, "amount_untaxed": 50.0},
                {"work_order_id": self.order.id, "amount_untaxed": 100.0},
            ],
        )

    def test_down_payment_is_taken_off_the_last_invoice(self):
        self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(self.estimate.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 30.0,
            }
        ).create_invoices()
        deposit = self.order.invoice_ids
        self.assertEqual(deposit.work_order_id, self.order)
        deposit.action_post()
        self._do_job(self.job)
        self.job.action_issue_parts()
        final = self._invoice() - deposit
        self.assertAlmostEqual(final.amount_untaxed, 110.0)

    def test_discount_line_is_billed_with_the_work(self):
        order = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="9", owner_id=self.partner.id
            ).id
        )
        job = self._add_job(order)
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.estimate_id.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self._approve(order)
        self._do_job(job)
        job.action_issue_parts()
        self.assertAlmostEqual(self._invoice(order).amount_untaxed, 126.0)

    def test_amount_due_goes_down_with_the_payment(self):
        self._do_job(self.job)
        invoice = self._invoice()
        self.assertAlmostEqual(self.order.amount_due, 100.0)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.order.invalidate_recordset(["amount_due"])
        self.assertAlmostEqual(self.order.amount_due, 0.0)
