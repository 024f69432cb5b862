from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: Quantities are told with so many digits; what is less is noise of floats.
DIGITS = 6


#: A row that is for no visit.
NOBODY = dict.fromkeys(
    ("sale_order_id", "sale_order", "job_id", "job", "work_order_id", "work_order")
    + ("plate", "partner"),
    False,
)


class AutoServicePartBalance(models.AbstractModel):
    """One look at a part: where it lies, for whom, what is coming, what was sold.

    Plain SQL by indexes, a fixed number of statements: the host's own figures walk
    through every move that the part ever had.
    """

    _name = "auto.service.part.balance"
    _description = "Balance of a Part"

    # --- for the screen

    @api.model
    def get_balance(self, product_id, params=None):
        """All that is known of a part, in the unit of the product.

        Moments are UTC, as the host writes them; amounts are in ``currency_id`` of the
        row, or of the product.

        :param int product_id: of product.product
        :param dict params: not used yet; for addons that extend the answer
        :return: dict with ``product``, ``rights``, ``totals``, ``warehouses`` (with
            their ``bins``), ``reserved`` and ``wanted`` (for whom), ``orders`` (of
            suppliers), ``incoming`` (transfers and returns), ``sold``, ``bought``,
            ``months`` (in and out) and ``rules`` (minimum and maximum)
        """
        rights = self._get_rights()
        self.env.flush_all()
        product = self._get_product(product_id)
        warehouses = self._get_warehouses(product_id)
        moves = self._get_open_moves(product_id)
        balance = {
            "product": product,
            "rights": rights,
            "warehouses": warehouses,
            "reserved": [it for it in moves if it["kind"] != "in" and it["reserved"]],
            "wanted": [it for it in moves if self._is_wanted(it)],
            "incoming": [it for it in moves if self._is_incoming(it)],
            "totals": self._get_totals(warehouses, moves),
            "orders": self._get_orders(product_id),
            "sold": self._get_sold(product_id),
            "bought": self._get_bought(product_id),
            "months": self._get_months(product_id),
            "rules": self._get_rules(product_id),
        }
        self._add_whom(balance)
        self._hide(balance, rights)
        return balance

    @api.model
    def _add_whom(self, balance):
        """Say of every row for which visit, job and customer it is."""
        rows = [
            *(*balance["reserved"], *balance["wanted"], *balance["incoming"]),
            *(*balance["orders"], *balance["sold"]),
        ]
        line_ids = {row["sale_line_id"] for row in rows if row["sale_line_id"]}
        found = self._fetch(self._select_whom(line_ids)) if line_ids else []
        whom = {row["sale_line_id"]: row for row in found}
        for row in rows:
            known = whom.get(row["sale_line_id"], NOBODY)
            # Suppliers' prices and currencies stay.
            row.update(
                {
                    **known,
                    **row,
                    "partner": known["partner"] or row.get("partner", False),
                }
            )

    @api.model
    def _get_rights(self):
        """What the user may see and do.

        :return: dict of booleans: ``prices`` of sale and names of customers, ``costs``,
            ``stock`` (transfers, counts), ``buy``
        """
        user = self.env.user
        garage = "auto_service_base.group_user"
        rights = {
            "stock": user.has_group("stock.group_stock_user"),
            "buy": user.has_group("purchase.group_purchase_user"),
        }
        if not (self.env.su or rights["stock"] or user.has_group(garage)):
            raise AccessError(
                self.env._("The balance of parts is for people of the garage.")
            )
        desk = ("auto_service_base.group_advisor", "auto_service_base.group_parts")
        rights["costs"] = rights["buy"] or user.has_group(
            "auto_service_base.group_margin"
        )
        rights["prices"] = rights["costs"] or any(map(user.has_group, desk))
        return rights

    @api.model
    def _hide(self, balance, rights):
        """Take out what is not for the user."""
        if not rights["costs"]:
            balance["product"].pop("cost")
            for row in (*balance["orders"], *balance["bought"]):
                row.pop("price")
        if not rights["prices"]:
            balance["product"].pop("price")
            balance["sold"] = []
            for row in (*balance["reserved"], *balance["wanted"], *balance["incoming"]):
                row["partner"] = ""

    # --- what is counted

    @api.model
    def _get_product(self, product_id):
        """The head of the screen."""
        rows = self._fetch(self._select_product(product_id))
        if not rows:
            raise UserError(
                self.env._(
                    "This part is not there any more, or it belongs to another "
                    "company. Look it up by its number."
                )
            )
        return {
            **rows[0],
            "currency_id": self.env.company.currency_id.id,
            "last_counted": self._get_last_counted(product_id),
        }

    @api.model
    def _get_last_counted(self, product_id):
        rows = self._fetch(self._select_last_counted(product_id))
        return rows[0]["date"] if rows else False

    @api.model
    def _get_warehouses(self, product_id):
        """What lies where, warehouse by warehouse."""
        bins = defaultdict(list)
        for row in self._fetch(self._select_bins(product_id)):
            key = row.pop("warehouse_id"), row.pop("warehouse")
            row["free"] = round(row["on_hand"] - row["reserved"], DIGITS)
            bins[key].append(row)
        return [
            {
                "id": warehouse_id,
                "name": name or self.env._("On the way"),
                "bins": rows,
                **{
                    key: round(sum(row[key] for row in rows), DIGITS)
                    for key in ("on_hand", "reserved", "free")
                },
            }
            for (warehouse_id, name), rows in bins.items()
        ]

    @api.model
    def _get_open_moves(self, product_id):
        """Moves that are planned, each with ``kind``: in, out or inside."""
        moves = self._fetch(self._select_open_moves(product_id))
        for move in moves:
            move["reserved"] = round(move["reserved"], DIGITS)
            move["missing"] = round(max(move["quantity"] - move["reserved"], 0), DIGITS)
        return moves

    @api.model
    def _is_wanted(self, move):
        """Somebody waits for pieces that are not reserved.

        The steps of one delivery are one demand: the first of them stands for all.
        """
        return move["kind"] == "out" and move["missing"] > 0 and not move["is_fed"]

    @api.model
    def _is_incoming(self, move):
        """What comes without a purchase: from another warehouse, or back."""
        is_transfer = move["kind"] == "inside" and (
            move["warehouse_id"] != move["to_warehouse_id"]
        )
        return is_transfer or (move["kind"] == "in" and not move["purchase_line_id"])

    @api.model
    def _get_totals(self, warehouses, moves):
        """The figures on top, the host's in one look.

        :return: dict of floats: ``on_hand``, ``reserved``, ``free``, ``coming``,
            ``leaving`` (all that is to be delivered) and ``expected`` (what is left
            when all of it has come and gone)
        """
        totals = {
            key: sum(warehouse[key] for warehouse in warehouses if warehouse["id"])
            for key in ("on_hand", "reserved", "free")
        }
        for key, kind in (("coming", "in"), ("leaving", "out")):
            totals[key] = sum(
                it["quantity"]
                for it in moves
                if it["kind"] == kind and not (kind == "out" and it["is_fed"])
            )
        totals["expected"] = totals["on_hand"] + totals["coming"] - totals["leaving"]
        return {key: round(value, DIGITS) for key, value in totals.items()}

    @api.model
    def _get_orders(self, product_id):
        """Purchases that have not come, the next one first."""
        return self._fetch(self._select_orders(product_id))

    @api.model
    def _get_sold(self, product_id):
        """The last deliveries to customers, and what they brought back."""
        return self._fetch(self._select_sold(product_id))

    @api.model
    def _get_bought(self, product_id):
        """The last purchases."""
        return self._fetch(self._select_bought(product_id))

    @api.model
    def _get_months(self, product_id):
        """What came and went in each of the last twelve months, the oldest first."""
        return self._fetch(self._select_months(product_id))

    @api.model
    def _get_rules(self, product_id):
        """Minimum and maximum of each place."""
        return self._fetch(self._select_rules(product_id))

    @api.model
    def _fetch(self, query):
        """Rows of a statement as plain data.

        :param SQL query: what to ask
        :return: list of dicts; nothing is ``False``, as everywhere in the host
        """
        self.env.cr.execute(query)
        return [
            {key: self._make_plain(value) for key, value in row.items()}
            for row in self.env.cr.dictfetchall()
        ]

    @api.model
    def _make_plain(self, value):
        if value is None:
            return False
        if hasattr(value, "isoformat"):
            return value.isoformat(" ")[:19]
        return value

    @api.model
    def _get_company_clause(self, column):
        """Rows of the companies that the user looks at, and those of none."""
        return SQL(
            "(%(column)s IS NULL OR %(column)s IN %(companies)s)",
            column=SQL.identifier(*column.split(".")),
            companies=tuple(self.env.companies.ids),
        )
