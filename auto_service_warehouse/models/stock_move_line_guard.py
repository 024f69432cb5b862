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
        with self.env["stock.quant"]._guard_stock(places) as scope:
            if scope is not None:
                scope.note_moves(self._get_moves_of_values(vals_list))
            lines = super().create(vals_list)
            if scope is not None:
                scope.lines.update(lines.ids)
            return lines

    def write(self, vals):
        if not PLACES.intersection(vals):
            return super().write(vals)
        places = partial(self._get_places_to_write, vals)
        with self.env["stock.quant"]._guard_stock(places, lines=self):
            return super().write(vals)

    def unlink(self):
        with self.env["stock.quant"]._guard_stock(self._get_places_to_move):
            return super().unlink()

    def _action_done(self):
        with self.env["stock.quant"]._guard_stock(self._get_places_to_move, lines=self):
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
        moves = self._get_moves_of_values(vals_list)
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

    def _get_moves_of_values(self, vals_list):
        return self.env["stock.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )

    def _get_places_to_write(self, vals):
        """Places of the lines before and after the values are written."""
        given = self.env["stock.quant"]._get_given
        location = given("stock.location", vals.get("location_id"))
        places = self._get_places_to_move()
        if location:
            places += [(line.product_id, location) for line in self]
        return places

    def _give_back(self, shelf, pieces):
        """Release pieces of a shelf that these lines reserved, the last lines first.

        :param tuple shelf: ids of product, location, package and owner
        :param float pieces: in the unit of the product
        """
        for line in self.filtered(lambda row: row._get_shelf_ids() == shelf)[::-1]:
            unit = line.product_id.uom_id
            if unit.compare(pieces, 0.0) <= 0:
                break
            given = min(pieces, line.quantity_product_uom)
            pieces -= given
            if unit.compare(given, line.quantity_product_uom) >= 0:
                line._give_all_back()
            else:
                line.quantity -= unit._compute_quantity(
                    given, line.product_uom_id, rounding_method="HALF-UP"
                )

    def _give_all_back(self):
        """The line reserves nothing; whoever made it may still look at it."""
        if self.move_id._yields_to_guard():
            self.quantity = 0.0
        else:
            self.unlink()

    def _get_shelf_ids(self):
        """Ids of product, location, package and owner; None where there is none."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.location_id.id,
            self.package_id.id or None,
            self.owner_id.id or None,
        )

    def _free_reservation(self, product_id, location_id, quantity, **kwargs):
        """Whoever loses what he had reserved is told."""
        moves = self._get_moves_with_reservation(product_id, location_id)
        before = {move: move.quantity for move in moves}
        res = super()._free_reservation(product_id, location_id, quantity, **kwargs)
        lost = {
            move: quantity - move.quantity
            for move, quantity in before.items()
            if move.product_uom.compare(move.quantity, quantity) < 0
        }
        if lost:
            self._tell_lost_reservation(lost)
        return res

    def _get_moves_with_reservation(self, product, location):
        """Other open moves that have pieces of the place reserved."""
        if not self.env["res.company"]._get_stock_guarded_ids():
            return self.env["stock.move"]
        return (
            self.search(
                [
                    ("product_id", "=", product.id),
                    ("location_id", "=", location.id),
                    ("state", "not in", ("draft", "done", "cancel")),
                    ("quantity_product_uom", ">", 0),
                    ("move_id", "not in", self.move_id.ids),
                ]
            )
            .move_id.sudo()
            .filtered(lambda move: move.company_id.auto_service_stock_guard)
        )

    def _tell_lost_reservation(self, lost, reason=None):
        """Tell visits and transfers that pieces were taken from them.

        Override to tell others, too.

        :param dict lost: pieces by stock.move record, in the unit of the move
        :param str reason: what took them, found by the lines themselves when omitted
        """
        for move, pieces in lost.items():
            order = move.sale_line_id.order_id.work_order_id or move.picking_id
            if not order:
                continue
            order.message_post(
                body=self.env._(
                    "%(pieces)s %(unit)s of %(part)s in %(place)s are no longer "
                    "reserved: %(reason)s.",
                    pieces=f"{move.product_uom.round(pieces):.10g}",
                    unit=move.product_uom.name,
                    part=move.product_id.display_name,
                    reason=reason or self._get_reason_of_loss(),
                    place=(self.location_id or move.location_id)[:1].display_name,
                )
            )

    def _get_reason_of_loss(self):
        """Why pieces that were reserved are not any more, as text."""
        if self.is_inventory:
            return self.env._("the shelf was counted")
        if self.move_id.scrap_id:
            return self.env._("scrap %(name)s", name=self.move_id.scrap_id.name)
        return self.env._(
            "taken by %(name)s", name=self.picking_id.name or self.reference
        )
