from odoo import models


class StockMove(models.Model):
    """What the states of parts read of a move."""

    _inherit = "stock.move"

    def _get_quantity_aside(self):
        """How much of the reservation was put aside for the job, in the move's unit.

        Extend it together with the fields that the states depend on.
        """
        self.ensure_one()
        return 0.0
