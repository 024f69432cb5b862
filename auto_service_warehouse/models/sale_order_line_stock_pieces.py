from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

SETTLED = ("done", "cancel")
UNCONFIRMED = ("draft", "sent", "to approve")


class SaleOrderLine(models.Model):
    """Counts the pieces of a line: how many are where."""

    _inherit = "sale.order.line"

    def _fetch_for_pieces(self):
        """Read everything that is counted for all lines at once."""
        moves = self.move_ids
        moves |= moves.move_orig_ids
        moves.location_id.warehouse_id.mapped("code")
        moves.location_dest_id.mapped("usage")
        moves.product_id.uom_id.mapped("factor")
        moves.product_uom.mapped("factor")
        moves.move_line_ids.mapped("quantity")
        bought = moves.created_purchase_line_ids | self.purchase_line_ids
        bought.move_ids.move_dest_ids.mapped("state")
        bought.mapped("state")

    def _is_wanted(self):
        """Whether somebody still wants the pieces that are not fitted yet."""
        self.ensure_one()
        return self.job_id.state != "cancelled"

    def _count_pieces(self):
        """How many pieces of the line are where, but for what lies free on the shelf.

        :return: dict of quantity (unit of the line) by key of STOCK_STATES, and a
            list of the times when what is ordered comes
        """
        self.ensure_one()
        pieces = defaultdict(float)
        dates = []
        pieces["fitted"] = self.qty_delivered
        rest = self.product_uom_qty - self.qty_delivered
        wanted = self._is_wanted() and rest > 0
        rest = rest if wanted else 0.0
        steps = self._get_delivery_moves() if wanted else self.move_ids.browse()
        for move in steps:
            rest -= self._count_pieces_of_move(move, steps, pieces, dates)
        if steps.product_id - self.product_id:
            rest = 0.0  # the components of a kit stand for it
        back = min(max(rest, 0.0), self._get_not_needed())
        pieces["returned"] += back
        pieces["needed"] += max(rest - back, 0.0)
        self._count_loose_purchases(pieces, dates)
        return pieces, dates

    def _get_delivery_moves(self):
        """Open moves that bring pieces to the job: out of the stock, or by a vendor."""
        self.ensure_one()
        return self.move_ids.filtered(
            lambda move: move.state not in ("draft", *SETTLED)
            and (
                move.location_dest_id.usage == "customer"
                or (
                    move.location_id.usage == "internal"
                    and move.location_id.warehouse_id == self.warehouse_id
                )
            )
            and move.location_id.usage != "customer"
        )

    def _to_line_pieces(self, move, quantity):
        """A quantity of a move as pieces of the line.

        Of a kit every component is a share of all kits.

        :param float quantity: in the unit of the move
        """
        if move.product_id == self.product_id:
            return move.product_uom._compute_quantity(
                quantity, self.product_uom_id, round=False
            )
        wanted = self.product_uom_qty - self.qty_delivered
        return wanted * quantity / (move.product_uom_qty or 1.0)

    def _count_pieces_of_move(self, move, steps, pieces, dates):
        """Add the pieces of an open move.

        :param steps: all open delivery moves of the line
        :return: pieces of the line that the move takes care of
        """
        earlier = move.move_orig_ids & steps
        demand = self._to_line_pieces(move, move.product_uom_qty) - sum(
            self._to_line_pieces(step, step.product_uom_qty) for step in earlier
        )
        if self.product_uom_id.compare(demand, 0.0) <= 0:
            return 0.0
        if move.location_id.usage not in ("internal", "transit"):
            pieces["ordered"] += demand  # the vendor delivers it himself
            dates.append(move.date)
            return demand
        there = min(self._to_line_pieces(move, move.quantity), demand)
        self._count_reserved_pieces(move, there, pieces)
        missing = demand - there
        if self.product_uom_id.compare(missing, 0.0) > 0:
            coming = self._count_supply(move, steps, missing, dates)
            pieces["ordered"] += coming
            pieces["needed"] += missing - coming
        return demand

    def _count_reserved_pieces(self, move, quantity, pieces):
        """Share what is reserved among the box, what came for the job, and the rest."""
        done = move.move_orig_ids.filtered(lambda origin: origin.state == "done")
        own = done.filtered(lambda origin: origin.sale_line_id == self)
        if own:  # it was taken off the shelf by the step before
            pieces["picked"] += quantity
            return
        aside = min(self._count_boxed_pieces(move), quantity)
        came = sum(self._to_line_pieces(origin, origin.quantity) for origin in done)
        came = min(came, quantity - aside)
        pieces["picked"] += aside
        pieces["arrived"] += came
        pieces["reserved"] += quantity - aside - came

    def _count_boxed_pieces(self, move):
        """Reserved pieces of a move that lie in the box of the work order."""
        boxed = move.move_line_ids.filtered(lambda row: row._is_boxed())
        unit = move.product_id.uom_id
        quantity = sum(boxed.mapped("quantity_product_uom"))
        return self._to_line_pieces(
            move, unit._compute_quantity(quantity, move.product_uom, round=False)
        )

    def _count_supply(self, move, steps, missing, dates):
        """How many of what a move misses are on their way to it.

        :param float missing: pieces of the line
        :param list dates: filled with the times when they come
        """
        origins = (move.move_orig_ids - steps).filtered(
            lambda origin: origin._is_coming_for_job()
        )
        coming = sum(self._to_line_pieces(row, row.product_uom_qty) for row in origins)
        dates += origins.mapped("date")
        if not origins:  # the host's own replenishment, not confirmed yet
            bought = move.created_purchase_line_ids.filtered(
                lambda line: line.state != "cancel" and not line.sale_line_id
            )
            coming = missing if bought else 0.0
            dates += bought.mapped("date_planned")
        return min(coming, missing)

    def _count_loose_purchases(self, pieces, dates):
        """Purchase orders for the line that no move is chained to count, too."""
        bought = self.purchase_line_ids.filtered(lambda row: row._is_loose_for_job())
        for row in bought:
            if self.product_uom_id.compare(pieces["needed"], 0.0) <= 0:
                break
            coming = row.product_uom_id._compute_quantity(
                row.product_qty - row.qty_received, self.product_uom_id, round=False
            )
            coming = min(max(coming, 0.0), pieces["needed"])
            pieces["needed"] -= coming
            pieces["ordered"] += coming
            if row.date_planned:
                dates.append(row.date_planned)

    def _share_free_stock(self, found):
        """What nobody cares for but lies free in the warehouse is in stock.

        It is promised to nobody: of two lines that wait for the last piece both say
        so, until one of them reserves it.

        :param dict found: of ``_count_pieces``, by line; changed
        """
        waiting = self.filtered(
            lambda line: line.product_uom_id.compare(found[line][0]["needed"], 0.0) > 0
        )
        free = {
            (product_id, warehouse_id): quantity
            for product_id, warehouse_id, _name, quantity in self._query_free_stock(
                waiting.product_id, waiting.company_id
            )
        }
        for line in waiting:
            pieces = found[line][0]
            there = free.get((line.product_id.id, line.warehouse_id.id), 0.0)
            there = line.product_id.uom_id._compute_quantity(
                max(there, 0.0), line.product_uom_id, round=False
            )
            there = min(there, pieces["needed"])
            pieces["in_stock"] += there
            pieces["needed"] -= there

    @api.model
    def _query_free_stock(self, products, companies):
        """Free pieces of products, warehouse by warehouse; one query.

        :param products: product.product records
        :param companies: res.company records
        :return: list of (product id, warehouse id, name of the warehouse, free pieces
            in the unit of the product)
        """
        if not products.ids or not companies.ids:
            return []
        self.env["stock.quant"].flush_model(
            ["product_id", "location_id", "quantity", "reserved_quantity"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT quant.product_id, warehouse.id, warehouse.name,
                       SUM(quant.quantity - quant.reserved_quantity)::float
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                  JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
                 WHERE quant.product_id = ANY(%(products)s)
                   AND place.usage = 'internal'
                   AND warehouse.company_id = ANY(%(companies)s)
                 GROUP BY quant.product_id, warehouse.id
                 ORDER BY quant.product_id, warehouse.sequence, warehouse.id
                """,
                products=products.ids,
                companies=companies.ids,
            )
        )
