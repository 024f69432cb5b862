from odoo import Command, models


class StockMove(models.Model):
    """Consumables that leave the shelf without a transfer, and come back to it."""

    _inherit = "stock.move"

    def _draw_what_is_there(self):
        """Confirm and do the moves as far as there are pieces; cancel what is left.

        Less than what was wanted is drawn, never more than there is.
        """
        self._action_confirm(merge=False)
        self._action_assign()
        there = self.filtered(
            lambda move: move.product_uom.compare(move.quantity, 0.0) > 0
        )
        (self - there)._action_cancel()
        for move in there:
            move.product_uom_qty = move.quantity  # no backorder of brake cleaner
        there.picked = True
        there._action_done()

    def _put_back(self, quantity):
        """Move pieces back to where they were taken from.

        :param float quantity: in the unit of the product
        :return: stock.move record, done
        """
        self.ensure_one()
        vals_list = []
        for line in self.move_line_ids:
            piece = min(quantity, line.quantity_product_uom)
            quantity -= piece
            if self.product_id.uom_id.compare(piece, 0.0) > 0:
                vals_list.append(self._prepare_put_back_values(line, piece))
        moves = self.create(vals_list)
        moves._action_done()
        return moves

    def _prepare_put_back_values(self, line, quantity):
        """Values of a move that puts a piece of a move line back."""
        self.ensure_one()
        places = {
            "location_id": self.location_dest_id.id,
            "location_dest_id": line.location_id.id,
        }
        uom_id = self.product_id.uom_id.id
        return {
            **places,
            "product_id": self.product_id.id,
            "product_uom_qty": quantity,
            "product_uom": uom_id,
            "origin": self.origin,
            "company_id": self.company_id.id,
            "origin_returned_move_id": self.id,
            "state": "confirmed",
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        **places,
                        "product_id": self.product_id.id,
                        "product_uom_id": uom_id,
                        "quantity": quantity,
                        "lot_id": line.lot_id.id,
                        "owner_id": line.owner_id.id,
                        "company_id": self.company_id.id,
                    }
                )
            ],
        }
