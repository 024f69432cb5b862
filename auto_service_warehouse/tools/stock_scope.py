"""What one action did to the shelves: how much more is missing after it than before."""


def get_shortage(lots, is_free=False):
    """What is missing in one place, when pieces without a lot stand in for any lot.

    :param dict lots: quantity (or free quantity) by lot; None is "without a lot"
    :param bool is_free: these are free quantities: what is promised without a lot is
        kept by a free piece of any lot
    :return: quantity, 0 when nothing is missing
    """
    missing = sum(max(0.0, -quantity) for lot, quantity in lots.items() if lot)
    loose = lots.get(None, 0.0)
    if is_free and loose < 0:
        spare = sum(max(0.0, quantity) for lot, quantity in lots.items() if lot)
        loose = min(0.0, loose + spare)
    return max(0.0, missing - loose)


class StockScope:
    """Locked places of an action, with what was there before it.

    A place is (product, location); a shelf is a place with package and owner.

    :ivar dict before: rows by shelf and lot, each [quantity, reserved]
    :ivar set touched: places where something changed
    :ivar set loose: products that may be reserved beyond what is there: reality wins
    :ivar set lines: ids of the move lines that the action is about
    """

    def __init__(self):
        self.before = {}
        self.lines = set()
        self.places = set()
        self.trees = set()
        self.touched = set()
        self.loose = set()

    def has(self, product_id, location_id, path):
        """Whether the place is locked already.

        :param path: ids of the location and all that it lies in
        """
        return (product_id, location_id) in self.places or any(
            (product_id, parent) in self.trees for parent in path
        )

    def get_problems(self, after):
        """Shelves where more is missing than before.

        :param dict after: as ``before``
        :return: list of (shelf, kind, pieces that are missing more), where kind is 0
            for what is there and 1 for what is free
        """
        problems = []
        for shelf, lots in after.items():
            if shelf[:2] not in self.touched:
                continue
            before = self.before.get(shelf, {})
            for kind in (0, 1):
                if kind and shelf[0] in self.loose:
                    continue
                more = self._get_level(lots, kind) - self._get_level(before, kind)
                if more > 0:
                    problems.append((shelf, kind, more))
        return problems

    @staticmethod
    def _get_level(lots, kind):
        """Shortage of the shelf, of all pieces or of the free ones."""
        return get_shortage(
            {
                lot: quantity - (reserved if kind else 0.0)
                for lot, (quantity, reserved) in lots.items()
            },
            is_free=bool(kind),
        )


def add_rows(rows, shelves=None):
    """Add up rows of quants by shelf and lot.

    :param rows: (product, location, package, owner, lot, quantity, reserved)
    :return: dict
    """
    shelves = {} if shelves is None else shelves
    for *shelf, lot, quantity, reserved in rows:
        lots = shelves.setdefault(tuple(shelf), {})
        level = lots.setdefault(lot, [0.0, 0.0])
        level[0] += quantity or 0.0
        level[1] += reserved or 0.0
    return shelves
