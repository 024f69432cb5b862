from odoo import api, models


class SaleOrderLine(models.Model):
    """Picked and unwanted pieces, for the states of parts."""

    _inherit = "sale.order.line"

    @api.depends("qty_not_needed", "move_ids.move_line_ids.auto_service_picked_qty")
    def _compute_stock_state(self):
        return super()._compute_stock_state()
