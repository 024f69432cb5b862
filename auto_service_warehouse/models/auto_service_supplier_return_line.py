from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("surplus", "Not needed"),
    ("wrong", "Wrong part"),
    ("defective", "Defective"),
    ("core", "Old part"),
]


class AutoServiceSupplierReturnLine(models.Model):
    """A part that goes back to a supplier."""

    _name = "auto.service.supplier.return.line"
    _description = "Part Sent Back"
    _order = "id"
    _rec_name = "product_id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "auto.service.supplier.return",
        required=True,
        index=True,
        ondelete="cascade",
        help="Return that it is on.",
    )
    partner_id = fields.Many2one(
        related="return_id.partner_id", help="Who takes the part back."
    )
    state = fields.Selection(
        related="return_id.state", string="State", help="State of the return."
    )
    currency_id = fields.Many2one(
        related="return_id.currency_id", help="Currency of the credit."
    )
    company_id = fields.Many2one(
        related="return_id.company_id",
        store=True,
        precompute=True,
        help="Company that sends the part back.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="What goes back.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the quantity."
    )
    tracking = fields.Selection(
        related="product_id.tracking",
        string="Tracked by",
        help="Whether lots or serial numbers are kept.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
        check_company=True,
        help="Which piece goes back, where that is kept.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How many, in the unit of the product.",
    )
    reason = fields.Selection(
        REASONS, default="surplus", required=True, help="Why it goes back."
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Bin",
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [company_id, False])]",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Where it lies; pieces of the bins below it are taken, too.",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Bought on",
        domain="[('product_id', '=', product_id), ('order_id.partner_id', '=', "
        "partner_id), ('qty_received', '>', 0)]",
        compute="_compute_purchase_line_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Line of the purchase order that brought it.",
    )
    core_id = fields.Many2one(
        "auto.service.core",
        string="Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The old part of this deposit goes back; it lies in no stock.",
    )
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="Credit that is expected for one, without taxes.",
    )
    move_ids = fields.One2many(
        "stock.move",
        "supplier_return_line_id",
        string="Stock moves",
        readonly=True,
        help="Moves that take it out of the stock.",
    )
    quantity_sent = fields.Float(
        string="Sent",
        digits="Product Unit",
        compute="_compute_quantity_sent",
        store=True,
        help="How many are gone, less what the supplier did not take.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        help="Credit that is expected, without taxes.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity that goes back must be above zero."
    )

    @api.depends("product_id", "company_id", "core_id", "quantity", "reason")
    def _compute_location_id(self):
        """The bin with the most free pieces, else the stock of the warehouse."""
        for line in self:
            if line.core_id or not line.product_id:
                line.location_id = False
            elif not line.location_id:
                line.location_id = line._find_location()

    @api.depends("product_id", "return_id.partner_id", "core_id")
    def _compute_purchase_line_id(self):
        for line in self:
            kept = line.purchase_line_id
            if line.core_id:
                line.purchase_line_id = line.core_id.purchase_line_id
            elif kept.product_id != line.product_id or (
                kept.partner_id.commercial_partner_id
                != line.partner_id.commercial_partner_id
            ):
                line.purchase_line_id = line._find_purchase_line()

    @api.depends("purchase_line_id", "core_id", "currency_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line._get_price()

    @api.depends(
        "return_id.state",
        "quantity",
        "core_id",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.returned_move_ids.state",
        "move_ids.returned_move_ids.quantity",
    )
    def _compute_quantity_sent(self):
        for line in self:
            if line.core_id:
                is_gone = line.return_id.state in ("sent", "credited")
                line.quantity_sent = line.quantity if is_gone else 0.0
                continue
            back = line.move_ids.returned_move_ids
            line.quantity_sent = line._sum_done(line.move_ids) - line._sum_done(back)

    @api.depends("return_id.state", "quantity", "quantity_sent", "price_unit")
    def _compute_amount(self):
        for line in self:
            is_gone = line.return_id.state in ("sent", "credited")
            quantity = line.quantity_sent if is_gone else line.quantity
            line.amount = quantity * line.price_unit

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.return_id._ensure_state("draft")
        return lines

    def write(self, vals):
        if {"product_id", "quantity", "location_id", "lot_id"} & vals.keys():
            self.return_id._ensure_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self.return_id._ensure_state("draft", "cancelled")

    @api.constrains("return_id", "purchase_line_id")
    def _check_supplier(self):
        """Nobody takes back what somebody else sold."""
        for line in self:
            seller = line.purchase_line_id.partner_id.commercial_partner_id
            if seller and seller != line.partner_id.commercial_partner_id:
                raise UserError(
                    line.env._(
                        "%(part)s was bought from %(seller)s, not from %(supplier)s. "
                        "Choose another purchase, or make a return to %(seller)s.",
                        part=line.product_id.display_name,
                        seller=seller.display_name,
                        supplier=line.partner_id.display_name,
                    )
                )

    def _sum_done(self, moves):
        """Pieces of done moves, in the unit of the product."""
        self.ensure_one()
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            for move in moves
            if move.state == "done"
        )

    def _find_location(self):
        """Where the free pieces lie; defective ones wait in a place of their own.

        :return: stock.location record: one bin that has all of it, else the stock of
            the warehouse that has most
        """
        self.ensure_one()
        quants = self._get_quants().filtered(
            lambda quant: quant.location_id._is_for_defective()
            == (self.reason == "defective")
        )
        quants = quants.sorted(lambda quant: -quant.available_quantity)
        enough = quants.filtered(
            lambda quant: self.uom_id.compare(quant.available_quantity, self.quantity)
            >= 0
        )
        if enough or len(quants) == 1:
            return (enough or quants)[0].location_id
        warehouse = quants.location_id.warehouse_id[:1]
        return warehouse.lot_stock_id or self._get_main_location()

    def _get_quants(self):
        """What lies anywhere of the part."""
        self.ensure_one()
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("location_id.usage", "=", "internal"),
                ("company_id", "=", self.company_id.id),
                ("quantity", ">", 0),
            ]
        )

    def _get_main_location(self):
        warehouses = self.env["stock.warehouse"]
        return warehouses.search(
            [("company_id", "=", self.company_id.id)], limit=1
        ).lot_stock_id

    def _find_purchase_line(self):
        """The last purchase from the supplier of which something is left to return.

        :return: purchase.order.line record
        """
        self.ensure_one()
        lines = self._get_purchase_lines(self.partner_id)
        return lines.filtered(
            lambda line: line.product_uom_id.compare(line.qty_received, 0.0) > 0
        )[:1]

    def _get_purchase_lines(self, partner):
        """Confirmed purchases of the part, the latest first.

        :param partner: res.partner record; empty for any supplier
        """
        domain = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id or self.env.company.id),
            ("order_id.state", "=", "purchase"),
        ]
        if partner:
            domain.append(("partner_id", "child_of", partner.commercial_partner_id.id))
        if not self.product_id:
            return self.env["purchase.order.line"]
        return self.env["purchase.order.line"].search(domain, order="id desc", limit=20)

    def _get_price(self):
        """What one cost, in the currency of the return."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.core_id:
            return self.core_id.currency_id._convert(
                self.core_id.amount_unit, self.currency_id, self.company_id, today
            )
        bought = self.purchase_line_id
        if not bought:
            product = self.product_id.with_company(self.company_id)
            return self.company_id.currency_id._convert(
                product.standard_price, self.currency_id, self.company_id, today
            )
        price = bought.product_uom_id._compute_price(
            bought.price_unit_discounted, self.uom_id
        )
        return bought.currency_id._convert(
            price, self.currency_id, self.company_id, today, round=False
        )
