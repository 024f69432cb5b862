from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import stock_turn
from ..tools.stock_scope import StockScope, add_rows

SCOPE = "auto_service_stock_scope"
LEVELS = frozenset({"quantity", "reserved_quantity"})
SHELF = frozenset({"product_id", "location_id", "package_id", "owner_id", "lot_id"})


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # ------------------------------------------------------------------
    # the guard
    # ------------------------------------------------------------------
    @contextmanager
    def _guard_stock(self, places=(), tree=False, loose=False, soft=False):
        """Do something to the shelves that must not take what is not there.

        The outermost call compares after with before; inner ones only lock.

        :param places: pairs of product and location that are going to change, or a
            function that finds them
        :param bool tree: locations inside of them, too
        :param bool loose: the products may be reserved beyond what is there
        :param bool soft: what is reserved too much is given back, without an error
        """
        companies = self.env["res.company"]._get_stock_guarded_ids()
        if not companies:
            yield None
            return
        places = list(places() if callable(places) else places)
        cache = self.env.cr.cache
        scope = cache.get(SCOPE)
        if scope is not None:
            scope.lock_places(self, places, tree, loose)
            yield scope
            return
        scope = cache[SCOPE] = GuardedScope(companies, soft)
        try:
            scope.lock_places(self, places, tree, loose)
            yield scope
            scope.finish(self)
        finally:
            cache.pop(SCOPE, None)

    def _is_guarded_place(self, product, location, companies):
        return bool(
            product.is_storable
            and location.company_id.id in companies
            and not location.should_bypass_reservation()
        )

    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        **kwargs,
    ):
        with self._guard_stock([(product_id, location_id)]) as scope:
            if scope is not None:
                scope.touch(self, product_id, location_id)
            return super()._update_available_quantity(
                product_id,
                location_id,
                quantity=quantity,
                reserved_quantity=reserved_quantity,
                **kwargs,
            )

    @api.model_create_multi
    def create(self, vals_list):
        places = self._get_places_of_values(vals_list)
        with self._guard_stock(places) as scope:
            if scope is not None:
                for product, location in places:
                    scope.touch(self, product, location)
            return super().create(vals_list)

    def write(self, vals):
        if not (LEVELS | SHELF).intersection(vals):
            return super().write(vals)
        with self._guard_stock() as scope:
            if scope is not None:
                places = self._get_places_to_write(vals)
                scope.lock_places(self, places)
                for product, location in places:
                    scope.touch(self, product, location)
            return super().write(vals)

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

    def _get_places(self):
        return [(quant.product_id, quant.location_id) for quant in self]

    def _get_places_to_write(self, vals):
        """Places of the quants, and those where they come to lie."""
        places = self._get_places()
        if "location_id" in vals or "product_id" in vals:
            product = self.env["product.product"].browse(vals.get("product_id"))
            location = self.env["stock.location"].browse(vals.get("location_id"))
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

        :return: rows as :func:`add_rows` takes them
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
        """Rows of the places as they are now, in this transaction."""
        self.flush_model([*LEVELS, *SHELF, "company_id"])
        product_ids, location_ids = zip(*places, strict=True)
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id, location_id, package_id, owner_id, lot_id,
                       quantity, reserved_quantity
                  FROM stock_quant
                 WHERE product_id = ANY(%s) AND location_id = ANY(%s)
                """,
                list(set(product_ids)),
                list(set(location_ids)),
            )
        )
        return self.env.cr.fetchall()


class GuardedScope(StockScope):
    """The scope of an action, with the database that it works on."""

    def __init__(self, companies, soft=False):
        super().__init__(soft)
        self.companies = companies
        self.loose_all = False

    def lock_places(self, quants, places, tree=False, loose=False):
        """Lock what is not locked yet of the places, all of them at once."""
        product_ids, location_ids = set(), set()
        for product, location in places:
            product, location = product.sudo(), location.sudo()
            if not quants._is_guarded_place(product, location, self.companies):
                continue
            if loose:
                self.loose.add(product.id)
            if not self._has(product, location):
                product_ids.add(product.id)
                location_ids.add(location.id)
        if product_ids:
            self._lock(quants, product_ids, location_ids, tree)

    def _has(self, product, location):
        path = (location.parent_path or "").split("/")
        return self.has(product.id, location.id, [int(part) for part in path if part])

    def _lock(self, quants, product_ids, location_ids, tree):
        products = quants.env["product.product"].sudo().browse(sorted(product_ids))
        locations = quants.env["stock.location"].sudo().browse(sorted(location_ids))
        rows = quants.sudo()._lock_shelves(products, locations, self.companies, tree)
        known = set(self.before)
        self.before.update(
            (shelf, lots)
            for shelf, lots in add_rows(rows).items()
            if shelf not in known
        )
        pairs = {(p, loc) for p in product_ids for loc in location_ids}
        (self.trees if tree else self.places).update(pairs)

    def touch(self, quants, product, location):
        """Note that something is about to change there."""
        place = (product.sudo(), location.sudo())
        if quants._is_guarded_place(*place, self.companies):
            self.touched.add((product.id, location.id))

    def finish(self, quants):
        """Refuse what took more than was there.

        :raise UserError: with a sentence that says what is there, and who has it
        """
        if not self.touched:
            return
        quants = quants.sudo()
        after = add_rows(quants._read_shelves(self.touched))
        problems = [
            problem
            for problem in self.get_problems(after)
            if self._is_problem(quants, problem)
        ]
        if problems:
            stock_turn.ensure_fresh(
                quants.env.cr, [shelf[0] for shelf, _kind, _more in problems]
            )
            raise UserError(quants._get_refusal(problems, after))

    def _is_problem(self, quants, problem):
        shelf, kind, more = problem
        if kind and self.loose_all:
            return False
        uom = quants.env["product.product"].browse(shelf[0]).uom_id
        return not uom.is_zero(more)
