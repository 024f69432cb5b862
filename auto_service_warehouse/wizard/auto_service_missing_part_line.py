from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AutoServiceMissingPartLine(models.TransientModel):
    """A part of a job that is to be ordered."""

    _name = "auto.service.missing.part.line"
    _description = "Missing Part"
    _order = "id"

    order_id = fields.Many2one(
        "auto.service.missing.part",
        string="Dialog",
        required=True,
        ondelete="cascade",
        help="Dialog that it is on.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Line",
        required=True,
        ondelete="cascade",
        help="Line of the estimate that wants the part.",
    )
    work_order_id = fields.Many2one(
        related="sale_line_id.work_order_id", help="Visit that the part is for."
    )
    product_id = fields.Many2one(
        related="sale_line_id.product_id", string="Part", help="What is ordered."
    )
    uom_id = fields.Many2one(
        related="sale_line_id.product_id.uom_id",
        string="Unit",
        help="Unit of the part.",
    )
    is_ordered = fields.Boolean(
        string="Order", default=True, help="Whether it is ordered now."
    )
    quantity_missing = fields.Float(
        string="Missing",
        digits="Product Unit",
        readonly=True,
        help="How many are missing, in the unit of the part.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Vendor", help="Whom it is ordered from."
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="How many are ordered; at least what the vendor sells at once.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="Currency that the vendor is paid in.",
    )
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        help="Price of one, without taxes, in the currency of the vendor.",
    )
    date_planned = fields.Datetime(
        string="Expected",
        compute="_compute_date_planned",
        store=True,
        readonly=False,
        help="When it will be here.",
    )

    note = fields.Char(
        string="Lies in",
        compute="_compute_note",
        help="Free pieces in other warehouses of the company: bring them instead?",
    )

    @api.depends("partner_id", "quantity_missing")
    def _compute_quantity(self):
        for line in self:
            seller = line._get_seller(None)
            least = seller and seller.product_uom_id._compute_quantity(
                seller.min_qty, line.uom_id, round=False
            )
            line.quantity = max(line.quantity_missing, least or 0.0)

    @api.depends("partner_id")
    def _compute_currency_id(self):
        for line in self:
            company = line.order_id.company_id
            partner = line.partner_id.with_company(company)
            line.currency_id = (
                partner.property_purchase_currency_id or company.currency_id
            )

    @api.depends("partner_id", "quantity")
    def _compute_price_unit(self):
        for line in self:
            seller = line._get_seller(line.quantity) or line._get_seller(None)
            if not seller:
                line.price_unit = 0.0
                continue
            price = seller.product_uom_id._compute_price(
                seller.price_discounted, line.uom_id
            )
            line.price_unit = seller.currency_id._convert(
                price,
                line.currency_id,
                line.order_id.company_id,
                fields.Date.context_today(line),
                round=False,
            )

    @api.depends("partner_id", "quantity")
    def _compute_date_planned(self):
        now = fields.Datetime.now()
        for line in self:
            seller = line._get_seller(line.quantity) or line._get_seller(None)
            line.date_planned = now + timedelta(days=seller.delay)

    def _get_seller(self, quantity):
        """Price of the vendor for the part.

        :param float quantity: in the unit of the part; None: whatever is the least
        :return: product.supplierinfo record, maybe empty
        """
        self.ensure_one()
        if not self.partner_id:
            return self.env["product.supplierinfo"]
        product = self.product_id.with_company(self.order_id.company_id)
        return product._select_seller(
            partner_id=self.partner_id, quantity=quantity, uom_id=self.uom_id
        )

    @api.depends("sale_line_id")
    def _compute_note(self):
        for line in self:
            line.note = line.sale_line_id.sudo()._get_elsewhere_text()

    # Checks --------------------------------------------------------------------

    def _ensure_can_be_ordered(self):
        """What is ticked has a vendor and a quantity."""
        if not self:
            raise UserError(self.env._("Tick what is to be ordered."))
        wrong = self.filtered(
            lambda line: not line.partner_id
            or line.uom_id.compare(line.quantity, 0.0) <= 0
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Choose a vendor and a quantity for %(parts)s, or take the tick "
                    "off.",
                    parts=", ".join(wrong.product_id.mapped("display_name")),
                )
            )

    def _ensure_still_missing(self):
        """Refuse what somebody else ordered while the dialog was open."""
        taken = self.filtered(
            lambda line: line.uom_id.compare(
                line.sale_line_id._get_missing_pieces(), line.quantity_missing
            )
            < 0
        )
        if taken:
            raise UserError(
                self.env._(
                    "Not missing any more: %(parts)s. Somebody ordered it, or it came. "
                    "Close the dialog and look at the work order.",
                    parts=", ".join(taken.product_id.mapped("display_name")),
                )
            )

    # Ordering ------------------------------------------------------------------

    def _get_purchase_key(self):
        """Lines with the same key are on one purchase order."""
        self.ensure_one()
        return (self.partner_id, self.currency_id, self.sale_line_id.warehouse_id)

    def _create_purchase(self):
        """Purchase order of lines of one key.

        :return: purchase.order record
        """
        purchase = self.env["purchase.order"].create(self._prepare_purchase_values())
        purchase.order_line = [
            Command.create(line._prepare_purchase_line_values(purchase))
            for line in self
        ]
        return purchase

    def _prepare_purchase_values(self):
        """Values of the purchase order, without its lines."""
        partner, currency, warehouse = self[0]._get_purchase_key()
        return {
            "partner_id": partner.id,
            "company_id": self.order_id.company_id.id,
            "currency_id": currency.id,
            "picking_type_id": warehouse.in_type_id.id,
            "origin": ", ".join(self.work_order_id.mapped("name")),
        }

    def _prepare_purchase_line_values(self, purchase):
        """Values of the line of ``purchase`` that brings the part for its job."""
        self.ensure_one()
        values = self.env["purchase.order.line"]._prepare_purchase_order_line(
            self.product_id,
            self.quantity,
            self.uom_id,
            purchase.company_id,
            purchase.partner_id,
            purchase,
        )
        values.pop("order_id")
        return {
            **values,
            "price_unit": self.price_unit,
            "technical_price_unit": self.price_unit,
            "discount": 0.0,  # the price has it taken off
            "date_planned": self.date_planned,
            "sale_line_id": self.sale_line_id.id,
        }

    def _tell_work_orders(self, purchases):
        """Note on every work order: what was ordered from whom."""
        for order, lines in self.grouped("work_order_id").items():
            mine = purchases.filtered(
                lambda rec, lines=lines: rec.order_line.sale_line_id
                & lines.sale_line_id
            )
            order.message_post(
                body=self.env._(
                    "Ordered by %(purchases)s: %(parts)s",
                    purchases=", ".join(
                        f"{rec.name} ({rec.partner_id.name})" for rec in mine
                    ),
                    parts=", ".join(
                        f"{line.quantity:g} × {line.product_id.display_name}"
                        for line in lines
                    ),
                )
            )
