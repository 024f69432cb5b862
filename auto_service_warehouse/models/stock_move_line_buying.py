from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _get_holder_name(self):
        """Document that a piece is reserved for, and the visit it belongs to.

        :return: str
        """
        self.ensure_one()
        visit = self.move_id.sale_line_id.work_order_id.name
        name = self.picking_id.name or self.reference or ""
        return f"{name} ({visit})" if visit else name
