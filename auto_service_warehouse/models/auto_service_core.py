from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

HOWS = [
    ("old_part", "Old part was given"),
    ("new_part", "New part came back"),
    ("given_up", "Given up"),
]


class AutoServiceCore(models.Model):
    """A deposit for an old part: given by a customer to us, or by us to a supplier."""

    _name = "auto.service.core"
    _description = "Core Deposit"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    direction = fields.Selection(
        [("taken", "Customer owes it"), ("given", "We owe it")],
        string="Old part",
        required=True,
        index=True,
        help="The customer owes it: he paid the deposit and gets it back for his old "
        "part. We owe it: the supplier gets the old part and pays the deposit back.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        help="Customer or supplier.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="New part that the deposit was for.",
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When the new part was handed over.",
    )
    age_days = fields.Integer(
        compute="_compute_age_days",
        string="Age (days)",
        help="Days since the new part was handed over.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How many old parts are owed.",
    )
    quantity_settled = fields.Float(
        string="Settled",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="How many old parts came back, or were given back, and were paid.",
    )
    quantity_open = fields.Float(
        string="Outstanding",
        digits="Product Unit",
        compute="_compute_quantity_open",
        store=True,
        help="How many old parts are still owed.",
    )
    amount_unit = fields.Monetary(
        string="Deposit", aggregator=None, help="Deposit for one, without taxes."
    )
    amount_open = fields.Monetary(
        string="Amount",
        compute="_compute_quantity_open",
        store=True,
        help="Deposits of the old parts that are still owed, without taxes.",
    )
    state = fields.Selection(
        [("open", "Outstanding"), ("settled", "Settled")],
        compute="_compute_quantity_open",
        store=True,
        index=True,
        help="Outstanding: an old part is still owed.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the deposit.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Company that owes it, or that it is owed to.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Line of the estimate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Line that the new part was issued for.",
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        related="sale_line_id.work_order_id",
        store=True,
        index="btree_not_null",
        help="Visit that the new part was fitted on.",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Purchase line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Line of the purchase order that brought the new part.",
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Bought on",
        help="Purchase order that brought the new part.",
    )
    settlement_ids = fields.One2many(
        "auto.service.core.settlement",
        "core_id",
        string="Settled by",
        readonly=True,
        help="How the old parts were given back, one by one.",
    )
    return_line_ids = fields.One2many(
        "auto.service.supplier.return.line",
        "core_id",
        string="Returns",
        readonly=True,
        help="Returns to the supplier that the old part is on.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A deposit is for more than no old part."
    )
    _never_settled_twice = models.Constraint(
        "CHECK (quantity_settled >= 0 AND quantity_settled <= quantity)",
        "More old parts cannot be settled than are owed.",
    )

    @api.depends("quantity", "quantity_settled", "amount_unit")
    def _compute_quantity_open(self):
        for core in self:
            rest = core.quantity - core.quantity_settled
            core.quantity_open = rest
            core.amount_open = rest * core.amount_unit
            is_open = core.product_id.uom_id.compare(rest, 0.0) > 0
            core.state = "open" if is_open else "settled"

    @api.depends("date")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for core in self:
            core.age_days = (now - core.date).days if core.date else 0

    def write(self, vals):
        fixed = {"partner_id", "product_id", "direction", "company_id"}
        if fixed & vals.keys() and any(core.quantity_settled for core in self):
            raise UserError(
                self.env._(
                    "Old parts of these deposits were settled already: %(parts)s. What "
                    "they were for cannot be changed any more.",
                    parts=", ".join(self.product_id.mapped("display_name")),
                )
            )
        return super().write(vals)

    # Settling -------------------------------------------------------------------

    def _ensure_may_settle(self):
        """Advisors take old parts from customers; the parts desk does all."""
        user = self.env.user
        is_parts = user.has_group("auto_service_base.group_parts")
        is_advisor = user.has_group("auto_service_base.group_advisor")
        if self.env.su or is_parts:
            return
        if not is_advisor or set(self.mapped("direction")) - {"taken"}:
            raise AccessError(
                self.env._("Only the parts desk settles deposits of suppliers.")
            )

    def action_settle(self):
        """The old parts came, or were given back: nothing is outstanding any more."""
        self.check_access("read")
        self._ensure_may_settle()
        for core in self:
            core._settle(core.quantity_open, "old_part")

    def action_give_up(self):
        """Nobody waits for the old part any more; the deposit stays where it is."""
        self.check_access("read")
        self._ensure_may_settle()
        for core in self:
            core._settle(core.quantity_open, "given_up")

    def action_settle_one(self):
        """One of several old parts came, or was given back."""
        self.check_access("read")
        self._ensure_may_settle()
        for core in self:
            core._settle(min(1.0, core.quantity_open), "old_part")

    def _settle(self, quantity, how, return_line=None):
        """Old parts are paid, each once.

        :param float quantity: in the unit of the product
        :param str how: key of HOWS
        :param return_line: auto.service.supplier.return.line record that they went on
        :return: auto.service.core.settlement record
        :raise UserError: when so many are not outstanding any more
        """
        self.ensure_one()
        # settlements are written by nobody
        core_sudo = self.sudo()
        core_sudo._lock_rest()
        rest = core_sudo.quantity_open
        unit = core_sudo.product_id.uom_id
        if unit.compare(quantity, 0.0) <= 0 or unit.compare(quantity, rest) > 0:
            raise UserError(
                self.env._(
                    "%(part)s of %(partner)s: %(rest)s old parts are outstanding, "
                    "%(quantity)s cannot be settled.",
                    part=core_sudo.product_id.display_name,
                    partner=core_sudo.partner_id.display_name,
                    rest=f"{rest:.10g}",
                    quantity=f"{quantity:.10g}",
                )
            )
        core_sudo.quantity_settled += quantity
        settlement = core_sudo.env["auto.service.core.settlement"].create(
            {
                "core_id": self.id,
                "quantity": quantity,
                "how": how,
                "return_line_id": return_line.id if return_line else False,
            }
        )
        core_sudo._after_settled(settlement)
        return settlement

    def _after_settled(self, settlement):
        """Hook: what else follows when an old part was settled.

        :param settlement: auto.service.core.settlement record
        """

    def _lock_rest(self):
        """Wait for whoever settles the same, then start again after him.

        Writing the row, not only locking it, makes the second of two transactions
        start again and see what the first one settled (REPEATABLE READ).
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE auto_service_core SET id = id WHERE id = %s", self.id),
            log_exceptions=False,
        )
        self.invalidate_recordset(["quantity_settled", "quantity_open", "state"])

    def action_return(self):
        """Put the old parts on returns to the suppliers.

        :return: act_window action of the returns
        """
        self.env["auto.service.buy.proposal"]._ensure_may_buy()
        cores = self.filtered(
            lambda core: core.direction == "given"
            and core._get_quantity_to_return() > 0
        )
        if not cores:
            raise UserError(
                self.env._(
                    "These old parts were settled, or are on a return already, or are "
                    "owed by customers: %(parts)s.",
                    parts=", ".join(self.product_id.mapped("display_name")),
                )
            )
        returns = self.env["auto.service.supplier.return"]
        for (company, partner), group in cores.grouped(
            lambda core: (core.company_id, core.partner_id)
        ).items():
            back = returns._get_or_create_draft(partner, company)
            for core in group:
                core._lock_rest()
                core._add_to_return(back)
            returns |= back
        return returns._get_action()

    def _get_quantity_to_return(self):
        """Outstanding old parts that are on no return yet."""
        self.ensure_one()
        waiting = self.return_line_ids.filtered(
            lambda line: line.state in ("draft", "ready")
        )
        return self.quantity_open - sum(waiting.mapped("quantity"))

    def _add_to_return(self, back):
        self.ensure_one()
        return self.env["auto.service.supplier.return.line"].create(
            {
                "return_id": back.id,
                "product_id": self.product_id.id,
                "quantity": self._get_quantity_to_return(),
                "core_id": self.id,
                "reason": "core",
            }
        )
