from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_missing_quantity(self):
        """What is not reserved of the demand, in the unit of the product."""
        self.ensure_one()
        missing = self.product_uom_qty - self.quantity
        return self.product_uom._compute_quantity(
            max(missing, 0.0), self.product_id.uom_id, round=False
        )

    def _take_missing(self, quantity):
        """Moves of just ``quantity`` that is not reserved; bigger ones are split.

        :param float quantity: in the unit of the product
        :return: stock.move records
        """
        taken = self.browse()
        for move in self:
            share = min(quantity, move._get_missing_quantity())
            if move.product_id.uom_id.compare(share, 0.0) > 0:
                taken |= move._split_off(share)
                quantity -= share
        return taken

    def _split_off(self, quantity):
        """A move of its own for ``quantity`` (product unit) that is not reserved.

        :return: stock.move record; the move itself when it is all of it
        """
        self.ensure_one()
        values = self._split(quantity)
        if not values:
            return self
        move = self.create(values)
        move.with_context(bypass_entire_pack=True)._action_confirm(
            merge=False, create_proc=False
        )
        self._recompute_state()
        return move

    def _forget_supply(self):
        """Wait no longer for what was bought: take what lies in the stock."""
        for move in self:
            for origin in move.move_orig_ids.filtered(
                lambda row: row.state not in ("done", "cancel")
            ):
                move._break_mto_link(origin)
