from odoo import models


class AutoServiceJob(models.Model):
    """Parts of a cancelled job are free for others."""

    _inherit = "auto.service.job"

    def action_cancel(self):
        before = self.filtered(lambda job: job.state != "cancelled")
        res = super().action_cancel()
        cancelled = before.filtered(lambda job: job.state == "cancelled")
        # Advisors have no rights in the stock.
        cancelled.sudo().line_ids._release_stock()
        return res

    def _reopen(self):
        was_cancelled = self.state == "cancelled"
        res = super()._reopen()
        if was_cancelled:
            self.sudo().line_ids._want_stock_again()  # see above
        return res
