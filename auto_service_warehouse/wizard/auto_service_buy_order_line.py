from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceBuyOrderLine(models.TransientModel):
    """A part that is ordered: how many, from whom, at what price."""

    _name = "auto.service.buy.order.line"
    _description = "Part to Order"
    _order = "partner_id, id"

    wizard_id = fields.Many2one(
        "auto.service.buy.order",
        required=True,
        ondelete="cascade",
        help="Dialog that it is in.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        readonly=True,
        help="What is ordered.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the quantities."
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        readonly=True,
        help="Where it is received.",
    )
    company_id = fields.Many2one(
        related="warehouse_id.company_id", help="Company that orders."
    )
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint",
        string="Reorder rule",
        readonly=True,
        help="Rule that wants it.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", help="Who it is ordered from."
    )
    quantity_needed = fields.Float(
        string="Needed",
        digits="Product Unit",
        readonly=True,
        help="What was short when the dialog was opened.",
    )
    quantity_coming = fields.Float(
        string="On order",
        digits="Product Unit",
        readonly=True,
        help="What was on order when the dialog was opened.",
    )
    quantity = fields.Float(
        string="Order",
        digits="Product Unit",
        help="How many are ordered, in the unit of the product. It is never less than "
        "the supplier's smallest quantity when the dialog opens.",
    )
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="Price of one without taxes, from the supplier's price list for this "
        "quantity; else the last one that he was paid; else what the part costs.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="Currency of the supplier's price.",
    )
    price_subtotal = fields.Monetary(
        string="Total", compute="_compute_price_subtotal", help="Price of all of it."
    )
    job_text = fields.Char(
        string="For", readonly=True, help="Visits whose jobs wait for it."
    )

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for line in self:
            partner = line.partner_id.with_company(line.company_id)
            line.currency_id = (
                line._select_seller().currency_id
                or partner.property_purchase_currency_id
                or line.company_id.currency_id
            )

    @api.depends("product_id", "partner_id", "quantity")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line._get_price()

    @api.depends("price_unit", "quantity")
    def _compute_price_subtotal(self):
        for line in self:
            line.price_subtotal = line.price_unit * line.quantity

    def _prepare_values(self, row):
        """Values of the line of a row of the list.

        :param row: auto.service.buy.proposal record
        """
        quantity = row.quantity_to_order
        if row.reason == "suggest":
            quantity = row._propose_limits()[1]
        if row.orderpoint_id:
            quantity = row.orderpoint_id._get_multiple_rounded_qty(quantity)
        product = row.product_id.with_company(row.company_id)
        sellers = product._prepare_sellers(False).filtered(
            lambda seller: seller.partner_id == row.partner_id
        )
        least = min(sellers.mapped("min_qty"), default=0.0)
        return {
            "product_id": row.product_id.id,
            "warehouse_id": row.warehouse_id.id,
            "orderpoint_id": row.orderpoint_id.id,
            "partner_id": row.partner_id.id,
            "quantity_needed": row.quantity_to_order,
            "quantity_coming": row.quantity_coming,
            "quantity": max(quantity, least),
            "job_text": row.job_text,
        }

    def _select_seller(self):
        """The supplier's price for the quantity.

        :return: product.supplierinfo record, may be empty
        """
        self.ensure_one()
        if not self.partner_id:
            return self.env["product.supplierinfo"]
        return self.product_id.with_company(self.company_id)._select_seller(
            partner_id=self.partner_id,
            quantity=self.quantity,
            date=fields.Date.context_today(self),
            uom_id=self.uom_id,
        )

    def _get_price(self):
        """Price of one product unit, in the currency of the line."""
        self.ensure_one()
        seller = self._select_seller()
        if seller:
            return seller.product_uom_id._compute_price(
                seller.price_discounted, self.uom_id
            )
        last = self._find_last_purchase()
        if not last:
            return self._get_cost()
        price = last.currency_id._convert(
            last.price_unit_discounted,
            self.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )
        return last.product_uom_id._compute_price(price, self.uom_id)

    def _get_cost(self):
        """What one cost until now, where the supplier's price is not known."""
        self.ensure_one()
        if not self.partner_id or not self.product_id:
            return 0.0
        return self.company_id.currency_id._convert(
            self.product_id.with_company(self.company_id).standard_price,
            self.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _find_last_purchase(self):
        """The last confirmed purchase of the part from the supplier.

        :return: purchase.order.line record, may be empty
        """
        self.ensure_one()
        if not self.partner_id or not self.product_id:
            return self.env["purchase.order.line"]
        return self.env["purchase.order.line"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("order_id.state", "=", "purchase"),
            ],
            order="id desc",
            limit=1,
        )

    def _ensure_suppliers(self):
        """Every part has somebody who sells it."""
        orphans = self.filtered(lambda line: not line.partner_id)
        if orphans:
            raise UserError(
                self.env._(
                    "No supplier is known for %(parts)s. Choose one in the line, or "
                    "take the line out.",
                    parts=", ".join(orphans.product_id.mapped("display_name")),
                )
            )

    def _ensure_not_ordered(self):
        """Wait for, and then see, whoever orders the same parts at this moment.

        :raise UserError: names what somebody ordered since the dialog was opened
        """
        guard_sudo = self.env["auto.service.entry.guard"].sudo()  # nobody's table
        for product_id in sorted(set(self.product_id.ids)):
            guard_sudo._enter(f"buy:{product_id}")
        self._lock_jobs()
        proposals = self.env["auto.service.buy.proposal"]
        pairs = [(line.product_id, line.warehouse_id) for line in self]
        fresh = proposals._get_fresh(pairs)
        taken = self.filtered(
            lambda line: line._is_ordered_meanwhile(
                fresh.get((line.product_id, line.warehouse_id), proposals)
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "Somebody ordered meanwhile: %(parts)s. Close the dialog and look "
                    "at the list again.",
                    parts=", ".join(taken.product_id.mapped("display_name")),
                )
            )

    def _lock_jobs(self):
        """Wait for whoever orders for the jobs from their own screens, too."""
        # buyers may have no rights on estimates and deliveries
        moves_sudo = self.env["stock.move"].sudo()
        for line in self:
            moves_sudo |= moves_sudo._get_waiting_for_purchase(
                line.product_id, line.warehouse_id
            )
        moves_sudo.sale_line_id._lock_for_buying()

    def _is_ordered_meanwhile(self, row):
        """Whether more is coming than when the dialog was opened.

        :param row: auto.service.buy.proposal record of now, empty when not short
        """
        self.ensure_one()
        if not row:
            return self.uom_id.compare(self.quantity_needed, 0.0) > 0
        return self.uom_id.compare(row.quantity_coming, self.quantity_coming) > 0

    def _get_order_key(self):
        """Lines with the same key go on one purchase order."""
        self.ensure_one()
        return self.partner_id, self.warehouse_id, self.currency_id
