from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_documents import AutoServiceDocumentsCommon


@tagged("post_install", "-at_install")
class TestEstimateMail(AutoServiceDocumentsCommon):
    def _compose(self, order):
        """The host's dialog as it opens for the advisor.

        :return: mail.compose.message record
        """
        order = order.with_user(self.user_advisor)
        action = order.action_quotation_send()
        composer = Form(
            order.env["mail.compose.message"].with_context(**action["context"])
        )
        return composer.save()

    def test_estimate_is_mailed_with_plate_jobs_and_link(self):
        composer = self._compose(self.estimate)
        self.assertIn("777 DOC", composer.subject)
        self.assertIn(self.estimate.name, composer.subject)
        for text in ("Mari Tamm", "Front brakes", "Air conditioning", "777 DOC"):
            self.assertIn(text, composer.body)
        self.assertIn(f"/my/orders/{self.estimate.id}?access_token=", composer.body)
        self.assertEqual(len(composer.attachment_ids), 1)

    def test_declined_jobs_are_not_mailed(self):
        self.estimate._decline_job(self.job_air)
        self.assertNotIn("Air conditioning", self._compose(self.estimate).body)

    def test_sent_mail_has_one_button(self):
        composer = self._compose(self.estimate)
        before = self.env["mail.mail"].search([])
        composer._action_send_mail()
        mail = self.env["mail.mail"].search([]) - before
        self.assertTrue(mail)
        body = mail[:1].body_html
        self.assertEqual(body.count(f"/my/orders/{self.estimate.id}"), 1)

    def test_mail_goes_out_without_a_pdf_engine(self):
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_pre_render_qweb_pdf",
            side_effect=UserError("no engine"),
        ):
            composer = self._compose(self.estimate)
            self.assertIn("777 DOC", composer.subject)
            self.assertFalse(composer.attachment_ids)

    def test_other_orders_and_confirmed_ones_use_the_templates_of_the_host(self):
        ordinary = self._create_ordinary_order()
        self.assertEqual(
            ordinary._find_mail_template(), self.env.ref("sale.email_template_edi_sale")
        )
        self.estimate.action_confirm()
        self.assertEqual(
            self.estimate._find_mail_template(),
            self.env.ref("sale.mail_template_sale_confirmation"),
        )
