from odoo import models


class StockMove(models.Model):
    """Deliveries that take their parts from another place than the host's rules say."""

    _inherit = "stock.move"

    def _is_all_in(self, place):
        """Whether all pieces lie in ``place``, free or reserved for the move itself."""
        self.ensure_one()
        own = sum(
            row.quantity_product_uom
            for row in self.move_line_ids
            if row.location_id._child_of(place)
        )
        free = self.env["stock.quant"]._get_available_quantity(self.product_id, place)
        return self.product_id.uom_id.compare(free + own, self.product_qty) >= 0

    def _draw_from(self, place):
        """Take the pieces from ``place``; what was reserved elsewhere is free again."""
        self._do_unreserve()
        self.location_id = place
        self._action_assign()

    def _draw_back(self):
        """Take the pieces from the warehouse of the line again."""
        for move in self:
            move._do_unreserve()
            move.location_id = move.sale_line_id.warehouse_id.lot_stock_id
