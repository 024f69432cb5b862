from odoo import Command, models


class StockPicking(models.Model):
    """Returns to the shelf, in one step, through the host's own return."""

    _inherit = "stock.picking"

    def _return_to_shelf(self, shares):
        """Bring pieces of the delivery back.

        :param list shares: dicts with ``move``, ``quantity`` (product unit), ``place``
            (stock.location record, may be empty), ``lot`` and ``reason``
        :return: stock.move records that are done
        """
        self.ensure_one()
        wizard = self.env["stock.return.picking"].create(
            {
                "picking_id": self.id,
                "product_return_moves": [
                    Command.create(self._prepare_return_line(share)) for share in shares
                ],
            }
        )
        picking = wizard._create_return()
        moves = self.env["stock.move"]
        for share in shares:
            moves |= (picking.move_ids - moves)._place_return(share)
        picking.with_context(
            cancel_backorder=False, skip_sms=True, auto_service_issue=True
        )._action_done()
        return moves

    def _prepare_return_line(self, share):
        """Values of the host's stock.return.picking.line."""
        move = share["move"]
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": move.product_id.uom_id._compute_quantity(
                share["quantity"], move.product_uom, round=False
            ),
            "to_refund": True,
        }
