from odoo import fields, models
from odoo.exceptions import UserError

from .sale_order_line_labour import OPEN_STATES


class SaleOrder(models.Model):
    """Labour on the estimate as a whole: gates, shared work, the print-out."""

    _inherit = "sale.order"

    show_labour_detail = fields.Boolean(
        string="Explain labour hours",
        compute="_compute_show_labour_detail",
        store=True,
        readonly=False,
        precompute=True,
        help="The estimate shows under every operation what was deducted or added, "
        "and why. The settings of the company say what new estimates do.",
    )

    def _compute_show_labour_detail(self):
        for order in self:
            order.show_labour_detail = bool(
                order.work_order_id and order.company_id.auto_service_explain_labour
            )

    def write(self, vals):
        res = super().write(vals)
        # Another payer has other times, and a cancelled estimate may come back.
        if "pay_type" in vals or vals.get("state") == "draft":
            self.sudo().work_order_id._sync_labour()
        return res

    def unlink(self):
        # The lines go in the database, where nobody sees them go.
        visits_sudo = self.sudo().work_order_id
        res = super().unlink()
        visits_sudo._sync_labour()
        return res

    def action_quotation_send(self):
        self._ensure_times_known()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        self._ensure_times_known()
        return super().action_quotation_sent()

    def _ensure_times_known(self):
        """Refuse to offer labour whose time nobody knows."""
        offers = self.filtered(
            lambda order: order.work_order_id and order.state in OPEN_STATES
        )
        message = offers._get_unknown_time_message()
        if message:
            raise UserError(message)

    def _confirmation_error_message(self):
        return (
            super()._confirmation_error_message()
            or self.filtered("work_order_id")._get_unknown_time_message()
        )

    def _get_unknown_time_message(self):
        """What is wrong with estimates whose labour has no time, False when nothing.

        :return: translated sentence
        """
        # Customers confirm as well.
        unknown = self.sudo().order_line.filtered(
            lambda line: line.job_id.authorisation not in ("declined", "deferred")
            and line._has_unknown_time()
        )
        if not unknown:
            return False
        return self.env._(
            "No time is known for %(operations)s on this vehicle. Enter the hours on "
            "the estimate first.",
            operations=", ".join(f"“{line.operation_id.name}”" for line in unknown),
        )

    def _set_job_declined(self, job, authorisation):
        res = super()._set_job_declined(job, authorisation)
        self.sudo().work_order_id._sync_labour()
        return res

    def _accept_job(self, job):
        res = super()._accept_job(job)
        self.sudo().work_order_id._sync_labour()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        self.sudo().work_order_id._sync_labour()
        return res
