from odoo import api, fields, models

from odoo.addons.auto_service_base.models.auto_service_job import PRICE_GROUPS


class SaleOrderLine(models.Model):
    """What a part of an estimate costs, and the deposit for the old part."""

    _inherit = "sale.order.line"

    core_of_line_id = fields.Many2one(
        "sale.order.line",
        string="Deposit for",
        index="btree_not_null",
        copy=False,
        ondelete="cascade",
        help="Part whose old one the deposit is for.",
    )
    core_line_ids = fields.One2many(
        "sale.order.line",
        "core_of_line_id",
        string="Core deposits",
        help="Deposit for the old part.",
    )
    is_core_returned = fields.Boolean(
        string="Old part came back",
        readonly=True,
        copy=False,
        help="The customer gave the old part back: the deposit is not billed, or it is "
        "refunded.",
    )
    can_be_core_returned = fields.Boolean(
        compute="_compute_can_be_core_returned",
        string="Waits for the old part",
        help="The deposit is approved and the old part did not come back yet.",
    )
    part_cost = fields.Float(
        compute="_compute_part_cost",
        digits="Product Price",
        groups=PRICE_GROUPS,
        help="Cost of one unit, in the currency of the company: of parts that a "
        "supplier offered what he asks, else what the product costs.",
    )
    part_margin_percent = fields.Float(
        string="Margin",
        compute="_compute_part_margin",
        groups="auto_service_base.group_margin",
        help="Price less cost, as a share of the price.",
    )
    is_below_cost = fields.Boolean(
        compute="_compute_is_below_cost",
        groups=PRICE_GROUPS,
        help="The line is sold for less than it costs.",
    )

    @api.depends("core_of_line_id", "is_core_returned", "state")
    def _compute_can_be_core_returned(self):
        for line in self:
            line.can_be_core_returned = (
                bool(line.core_of_line_id)
                and line.state == "sale"
                and not line.is_core_returned
            )

    @api.depends("product_id", "product_uom_qty", "parts_offer_id")
    def _compute_part_cost(self):
        for line in self.sudo():  # advisors have no rights on costs of products
            quantity = line._get_offered_qty()
            line.part_cost = line._get_cost_of(quantity or 1.0) / (quantity or 1.0)

    @api.depends("product_id", "product_uom_qty", "parts_offer_id", "price_subtotal")
    def _compute_part_margin(self):
        for line in self.sudo():  # the right to see margins opens costs as well
            price = line._to_company_currency(line.price_subtotal)
            line.part_margin_percent = line._get_margin() / price if price else 0.0

    @api.depends("product_id", "product_uom_qty", "parts_offer_id", "price_subtotal")
    def _compute_is_below_cost(self):
        for line in self.sudo():  # advisors have no rights on costs of products
            currency = line.company_id.currency_id
            line.is_below_cost = bool(
                line.kind == "part"
                and line.product_uom_qty
                and currency.compare_amounts(line._get_margin(), 0.0) < 0
            )

    # Cost and price -----------------------------------------------------------

    def _get_cost(self):
        """Parts that lie in no stock cost what the supplier asks."""
        self.ensure_one()
        if self.parts_offer_id or self.core_of_line_id:
            return self._get_cost_of(self.product_uom_qty)
        return super()._get_cost()

    def _get_margin(self):
        """Price without taxes less cost, in the currency of the company."""
        self.ensure_one()
        return self._to_company_currency(self.price_subtotal) - self._get_cost()

    def _get_cost_of(self, quantity):
        """Cost of a quantity of the line, in the currency of the company."""
        self.ensure_one()
        offer_sudo = self.sudo().parts_offer_id  # costs of offers
        if offer_sudo and offer_sudo.kind != "own":
            return self._to_pieces(quantity) * offer_sudo.cost
        core_sudo = self.sudo().core_of_line_id.parts_offer_id
        if core_sudo:  # the supplier asks the same deposit
            return quantity * core_sudo._to_company_currency(core_sudo.core_price)
        product = self.product_id.with_company(self.company_id)
        return self._to_pieces(quantity) * product.standard_price

    def _to_pieces(self, quantity):
        """Quantity of the line in the unit of its product."""
        self.ensure_one()
        if not self.product_id:
            return quantity
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _get_price_by_rules(self):
        """Price of the offered part for who pays the estimate, as on the line."""
        self.ensure_one()
        offer = self.parts_offer_id
        price = offer._get_unit_price(self.order_id, self.product_id)
        return self.product_id.uom_id._compute_price(price, self.product_uom_id)

    def _is_priced_by_rules(self):
        """Whether nobody typed another price."""
        self.ensure_one()
        price = self._get_price_by_rules()
        return not self.currency_id.compare_amounts(price, self.price_unit)

    def _set_price_by_rules(self):
        """Price the lines again; called when somebody else pays."""
        for line in self:
            line.write(
                {"price_unit": line._get_price_by_rules(), "technical_price_unit": 0.0}
            )

    def _get_snapshot(self):
        """Offer and deposit stay known when the customer puts the job off."""
        return {
            **super()._get_snapshot(),
            "parts_offer_id": self.parts_offer_id.id,
            "core_of_line_id": self.core_of_line_id.id,
        }

    # Core deposits ------------------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if "product_id" in vals:
            self._forget_other_offer()
        if "product_uom_qty" in vals and "declined_qty" not in vals:
            self._follow_quantity_of_part()
        return res

    def _forget_other_offer(self):
        """Another part than the one that was offered: its cost is its own."""
        lines = self.filtered("parts_offer_id")
        lines.filtered(
            lambda line: line.parts_offer_id.sudo().product_id != line.product_id
        ).write({"parts_offer_id": False})

    def unlink(self):
        """A deposit goes with its part."""
        return super(SaleOrderLine, self | self.core_line_ids).unlink()

    def _follow_quantity_of_part(self):
        """As many deposits as parts."""
        for line in self.core_line_ids:
            quantity = line.core_of_line_id.product_uom_qty
            if line.product_uom_id.compare(line.product_uom_qty, quantity):
                line.product_uom_qty = quantity

    def action_core_returned(self):
        """The old part came back: the deposit is not billed, or it is refunded."""
        lines = self.filtered("can_be_core_returned")
        lines.check_access("write")
        lines.write({"qty_delivered": 0.0, "is_core_returned": True})
        for line in lines:
            # Parts people take old parts back; the chatter of jobs is the advisors'.
            line.job_id.sudo()._message_log(
                body=self.env._("%(line)s: the old part came back.", line=line.name),
                author_id=self.env.user.partner_id.id,
            )
