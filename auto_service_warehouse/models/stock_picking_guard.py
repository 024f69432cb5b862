from odoo import models

LINES = frozenset(
    {
        "move_ids",
        "move_line_ids",
        "move_ids_without_package",
        "move_line_ids_without_package",
    }
)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        """Lines of one transfer may take from each other, in any order."""
        if not LINES.intersection(vals):
            return super().write(vals)
        with self.env["stock.quant"]._guard_stock():
            return super().write(vals)

    def _get_holder_name(self):
        """Name of the transfer in a sentence about what it has reserved."""
        self.ensure_one()
        if not self.origin:
            return self.name
        return f"{self.name} ({self.origin})"
