from odoo import models

LINES = frozenset({"move_line_ids", "quantity", "lot_ids"})


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """All parts of the batch are waited for before any is looked at."""
        with self.env["stock.quant"]._guard_stock(
            self._get_places_to_reserve, tree=True, moves=None if force_qty else self
        ):
            return super()._action_assign(force_qty=force_qty)

    def _get_places_to_reserve(self):
        return [
            (move.product_id, move.location_id)
            for move in self
            if move.state in ("confirmed", "waiting", "partially_available")
        ]

    def _action_done(self, cancel_backorder=False):
        with self.env["stock.quant"]._guard_stock(
            self._get_places_to_move, lines=self.move_line_ids
        ):
            return super()._action_done(cancel_backorder=cancel_backorder)

    def _get_places_to_move(self):
        return self.move_line_ids._get_places_to_move()

    def write(self, vals):
        """Lines of one move may take from each other, in any order."""
        if not LINES.intersection(vals):
            return super().write(vals)
        with self.env["stock.quant"]._guard_stock():
            return super().write(vals)

    def _get_holder_name(self):
        """Whom the move is for, in a sentence about what it has reserved."""
        self.ensure_one()
        sale_order = self.sale_line_id.order_id
        name = self.picking_id.name or self.reference or self.display_name
        origin = sale_order.work_order_id.name or sale_order.name or self.origin
        return f"{name} ({origin})" if origin and origin != name else name

    def _yields_to_guard(self):
        """Whether the transfer takes what is free, instead of being refused.

        A till cannot take a sale back: the customer has paid, and what was not free
        stays open in the transfer. Override for other places of that kind.
        """
        self.ensure_one()
        kind = self.picking_type_id
        return bool(kind) and kind == getattr(kind.warehouse_id, "pos_type_id", None)
