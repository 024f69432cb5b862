import base64
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class AutoServiceAuthorisation(models.Model):
    """What a customer approved, frozen: invariant 7 of the design."""

    _name = "auto.service.authorisation"
    _description = "Approval of an Estimate"
    _order = "authorised_at desc, id desc"
    _rec_name = "signed_by"

    sale_order_id = fields.Many2one(
        "sale.order",
        string="Estimate",
        required=True,
        index=True,
        ondelete="restrict",
        help="Estimate that was approved.",
    )
    order_id = fields.Many2one(
        related="sale_order_id.work_order_id",
        store=True,
        index="btree_not_null",
        help="Visit of the estimate.",
    )
    company_id = fields.Many2one(
        related="sale_order_id.company_id", store=True, help="Company."
    )
    currency_id = fields.Many2one(
        related="sale_order_id.currency_id", help="Currency of the estimate."
    )
    method = fields.Selection(
        [
            ("portal_signature", "Signed on the portal"),
            ("on_site_signature", "Signed on site"),
            ("phone", "By telephone"),
            ("in_person", "In person"),
            ("email", "By e-mail"),
            ("message", "By message"),
            ("purchase_order", "Purchase order"),
        ],
        required=True,
        help="How the customer said yes.",
    )
    signed_by = fields.Char(help="Who said yes.")
    authorised_at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When the customer said yes."
    )
    taken_by_id = fields.Many2one(
        "res.users", help="Colleague who took the approval; empty on the portal."
    )
    note = fields.Char(help="What was agreed, or the number of the purchase order.")
    amount_total = fields.Monetary(help="Amount that was approved, taxes included.")
    snapshot = fields.Json(help="Lines exactly as they were approved.")
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        ondelete="restrict",
        help="The estimate as the customer saw it.",
    )
    state = fields.Selection(
        [("valid", "Valid"), ("void", "Void")],
        required=True,
        default="valid",
        help="An approval is void when the estimate was changed afterwards.",
    )
    void_reason = fields.Char(help="What was changed after the approval.")

    _one_valid = models.UniqueIndex(
        "(sale_order_id) WHERE state = 'valid'",
        "This estimate is approved already. Reload the page.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An approval is never deleted; it can become void."))

    def _attach_document_soon(self):
        """Have the document printed after the approval is committed.

        The printer fetches its style sheets from this server: two people who approve
        at once would otherwise wait for each other while they hold their orders.
        """
        cron = self.env.ref(
            "auto_service_base.ir_cron_attach_documents", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _get_documents_domain(self):
        """Domain of the approvals whose document is still to be printed."""
        return (
            Domain("state", "=", "valid")
            & Domain("attachment_id", "=", False)
            & Domain("create_date", ">=", "now -1d")
        )

    @api.model
    def _cron_attach_documents(self, limit=20):
        """Print the documents of fresh approvals; safe to run twice.

        :param int limit: approvals in one run
        """
        todo = self.search(self._get_documents_domain(), limit=limit)
        self.env["ir.cron"]._commit_progress(remaining=len(todo))
        for authorisation in todo:
            authorisation = authorisation.try_lock_for_update().filtered_domain(
                self._get_documents_domain()
            )
            authorisation._attach_document()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _attach_document(self, pdf=None):
        """Keep the document that was approved.

        Without a PDF engine the approval still counts: the data are frozen in
        ``snapshot``, and the log says why the document is missing.

        :param bytes pdf: the rendered document; rendered here when omitted
        """
        for authorisation in self:
            content = pdf or authorisation._render_document()
            if content:
                authorisation.attachment_id = (
                    self.env["ir.attachment"]
                    .sudo()
                    .create(authorisation._prepare_attachment_values(content))
                )

    def _render_document(self):
        """PDF of the estimate as bytes, ``None`` when no engine is installed."""
        self.ensure_one()
        try:
            # Approvals come from the portal's public user as well.
            return (
                self.env["ir.actions.report"]
                .sudo()
                ._render_qweb_pdf(
                    "sale.action_report_saleorder", self.sale_order_id.ids
                )
            )[0]
        except UserError as error:
            _logger.info("No document for %s: %s", self.sale_order_id.name, error)
            return None

    def _prepare_attachment_values(self, content):
        """Values of the frozen document.

        It hangs on the sale order, not on the visit: technicians read the visit and
        its attachments, and they see no prices.
        """
        self.ensure_one()
        return {
            "name": self.env._(
                "%(estimate)s approved.pdf", estimate=self.sale_order_id.name
            ),
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "datas": base64.b64encode(content),
        }

    def _void(self, reason):
        """Void valid approvals, say so on the visit and ask the customer again.

        :param str reason: what was changed
        """
        for authorisation in self.filtered(lambda rec: rec.state == "valid"):
            authorisation.sudo().write({"state": "void", "void_reason": reason})
            # The index must see it before the next approval is written.
            authorisation.flush_recordset(["state"])
            authorisation.order_id.sudo().message_post(
                body=self.env._(
                    "The approval of %(estimate)s is void: %(reason)s. Ask the "
                    "customer again.",
                    estimate=authorisation.sale_order_id.name,
                    reason=reason,
                )
            )
