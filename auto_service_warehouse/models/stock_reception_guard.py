from odoo import models


class ReportStockReception(models.AbstractModel):
    """Lines that are split are reserved twice for a moment: only the end counts."""

    _inherit = "report.stock.report_reception"

    def action_assign(self, move_ids, qtys, in_ids):
        with self._guard_moves(move_ids):
            return super().action_assign(move_ids, qtys, in_ids)

    def action_unassign(self, move_id, qty, in_ids):
        with self._guard_moves(move_id):
            return super().action_unassign(move_id, qty, in_ids)

    def _guard_moves(self, move_ids):
        moves = self.env["stock.move"].browse(move_ids)
        return self.env["stock.quant"]._guard_stock(moves._get_places_to_move)
