from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        """Mail estimates of the garage without the document if it cannot be printed.

        The link in the mail shows the same estimate.
        """
        if not self._mails_workshop_estimates(res_ids):
            return super()._generate_template_attachments(
                res_ids, render_fields, render_results=render_results
            )
        template = self.with_context(auto_service_document_optional=True)
        results = super(MailTemplate, template)._generate_template_attachments(
            res_ids, render_fields, render_results=render_results
        )
        for values in results.values():
            if values.get("attachments"):
                values["attachments"] = [
                    (name, content)
                    for name, content in values["attachments"]
                    if content
                ]
        return results

    def _mails_workshop_estimates(self, res_ids):
        """Whether the records that are mailed are estimates of visits.

        :param list res_ids: ids of records of the template's model; ``[0]`` while a
            composer opens, then the template tells
        """
        if self.model != "sale.order":
            return False
        if not any(res_ids):
            return self == self.env.ref(
                "auto_service_base.mail_template_estimate", raise_if_not_found=False
            )
        return all(
            order.work_order_id for order in self.env["sale.order"].browse(res_ids)
        )
