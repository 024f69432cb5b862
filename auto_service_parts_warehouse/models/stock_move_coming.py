from odoo import models


class StockMove(models.Model):
    """What the supplier does not bring is not coming, though a receipt is open."""

    _inherit = "stock.move"

    def _is_coming_for_job(self):
        res = super()._is_coming_for_job()
        line = self.purchase_line_id
        return res and (not line or line._is_part_live())
