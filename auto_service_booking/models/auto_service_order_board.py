from odoo import models


class AutoServiceOrder(models.Model):
    _inherit = "auto.service.order"

    def write(self, vals):
        """The board shows which vehicle waits for something."""
        res = super().write(vals)
        if "waiting_reason_id" in vals:
            domain = [("order_id", "in", self.ids), ("state", "!=", "cancelled")]
            rows_sudo = self.env["auto.service.allocation"].sudo().search(domain)
            rows_sudo._notify_board()  # numbers of blocks only
        return res
