"""A parts counter where many people take from the same shelves at the same moment."""

import contextlib
import itertools

import harness
from crowd import at_once

PICKING = "stock.picking"
MOVE = "stock.move"
LINE = "stock.move.line"
QUANT = "stock.quant"
NUMBERS = itertools.count(1)

# Shelves of ours: what is there, what is promised, and what the papers say.
SHELF = """
    FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
   WHERE q.product_id IN ({products})
     AND (l.usage = 'internal' OR l.usage = 'transit' AND l.company_id IS NOT NULL)
"""
NEGATIVE = (
    "SELECT q.product_id, l.complete_name, q.quantity"
    + SHELF
    + "AND round(q.quantity::numeric, 4) < 0"
)
PROMISED = (
    "SELECT q.product_id, l.complete_name, sum(q.quantity), sum(q.reserved_quantity)"
    + SHELF
    + "GROUP BY 1, 2 HAVING round((sum(coalesce(q.quantity, 0))"
    " - sum(q.reserved_quantity))::numeric, 4) < 0"
)
# Every piece that came or went is on paper, and every paper on the shelf.
MOVED = """
    WITH moved AS (
        SELECT product_id, location_dest_id AS location_id, quantity_product_uom
          FROM stock_move_line WHERE state = 'done'
         UNION ALL
        SELECT product_id, location_id, -quantity_product_uom
          FROM stock_move_line WHERE state = 'done'
    ), papers AS (
        SELECT product_id, location_id, sum(quantity_product_uom) AS quantity
          FROM moved GROUP BY 1, 2
    ), shelves AS (
        SELECT product_id, location_id, sum(quantity) AS quantity
          FROM stock_quant GROUP BY 1, 2
    )
    SELECT product_id, location_id, papers.quantity, shelves.quantity
      FROM papers FULL JOIN shelves USING (product_id, location_id)
     WHERE product_id IN ({products})
       AND round((coalesce(papers.quantity, 0)
                  - coalesce(shelves.quantity, 0))::numeric, 4) <> 0
"""
# What the shelves say is promised, and the documents that it is promised to.
RESERVED = """
    WITH wanted AS (
        SELECT line.product_id, line.location_id,
               sum(line.quantity_product_uom) AS quantity
          FROM stock_move_line line JOIN stock_location l ON l.id = line.location_id
         WHERE line.state IN ('assigned', 'partially_available', 'confirmed', 'waiting')
           AND (l.usage = 'internal'
                OR l.usage = 'transit' AND l.company_id IS NOT NULL)
         GROUP BY 1, 2
    ), shelves AS (
        SELECT product_id, location_id, sum(reserved_quantity) AS quantity
          FROM stock_quant GROUP BY 1, 2
    )
    SELECT product_id, location_id, wanted.quantity, shelves.quantity
      FROM wanted FULL JOIN shelves USING (product_id, location_id)
     WHERE product_id IN ({products})
       AND round((coalesce(wanted.quantity, 0)
                  - coalesce(shelves.quantity, 0))::numeric, 4) <> 0
"""
CHECKS = {
    "below zero": NEGATIVE,
    "promised beyond what is there": PROMISED,
    "papers and shelves differ": MOVED,
    "reservations and documents differ": RESERVED,
}


