"""The scope of an action on the shelves of the database."""

from odoo.exceptions import UserError

from . import stock_turn
from .stock_scope import StockScope, add_rows

#: Numbers below this are what is left of sums of fractions.
DUST = 1e-6


class GuardedScope(StockScope):
    """The scope of an action, with the database that it works on.

    :ivar companies: ids of the guarded companies
    :ivar moves: stock.move records that give back what they reserve too much
    :ivar bool loose_all: nothing that is reserved is checked
    """

    def __init__(self, companies):
        super().__init__()
        self.companies = companies
        self.moves = None
        self.loose_all = False

    def begin(self, quants, places, tree, loose, moves, lines):
        """Take part in the action; see ``stock.quant._guard_stock``."""
        if moves:
            self.moves = moves if self.moves is None else self.moves | moves
        if lines:
            self.note_lines(lines)
        if places:
            self.lock_places(quants, places, tree, loose)

    def note_lines(self, lines):
        """The action is about these lines, and does not stand in its own way."""
        self.lines.update(lines.ids)
        self.note_moves(lines.move_id)

    def note_moves(self, moves):
        """Pieces that are counted, or broken, are gone, whoever has them reserved."""
        real = moves.sudo().filtered(lambda move: move.is_inventory or move.scrap_id)
        self.loose.update(real.product_id.ids)

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
        if (product.id, location.id) in self.places:
            return True
        path = (location.parent_path or "").split("/")
        return self.has(product.id, location.id, [int(part) for part in path if part])

    def _lock(self, quants, product_ids, location_ids, tree):
        products = quants.env["product.product"].sudo().browse(sorted(product_ids))
        locations = quants.env["stock.location"].sudo().browse(sorted(location_ids))
        rows = quants.sudo()._lock_shelves(products, locations, self.companies, tree)
        for shelf, lots in add_rows(rows).items():
            self.before.setdefault(shelf, lots)
        pairs = {(p, place) for p in product_ids for place in location_ids}
        (self.trees if tree else self.places).update(pairs)

    def change_places(self, quants, places):
        """Lock the places, and note that something is about to change there."""
        self.lock_places(quants, places)
        for product, location in places:
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
        after, problems = self._compare(quants)
        if problems and all(kind for _shelf, kind, _more in problems):
            lines = self._get_lines_that_yield(quants)
            for shelf, _kind, more in problems if lines else ():
                lines._give_back(shelf, more)
            after, problems = self._compare(quants) if lines else (after, problems)
        if problems:
            stock_turn.ensure_fresh(quants.env.cr, [row[0][0] for row in problems])
            raise UserError(
                quants._get_refusal(problems, self.before, after, self.lines)
            )

    def _get_lines_that_yield(self, quants):
        """Lines that nobody typed, and those of transfers that are never refused."""
        typed = quants.env["stock.move.line"].browse(self.lines).exists()
        yielding = typed.filtered(lambda line: line.move_id._yields_to_guard())
        if self.moves is not None:
            yielding |= self.moves.sudo().move_line_ids
        return yielding.sorted("id")

    def _compare(self, quants):
        """What is on the shelves now, and what is wrong with it."""
        rows = quants._read_shelves(self.touched)
        self._put_rows_together(quants, rows)
        after = add_rows(row[:-1] for row in rows)
        problems = [
            problem
            for problem in self.get_problems(after)
            if self._is_problem(quants, problem)
        ]
        return after, problems

    def _is_problem(self, quants, problem):
        shelf, kind, more = problem
        if more < DUST or (kind and self.loose_all):
            return False
        uom = quants.env["product.product"].browse(shelf[0]).uom_id
        return not uom.is_zero(more)

    def _put_rows_together(self, quants, rows):
        """No quant is below zero while another one of its shelf has pieces."""
        groups = {}
        for row in rows:
            if row[:2] in self.touched:
                groups.setdefault(row[:5], []).append(row)
        for group in groups.values():
            if len(group) > 1 and any(
                (row[5] or 0.0) < -DUST or (row[5] or 0.0) - row[6] < -DUST
                for row in group
            ):
                quants.browse([row[-1] for row in group])._put_together()
