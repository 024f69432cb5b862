from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

#: From the least advanced on; the part of a line is where its last piece is.
STOCK_STATES = [
    ("needed", "To order"),
    ("ordered", "Ordered"),
    ("in_stock", "In stock"),
    ("arrived", "Arrived"),
    ("reserved", "Reserved"),
    ("picked", "Picked"),
    ("fitted", "Fitted"),
    ("returned", "Returned"),
]
#: Lines whose states are looked up at once.
BATCH = 1000
#: Pieces that lie in the house, or are in the car.
HERE_STATES = ("in_stock", "arrived", "reserved", "picked", "fitted", "returned")


class SaleOrderLine(models.Model):
    """Where the part of a line is: on order, on the shelf, in the box, in the car."""

    _inherit = "sale.order.line"

    stock_state = fields.Selection(
        STOCK_STATES,
        string="Part is",
        compute="_compute_stock_state",
        store=True,
        readonly=False,
        copy=False,
        help="Where the part of the job is; of several pieces the last one counts.",
    )
    stock_eta = fields.Datetime(
        string="Expected",
        compute="_compute_stock_state",
        store=True,
        readonly=False,
        copy=False,
        help="When the last piece that is on its way will be here.",
    )
    stock_here_qty = fields.Float(
        string="Here",
        digits="Product Unit",
        compute="_compute_stock_state",
        store=True,
        readonly=False,
        copy=False,
        help="How many pieces are in the house or in the car, in the unit of the line.",
    )
    stock_to_order = fields.Float(
        string="Nobody cares for",
        digits="Product Unit",
        compute="_compute_stock_state",
        store=True,
        readonly=False,
        copy=False,
        help="How many pieces are neither here nor on order, in the unit of the line.",
    )

    # Which parts wait when the shelf of a product changes.
    _stock_state_idx = models.Index(
        "(product_id, stock_state) WHERE stock_state IS NOT NULL"
    )

    def _auto_init(self):
        """Columns first: nobody waits for the states of a company's old sales.

        The installation looks where the parts of open visits are, see
        ``_start_stock_states``.
        """
        columns = {
            "stock_state": "varchar",
            "stock_eta": "timestamp",
            "stock_here_qty": "numeric",
            "stock_to_order": "numeric",
        }
        for name, kind in columns.items():
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    @api.model
    def _start_stock_states(self):
        """Look where the parts of open visits are; called at the installation."""
        lines = self.search(
            [
                ("work_order_id.state", "=", "open"),
                ("kind", "=", "part"),
                ("state", "=", "sale"),
            ]
        )
        for number in range(0, len(lines), BATCH):
            lines[number : number + BATCH]._refresh_stock_state()

    @api.depends(
        "state",
        "kind",
        "product_uom_qty",
        "qty_delivered",
        "job_id.state",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.location_id",
        "move_ids.move_orig_ids.state",
        "move_ids.move_orig_ids.date",
        "move_ids.created_purchase_line_ids.state",
        "purchase_line_ids.state",
        "purchase_line_ids.product_qty",
        "purchase_line_ids.date_planned",
    )
    def _compute_stock_state(self):
        values = self._get_stock_values()
        nothing = self._prepare_no_stock_values()
        for line in self:
            line.update(values.get(line, nothing))

    @api.model_create_multi
    def create(self, vals_list):
        """A new line has no moves: where its part is needs not be looked up."""
        nothing = self._prepare_no_stock_values()
        return super().create([{**nothing, **vals} for vals in vals_list])

    @api.model
    def _prepare_no_stock_values(self):
        """Values of a line whose part the stock knows nothing of."""
        return {
            "stock_state": False,
            "stock_eta": False,
            "stock_here_qty": 0.0,
            "stock_to_order": 0.0,
        }

    def _get_stock_values(self):
        """Where the parts of the lines are; a constant number of queries.

        Extend it where somebody else knows more of a part: its supplier, say.

        :return: dict of line to values as of ``_prepare_no_stock_values``; lines
            that are not in it have no state
        """
        kept = self.filtered(lambda line: line._is_part_of_stock())
        kept._fetch_for_pieces()
        found = {line: line._count_pieces() for line in kept}
        kept._share_free_stock(found)
        return {line: line._prepare_stock_values(*found[line]) for line in kept}

    def _is_part_of_stock(self):
        """Whether the line is an approved part whose stock is kept."""
        self.ensure_one()
        if (
            self.state != "sale"
            or self.kind != "part"
            or not self.work_order_id
            or self.qty_delivered_method != "stock_move"
        ):
            return False
        return self.is_storable or any(self.move_ids.mapped("product_id.is_storable"))

    def _prepare_stock_values(self, pieces, dates):
        """Values of the line for its pieces.

        :param dict pieces: quantity by key of STOCK_STATES, in the unit of the line
        :param list dates: when what is ordered comes
        """
        self.ensure_one()
        unit = self.product_uom_id
        there = [
            state
            for state in self._get_stock_ranks()
            if unit.compare(pieces.get(state, 0.0), 0.0) > 0
        ]
        # What came back is no part of what is left on the job.
        state = (there or [False])[0]
        return {
            "stock_state": state,
            "stock_eta": max(dates, default=False) if "ordered" in there else False,
            "stock_here_qty": sum(pieces.get(name, 0.0) for name in HERE_STATES),
            "stock_to_order": unit.round(pieces.get("needed", 0.0)),
        }

    @api.model
    def _get_stock_ranks(self):
        """Keys of the states, the least advanced first."""
        return [state for state, _label in STOCK_STATES]

    @api.model
    def _get_waiting_stock_states(self):
        """States that change when somebody takes or brings pieces of the product."""
        return ["needed", "ordered", "in_stock"]

    def _refresh_stock_state(self):
        """Look again: the shelf changed, though nothing of the line did."""
        if not self:
            return
        # What is known is not written again: nobody waits for a row in vain.
        names = list(self._prepare_no_stock_values())
        self.fetch(names)
        self.env.add_to_compute(self._fields["stock_state"], self)
        self.modified(names)  # lights follow
        self.env.flush_all()
