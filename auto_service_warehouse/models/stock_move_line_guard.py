from functools import partial

from odoo import api, models

PLACES = frozenset(
    {
        "location_id",
        "location_dest_id",
        "lot_id",
        "owner_id",
        "package_id",
        "product_uom_id",
        "quant_id",
        "quantity",
        "result_package_id",
    }
)


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        places = partial(self._get_places_to_create, vals_list)
        with self.env["stock.quant"]._guard_stock(places):
            return super().create(vals_list)

    def write(self, vals):
        if not PLACES.intersection(vals):
            return super().write(vals)
        places = partial(self._get_places_to_write, vals)
        with self.env["stock.quant"]._guard_stock(places):
            return super().write(vals)

    def unlink(self):
        with self.env["stock.quant"]._guard_stock(self._get_places_to_move):
            return super().unlink()

    def _action_done(self):
        with self.env["stock.quant"]._guard_stock(self._get_places_to_move):
            return super()._action_done()

    def _get_places_to_move(self):
        """Places that change when the lines are done, in order of the products."""
        return [
            (line.product_id, location)
            for line in self
            for location in (line.location_id, line.location_dest_id)
        ]

    def _get_places_to_create(self, vals_list):
        """Places that new lines with these values reserve on."""
        moves = self.env["stock.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        places = []
        for vals in vals_list:
            move = moves.browse(vals.get("move_id"))
            product = self.env["product.product"].browse(vals.get("product_id"))
            location = self.env["stock.location"].browse(vals.get("location_id"))
            product = product or move.product_id
            location = location or move.location_id
            if product and location:
                places.append((product, location))
        return places

    def _get_places_to_write(self, vals):
        """Places of the lines before and after the values are written."""
        location = self.env["stock.location"].browse(vals.get("location_id"))
        places = self._get_places_to_move()
        if location:
            places += [(line.product_id, location) for line in self]
        return places
