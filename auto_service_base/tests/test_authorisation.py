from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestAuthorisation(AutoServiceOrderCommon):
    """What the customer approved is frozen; a change voids it and says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order)
        cls.estimate = cls.order.estimate_id
        cls.labour_line, cls.part_line = cls.job.line_ids.sorted("sequence")

    def _approve_by_phone(self, estimate=None):
        wizard = (
            self.env["auto.service.order.approve"]
            .with_user(self.user_advisor)
            .create(
                {
                    "sale_order_id": (estimate or self.estimate).id,
                    "method": "phone",
                    "signed_by": "Mari's husband",
                    "note": "at nine",
                }
            )
        )
        wizard.action_approve()

    def _get_valid(self):
        return self.estimate.authorisation_ids.filtered(lambda r: r.state == "valid")

    def test_sending_asks_the_customer(self):
        self.assertEqual(self.job.authorisation, "draft")
        self.estimate.with_context(mark_so_as_sent=True).with_user(
            self.user_advisor
        ).message_post(body="Your estimate")
        self.assertEqual(self.estimate.state, "sent")
        self.assertEqual(self.job.authorisation, "pending")
        added = self._add_job(self.order, name="Oil")
        self.assertEqual(added.authorisation, "pending")

    def test_confirming_freezes_hours_and_lines(self):
        self._approve(self.order)
        self.assertRecordValues(
            self.job, [{"authorisation": "approved", "hours_authorised": 2.0}]
        )
        self.assertTrue(self.job.authorised_at)
        approval = self._get_valid()
        self.assertRecordValues(
            approval,
            [{"method": "in_person", "amount_total": 140.0, "order_id": self.order.id}],
        )
        rows = [(row["product_id"], row["quantity"]) for row in approval.snapshot]
        self.assertEqual(rows, [(self.labour.id, 2.0), (self.part.id, 1.0)])

    def test_approval_by_telephone_says_who_and_by_whom(self):
        self._approve_by_phone()
        self.assertEqual(self.estimate.state, "sale")
        self.assertRecordValues(
            self._get_valid(),
            [
                {
                    "method": "phone",
                    "signed_by": "Mari's husband",
                    "note": "at nine",
                    "taken_by_id": self.user_advisor.id,
                }
            ],
        )

    def test_approval_cannot_be_forged_through_the_context(self):
        self.estimate.with_user(self.user_advisor).with_context(
            auto_service_approval={
                "amount_total": 1.0,
                "snapshot": [],
                "taken_by_id": self.user_manager.id,
                "state": "void",
            }
        ).action_confirm()
        self.assertRecordValues(
            self._get_valid(),
            [{"amount_total": 140.0, "taken_by_id": self.user_advisor.id}],
        )
        self.assertEqual(len(self._get_valid().snapshot), 2)

    def test_nobody_approves_by_editing_the_job(self):
        for user in (self.user_advisor, self.user_manager):
            for values in (
                {"authorisation": "approved"},
                {"hours_authorised": 9},
                {"state": "done"},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaisesRegex(UserError, "by its buttons"),
                ):
                    self.job.with_user(user).write(values)

    def test_change_after_the_approval_voids_it_and_says_so(self):
        self._approve(self.order)
        changes = {
            "quantity": lambda: self.labour_line.write({"product_uom_qty": 3.0}),
            "price": lambda: self.part_line.write({"price_unit": 41.0}),
            "discount": lambda: self.part_line.write({"discount": 5.0}),
            "added line": lambda: self.env["sale.order.line"].create(
                {"order_id": self.estimate.id, "product_id": self.part.id}
            ),
        }
        for what, change in changes.items():
            with self.subTest(what=what):
                self.assertEqual(len(self._get_valid()), 1)
                messages = len(self.order.message_ids)
                change()
                self.assertFalse(self._get_valid())
                self.assertEqual(self.job.authorisation, "pending")
                self.assertTrue(self.order.has_void_approval)
                self.assertGreater(len(self.order.message_ids), messages)
                self.assertIn("Ask the customer", self.order.message_ids[0].body)
                self._approve_by_phone()
                self.assertEqual(self.job.authorisation, "approved")
                self.assertFalse(self.order.has_void_approval)
        self.assertEqual(len(self.estimate.authorisation_ids), 1 + len(changes))

    def test_change_of_one_job_leaves_the_others_approved(self):
        other = self._add_job(self.order, name="Oil")
        self._approve(self.order)
        self.part_line.price_unit = 99
        self.assertEqual(self.job.authorisation, "pending")
        self.assertEqual(other.authorisation, "approved")

    def test_work_billing_and_idle_saving_void_nothing(self):
        self._approve(self.order)
        approval = self._get_valid()
        self.part_line.qty_delivered = 1.0
        self.part_line.write({"product_uom_qty": 1.0, "price_unit": 40.0})
        self.estimate.write(
            {"order_line": [Command.update(self.part_line.id, {"discount": 0.0})]}
        )
        self.job.name = "Front brakes"
        self.part_line.name = "Disc, original"
        self._do_job(self.job)
        self.order.action_invoice()
        self.assertEqual(self._get_valid(), approval)
        self.assertEqual(self.job.authorisation, "approved")

    def test_down_payment_voids_nothing(self):
        self._approve(self.order)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(self.estimate.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 50.0,
            }
        )
        wizard.create_invoices()
        self.assertEqual(len(self._get_valid()), 1)
        self.assertEqual(len(self.order.job_ids), 1)

    def test_saving_in_another_language_voids_nothing(self):
        self.env["res.lang"]._activate_lang("et_EE")
        tax = self.env["account.tax"].create({"name": "VAT 24 %", "amount": 24.0})
        self.part_line.tax_ids = tax
        self._approve(self.order)
        tax.with_context(lang="et_EE").name = "Käibemaks 24 %"
        self.user_advisor.lang = "et_EE"
        estimate = self.estimate.with_user(self.user_advisor).with_context(lang="et_EE")
        estimate.write(
            {"order_line": [Command.update(self.part_line.id, {"price_unit": 40.0})]}
        )
        self.assertEqual(len(self._get_valid()), 1)

    def test_approval_of_extra_work_adds_its_hours(self):
        self._approve(self.order)
        self.env["sale.order.line"].create(
            {
                "order_id": self.order._get_or_create_estimate().id,
                "job_id": self.job.id,
                "product_id": self.labour.id,
                "product_uom_qty": 0.5,
            }
        )
        self.assertEqual(self.job.hours_authorised, 2.0)
        self._approve(self.order)
        self.assertEqual(self.job.hours_authorised, 2.5)
        self.labour_line.product_uom_qty = 3.0
        self._approve_by_phone(self.estimate)
        self.assertEqual(self.job.hours_authorised, 3.5)

    def test_cancelled_order_is_no_approval_any_more(self):
        self._approve(self.order)
        self.estimate._action_cancel()
        self.assertEqual(self.estimate.authorisation_ids.state, "void")
        self.assertRecordValues(
            self.job,
            [{"authorisation": "draft", "hours_authorised": 0, "authorised_at": False}],
        )

    def test_second_approval_of_one_estimate_is_refused(self):
        self._approve(self.order)
        with self.assertRaises(UserError):
            self.estimate.action_confirm()
        self.assertEqual(len(self._get_valid()), 1)

    def test_nothing_is_approved_on_a_closed_visit(self):
        self.order._cancel(self.reason_cancel)
        self.estimate.action_draft()
        with self.assertRaisesRegex(UserError, "closed or cancelled"):
            self.estimate.action_confirm()

    def test_document_is_printed_after_the_approval_and_once(self):
        self._approve(self.order)
        approval = self._get_valid()
        self.assertFalse(approval.attachment_id)
        cron = self.env.ref("auto_service_base.ir_cron_attach_documents")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers)
        with (
            patch.object(type(approval), "_render_document", lambda self: b"%PDF"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        document = approval.attachment_id
        self.assertEqual(document.raw, b"%PDF")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(approval.attachment_id, document)

    def test_approved_document_is_kept_from_technicians(self):
        self._approve(self.order)
        approval = self._get_valid()
        approval._attach_document(b"%PDF of the estimate with prices")
        attachment = approval.attachment_id
        self.assertTrue(attachment.with_user(self.user_advisor).has_access("read"))
        self.assertFalse(attachment.with_user(self.user_technician).has_access("read"))
