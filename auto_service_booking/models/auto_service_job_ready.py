from odoo import models


class AutoServiceJob(models.Model):
    _inherit = "auto.service.job"

    def _waits_for_answer(self):
        """Whether the job is on an estimate that the customer has not answered."""
        self.ensure_one()
        if self.authorisation not in ("draft", "pending"):
            return False
        lines_sudo = self.sudo().line_ids  # technicians see no estimates
        return any(
            line.state in ("draft", "sent") and not line.display_type
            for line in lines_sudo
        )
