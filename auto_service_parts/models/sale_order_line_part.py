from odoo import api, fields, models

from odoo.addons.auto_service_base.models.auto_service_job import PRICE_GROUPS


class SaleOrderLine(models.Model):
    """What a part of an estimate costs, and what is earned with it."""

    _inherit = "sale.order.line"

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
            ordered = self.sudo()._get_ordered_cost()
            cost = offer_sudo.cost if ordered is None else ordered
            return self._to_pieces(quantity) * cost
        core_sudo = self.sudo().core_of_line_id.parts_offer_id
        if core_sudo:  # the supplier asks the same deposit
            return quantity * core_sudo._to_company_currency(core_sudo.core_price)
        product = self.product_id.with_company(self.company_id)
        return self._to_pieces(quantity) * product.standard_price

    def _get_ordered_cost(self):
        """What a piece of the part costs on the purchase orders for the line.

        :return: float in the currency of the company; ``None`` when none is ordered
        """
        self.ensure_one()
        purchases = self.purchase_line_ids.filtered(
            lambda line: line.state == "purchase" and line._is_part_live()
        )
        pieces = sum(purchases.mapped("product_uom_qty"))
        if not pieces:
            return None
        amount = sum(
            line.price_subtotal / (line.order_id.currency_rate or 1.0)
            for line in purchases
        )
        return amount / pieces

    def _to_pieces(self, quantity):
        """Quantity of the line in the unit of its product."""
        self.ensure_one()
        if not self.product_id:
            return quantity
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _get_snapshot(self):
        """The offer stays known when the customer puts the job off."""
        return {**super()._get_snapshot(), "parts_offer_id": self.parts_offer_id.id}

    def write(self, vals):
        res = super().write(vals)
        if "product_id" in vals:
            self._forget_other_offer()
        return res

    def _forget_other_offer(self):
        """Another part than the one that was offered: its cost is its own."""
        lines = self.filtered("parts_offer_id")
        lines.filtered(
            lambda line: line.parts_offer_id.sudo().product_id != line.product_id
        ).write({"parts_offer_id": False})
