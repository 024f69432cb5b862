from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from ..tools import stock_turn
from ..tools.stock_guarded_scope import GuardedScope

SCOPE = "auto_service_stock_scope"
LEVELS = frozenset({"quantity", "reserved_quantity"})
SHELF = frozenset({"product_id", "location_id", "package_id", "owner_id", "lot_id"})


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # ------------------------------------------------------------------
    # the guard
    # ------------------------------------------------------------------
    @contextmanager
    def _guard_stock(self, places=(), tree=False, loose=False, moves=None, lines=None):
        """Do something to the shelves that must not take what is not there.

        The outermost call compares after with before; inner ones only lock.

        :param places: pairs of product and location that are going to change, or a
            function that finds them
        :param bool tree: locations inside of them, too
        :param bool loose: the products may be reserved beyond what is there
        :param moves: stock.move records that give back what they reserve too much,
            without an error
        :param lines: stock.move.line records that the action is about
        """
        companies = self.env["res.company"]._get_stock_guarded_ids()
        if not companies:
            yield None
            return
        cache = self.env.cr.cache
        outer = SCOPE not in cache
        scope = (
            cache.setdefault(SCOPE, GuardedScope(companies)) if outer else cache[SCOPE]
        )
        try:
            places = list(places() if callable(places) else places)
            scope.begin(self, places, tree, loose, moves, lines)
            yield scope
            if outer:
                scope.finish(self)
        finally:
            if outer:
                cache.pop(SCOPE, None)

    def _is_guarded_place(self, product, location, companies):
        """Whether pieces of the product in the location are counted and guarded."""
        return product.is_storable and location._is_stock_guarded(companies)

    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        **kwargs,
    ):
        with self._guard_stock() as scope:
            if scope is not None:
                scope.change_places(self, [(product_id, location_id)])
            return super()._update_available_quantity(
                product_id,
                location_id,
                quantity=quantity,
                reserved_quantity=reserved_quantity,
                **kwargs,
            )

    @api.model_create_multi
    def create(self, vals_list):
        with self._guard_stock() as scope:
            if scope is not None:
                scope.change_places(self, self._get_places_of_values(vals_list))
            return super().create(vals_list)

    def write(self, vals):
        if not (LEVELS | SHELF).intersection(vals):
            return super().write(vals)
        with self._guard_stock() as scope:
            if scope is not None:
                scope.change_places(self, self._get_places_to_write(vals))
            return super().write(vals)

    def unlink(self):
        """A row that is deleted takes its pieces along."""
        with self._guard_stock() as scope:
            if scope is not None:
                full = self.filtered(lambda row: row.quantity or row.reserved_quantity)
                scope.change_places(self, full._get_places())
            return super().unlink()

    def _get_places_of_values(self, vals_list):
        """Places of quants that are created with something on them."""
        return [
            (
                self.env["product.product"].browse(vals["product_id"]),
                self.env["stock.location"].browse(vals["location_id"]),
            )
            for vals in vals_list
            if LEVELS.intersection(vals)
            and vals.get("product_id")
            and vals.get("location_id")
        ]

    @api.model
    def _get_given(self, model, value):
        """The record that a value of ``write`` means: an id, or the record itself."""
        is_record = isinstance(value, models.BaseModel)
        return value if is_record else self.env[model].browse(value)

    def _get_places(self):
        return [(quant.product_id, quant.location_id) for quant in self]

    def _get_places_to_write(self, vals):
        """Places of the quants, and those where they come to lie."""
        places = self._get_places()
        if "location_id" in vals or "product_id" in vals:
            product = self._get_given("product.product", vals.get("product_id"))
            location = self._get_given("stock.location", vals.get("location_id"))
            places += [
                (product or quant.product_id, location or quant.location_id)
                for quant in self
            ]
        return places

    def _apply_inventory(self, *args, **kwargs):
        """What was counted is true, even where more was promised."""
        with self._guard_stock(self._get_places, loose=True):
            return super()._apply_inventory(*args, **kwargs)

    @api.model
    def _clean_reservations(self):
        """The host makes the shelves agree with the transfers: nothing is promised."""
        with self._guard_stock() as scope:
            if scope is not None:
                scope.loose_all = True
            return super()._clean_reservations()

    # ------------------------------------------------------------------
    # rows
    # ------------------------------------------------------------------
    def _lock_shelves(self, products, locations, companies, tree=False):
        """Wait for the products, and lock the rows of their places.

        :return: rows: product, location, package, owner, lot, quantity, reserved
        :raise psycopg2.errors.SerializationFailure: a row changed since this
            transaction began; the request is run again
        """
        self.flush_model([*LEVELS, *SHELF, "company_id"])
        stock_turn.take(self.env.cr, products.ids)
        self.env.cr.execute(
            SQL(
                """
                SELECT q.product_id, q.location_id, q.package_id, q.owner_id, q.lot_id,
                       q.quantity, q.reserved_quantity
                  FROM stock_quant q
                 WHERE q.product_id = ANY(%s) AND %s AND q.company_id = ANY(%s)
                 ORDER BY q.id
                   FOR NO KEY UPDATE
                """,
                products.ids,
                self._get_place_condition(locations, tree),
                list(companies),
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchall()

    def _get_place_condition(self, locations, tree):
        if not tree:
            return SQL("q.location_id = ANY(%s)", locations.ids)
        return SQL(
            "EXISTS (SELECT FROM stock_location l WHERE l.id = q.location_id"
            " AND l.parent_path LIKE ANY(%s))",
            [f"{location.parent_path}%" for location in locations],
        )

    def _read_shelves(self, places):
        """Rows of the places as they are now, in this transaction.

        :return: list of rows as :meth:`_lock_shelves`, with the id of the quant at the
            end
        """
        self.flush_model([*LEVELS, *SHELF, "company_id"])
        product_ids, location_ids = zip(*places, strict=True)
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id, location_id, package_id, owner_id, lot_id,
                       quantity, reserved_quantity, id
                  FROM stock_quant
                 WHERE product_id = ANY(%s) AND location_id = ANY(%s)
                 ORDER BY id
                """,
                list(set(product_ids)),
                list(set(location_ids)),
            )
        )
        return self.env.cr.fetchall()

    def _put_together(self):
        """Quants of one shelf and lot, one of them below zero: one has it all.

        The host's own merging does the same later; nobody should see less than nothing
        on a row in the meantime.
        """
        first = self[:1]
        first.write(
            {
                "quantity": sum(self.mapped("quantity")),
                "reserved_quantity": max(0.0, sum(self.mapped("reserved_quantity"))),
                "in_date": min(self.mapped("in_date")),
            }
        )
        (self - first).write({"quantity": 0.0, "reserved_quantity": 0.0})
