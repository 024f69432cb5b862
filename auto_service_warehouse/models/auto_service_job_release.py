from odoo import models


class AutoServiceJob(models.Model):
    """Parts of a cancelled job are free for others."""

    _inherit = "auto.service.job"

    def action_cancel(self):
        """What nobody has in his hands yet is given up before the job is."""
        self._ensure_advisor()
        # Advisors have no rights in the stock.
        wanted_sudo = self.sudo().filtered(lambda job: job.state != "cancelled")
        wanted_sudo.line_ids._release_stock()
        return super().action_cancel()

    def _reopen(self):
        was_cancelled = self.state == "cancelled"
        res = super()._reopen()
        if was_cancelled:
            self.sudo().line_ids._want_stock_again()  # see above
        return res
