from odoo import models

from .sale_order_line_stock_pieces import SETTLED, UNCONFIRMED


class PurchaseOrderLine(models.Model):
    """What is bought for a job."""

    _inherit = "purchase.order.line"

    def _is_loose_for_job(self):
        """Whether pieces come that no move of the job waits for by itself.

        Before it is confirmed a purchase order has no receipt; afterwards the moves
        of the job are chained to the receipt, unless it goes somewhere else.
        """
        self.ensure_one()
        if self.state in UNCONFIRMED:
            return True
        open_moves = self.move_ids.filtered(lambda move: move.state not in SETTLED)
        return bool(
            self.state == "purchase" and open_moves and not open_moves.move_dest_ids
        )
