from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _send_confirmation_email(self):
        """Parts that are put into the customer's car were not sent to him."""
        if self.env.context.get("auto_service_issue"):
            return None
        return super()._send_confirmation_email()
