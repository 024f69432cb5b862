from odoo import models


class SaleOrderLine(models.Model):
    """What was fitted is what is billed."""

    _inherit = "sale.order.line"

    def _is_billed_when_done(self):
        """Parts follow their product's policy where the company wants it so."""
        res = super()._is_billed_when_done()
        if (
            res
            and self.kind == "part"
            and self.qty_delivered_method == "stock_move"
            and not self.company_id.sudo().auto_service_bill_fitted
        ):
            return False
        return res