class StockDesk:
    """Drives transfers over HTTP.

    :param list sessions: WebClient of managers, one per person
    :param server: harness.OdooServer
    """

    def __init__(self, sessions, server):
        self.sessions = sessions
        self.server = server
        self.database = server.database
        names = ["lot_stock_id", "out_type_id", "int_type_id", "in_type_id"]
        [warehouse] = self.call(
            "stock.warehouse", "search_read", [["company_id", "=", 1]], names, limit=1
        )
        self.stock, self.out, self.internal, self.receipts = (
            warehouse[name][0] for name in names
        )
        self.customers = self.find_id("stock.stock_location_customers")
        self.suppliers = self.find_id("stock.stock_location_suppliers")
        self.unit = self.find_id("uom.product_uom_unit")

    def warm_up(self):
        """Every worker has read its caches, so that nobody comes late."""
        for _turn in range(2):
            parts = self.create_parts(len(self.sessions), quantity=1)
            transfers = self.deliveries(*([(part, 1)] for part in parts))
            at_once(
                *(
                    self.validating(session, transfer)
                    for session, transfer in zip(self.sessions, transfers, strict=True)
                )
            )

    def call(self, model, method, *args, **kwargs):
        return self.sessions[0].call(model, method, *args, **kwargs)

    def query(self, sql):
        return harness.query(self.database, sql)

    def find_id(self, name):
        module, name = name.split(".")
        sql = "SELECT res_id FROM ir_model_data WHERE module = '{}' AND name = '{}'"
        return int(self.query(sql.format(module, name))[0][0])

    # The switch ---------------------------------------------------------------

    def switch(self, on):
        values = {"auto_service_stock_guard": on}
        self.call("res.company", "write", [1], values)

    @contextlib.contextmanager
    def guard_off(self):
        """As the host is without us."""
        self.switch(False)
        try:
            yield
        finally:
            self.switch(True)

    # What there is --------------------------------------------------------------

    def create_parts(self, count=1, quantity=0, **values):
        """Ids of new products, each with so many pieces on the shelf."""
        names = [f"Part {next(NUMBERS)}" for _part in range(count)]
        parts = self.call(
            "product.product",
            "create",
            [{"name": name, "is_storable": True, **values} for name in names],
        )
        if quantity:
            self.put(parts, quantity)
        return parts

    def put(self, parts, quantity, location=None):
        """Count so many pieces of each onto the shelf."""
        context = {"inventory_mode": True}
        values = [
            {
                "product_id": part,
                "location_id": location or self.stock,
                "inventory_quantity": quantity,
            }
            for part in parts
        ]
        quants = self.call(QUANT, "create", values, context=context)
        self.call(QUANT, "action_apply_inventory", quants)

    def create_bin(self, name):
        values = {"name": name, "location_id": self.stock, "usage": "internal"}
        return self.call("stock.location", "create", [values])[0]

    def split(self, part, first):
        """The same pieces in two rows, as the host leaves them after a collision."""
        columns = "product_id, location_id, company_id, in_date, create_uid, write_uid"
        self.query(
            f"INSERT INTO stock_quant ({columns}, quantity, reserved_quantity)"
            f" SELECT {columns}, quantity - {first}, 0 FROM stock_quant"
            f"  WHERE product_id = {part} AND location_id = {self.stock};"
            f" UPDATE stock_quant SET quantity = {first}"
            f"  WHERE product_id = {part} AND location_id = {self.stock}"
            f"    AND id = (SELECT min(id) FROM stock_quant WHERE product_id = {part}"
            f"                 AND location_id = {self.stock})"
        )

    # Transfers ------------------------------------------------------------------

    def prepare(self, wanted, kind=None, source=None, target=None):
        """Values of a transfer.

        :param wanted: list of (part, quantity)
        :param kind: id of the operation type; a delivery when omitted
        """
        places = {
            "location_id": source or self.stock,
            "location_dest_id": target or self.customers,
        }
        lines = [
            {
                "product_id": part,
                "product_uom_qty": quantity,
                "product_uom": self.unit,
                **places,
            }
            for part, quantity in wanted
        ]
        return {
            "picking_type_id": kind or self.out,
            "move_ids": [[0, 0, line] for line in lines],
            **places,
        }

    def create_transfers(self, values, confirm=True):
        """Ids of transfers; the host reserves when they are confirmed."""
        transfers = self.call(PICKING, "create", values)
        if confirm:
            self.call(PICKING, "action_confirm", transfers)
        return transfers

    def deliveries(self, *wishes, confirm=True):
        """A delivery for each wish: a list of (part, quantity)."""
        return self.create_transfers([self.prepare(w) for w in wishes], confirm)

    def confirming(self, session, transfer):
        return lambda: session.call(PICKING, "action_confirm", [transfer])

    def validating(self, session, transfer):
        return lambda: session.call(
            PICKING, "button_validate", [transfer], context={"skip_backorder": True}
        )

    def insisting(self, session, transfer):
        """Type the whole quantity, whatever is reserved, and validate."""
        moves = self.read_moves(transfer)

        def insist():
            for move in moves:
                values = {"quantity": move["product_uom_qty"], "picked": True}
                session.call(MOVE, "write", [move["id"]], values)
            return self.validating(session, transfer)()

        return insist

    def read_moves(self, *transfers):
        names = ["product_uom_qty", "quantity", "state", "product_id", "picking_id"]
        domain = [["picking_id", "in", transfers]]
        return self.call(MOVE, "search_read", domain, names)

    def states(self, transfers):
        rows = self.call(PICKING, "read", transfers, ["state"])
        return [row["state"] for row in rows]

    # What came of it --------------------------------------------------------------

    def on_hand(self, part, location=None):
        return self.sum_of("quantity", part, location)

    def promised(self, part, location=None):
        return self.sum_of("reserved_quantity", part, location)

    def sum_of(self, column, part, location=None):
        place = f" AND l.id = {location}" if location else ""
        sql = f"SELECT coalesce(sum(q.{column}), 0)" + SHELF.format(products=part)
        return float(self.query(sql + place)[0][0])

    def problems(self, parts):
        """What is wrong on the shelves of these parts: a list of (what, row)."""
        products = ",".join(map(str, parts))
        return [
            (name, row)
            for name, sql in CHECKS.items()
            for row in self.query(sql.format(products=products))
        ]
