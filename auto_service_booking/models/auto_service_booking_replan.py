from odoo import models


class AutoServiceBooking(models.Model):
    """A booking whose time cannot be kept."""

    _inherit = "auto.service.booking"

    def action_replan(self):
        """Open the proposals for what cannot be kept.

        :return: act_window action
        """
        rows = self.allocation_ids.filtered(
            lambda row: row.replan_reason and row.state != "cancelled"
        )
        return self.env["auto.service.replan.apply"]._open(rows)
