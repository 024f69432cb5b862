from odoo import models

from .sale_order_line_stock_pieces import SETTLED


class StockMove(models.Model):
    """Goods that are on their way to a job."""

    _inherit = "stock.move"

    def _is_coming_for_job(self):
        """Whether the move will bring pieces; extend it where somebody knows better."""
        self.ensure_one()
        return self.state not in SETTLED
