from odoo import models


class AutoServiceJob(models.Model):
    """Deposits for old parts among what is billed with the job."""

    _inherit = "auto.service.job"

    def _get_labour_to_deliver(self):
        """A deposit whose old part came back is not billed any more."""
        lines = super()._get_labour_to_deliver()
        return lines.filtered(lambda line: not line.is_core_returned)
