from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _open_core(self, direction, price):
        """An old part that came before the new one was issued is settled at once."""
        core = super()._open_core(direction, price)
        deposits = core.sale_line_id.core_line_ids
        if core.direction == "taken" and deposits.filtered("is_core_returned"):
            core._settle(core.quantity_open, "old_part")
        return core
