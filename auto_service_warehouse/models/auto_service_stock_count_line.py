from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceStockCountLine(models.Model):
    """A part in a place: what was expected, and what was found."""

    _name = "auto.service.stock.count.line"
    _description = "Counted Part"
    _order = "location_id, product_id, id"
    _rec_name = "product_id"

    count_id = fields.Many2one(
        "auto.service.stock.count",
        required=True,
        index=True,
        ondelete="cascade",
        help="Count that it belongs to.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        required=True,
        index=True,
        ondelete="restrict",
        help="Bin where it lies.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        help="What lies there.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        ondelete="restrict",
        help="Which piece it is, where that is kept.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the part."
    )
    quantity_expected = fields.Float(
        string="Expected",
        digits="Product Unit",
        readonly=True,
        help="What the system said when it was counted.",
    )
    quantity_counted = fields.Float(
        string="Counted",
        digits="Product Unit",
        help="What was found.",
    )
    quantity_difference = fields.Float(
        string="Difference",
        digits="Product Unit",
        compute="_compute_quantity_difference",
        store=True,
        help="Counted less expected; 0 while nobody has looked.",
    )
    is_counted = fields.Boolean(string="Seen", help="Somebody has looked at it.")
    is_different = fields.Boolean(
        string="Different",
        compute="_compute_quantity_difference",
        store=True,
        help="It is not as the system says.",
    )
    counted_at = fields.Datetime(
        string="Counted at", readonly=True, help="When it was counted last."
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the value."
    )
    value_difference = fields.Monetary(
        string="Value",
        compute="_compute_value_difference",
        groups="auto_service_base.group_parts",
        help="What the difference is worth at cost, without taxes.",
    )
    state = fields.Selection(related="count_id.state", help="State of the count.")
    company_id = fields.Many2one(
        related="count_id.company_id", store=True, help="Company of the count."
    )

    _part_uniq = models.UniqueIndex(
        "(count_id, location_id, product_id, COALESCE(lot_id, 0))",
        "A part is on a count once for every bin.",
    )

    @api.depends("quantity_expected", "quantity_counted", "is_counted", "product_id")
    def _compute_quantity_difference(self):
        for line in self:
            difference = line.quantity_counted - line.quantity_expected
            unit = line.product_id.uom_id
            is_same = not line.is_counted or not unit or unit.is_zero(difference)
            line.quantity_difference = 0.0 if is_same else difference
            line.is_different = not is_same

    @api.depends("quantity_difference")
    @api.depends_context("company")
    def _compute_value_difference(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            line.value_difference = line.quantity_difference * product.standard_price

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.count_id._ensure_counting()
        return lines

    def write(self, vals):
        """A quantity that somebody types is counted, against what is there now."""
        self.count_id._ensure_counting()
        if "quantity_counted" in vals and "quantity_expected" not in vals:
            vals = {**vals, "is_counted": True, "counted_at": fields.Datetime.now()}
            res = True
            for line in self:
                line_vals = {**vals, "quantity_expected": line._get_on_shelf()}
                res = super(AutoServiceStockCountLine, line).write(line_vals) and res
            return res
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self.count_id._ensure_counting()

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _set_counted(self, quantity):
        """So many pieces were found.

        :param float quantity: in the unit of the part
        """
        self.ensure_one()
        if quantity < 0:
            raise UserError(self.env._("Nothing can be counted below zero."))
        if self.product_id.tracking == "serial" and quantity > 1:
            raise UserError(self.env._("A serial number is there once."))
        self.quantity_counted = quantity

    def _take_off(self, quantity):
        """Pieces that were scanned by mistake; a line of nothing else goes."""
        self.ensure_one()
        left = max(self.quantity_counted - quantity, 0.0)
        unit = self.product_id.uom_id
        if not unit.is_zero(left):
            self.quantity_counted = left
        elif unit.is_zero(self.quantity_expected):
            self.unlink()
        else:
            self.write({"quantity_counted": 0.0})
            self.is_counted = False

    def _get_on_shelf(self):
        """What the system says of the part in its bin now, in the part's unit."""
        self.ensure_one()
        [(quantity,)] = self.env["stock.quant"]._read_group(
            self._get_quant_domain(), aggregates=["quantity:sum"]
        )
        return quantity or 0.0

    def _get_quant_domain(self):
        """Pieces of our own outside of packages."""
        return [
            ("product_id", "=", self.product_id.id),
            ("location_id", "=", self.location_id.id),
            ("lot_id", "=", self.lot_id.id),
            ("package_id", "=", False),
            ("owner_id", "=", False),
        ]

    # ------------------------------------------------------------------
    # Applying
    # ------------------------------------------------------------------

    def _get_moved_since(self):
        """Lines whose stock changed after they were counted.

        :return: dict of the line to the pieces that came (or went, below zero)
        """
        rows = self.env["stock.quant"]._read_group(
            [
                ("location_id", "in", self.location_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("package_id", "=", False),
                ("owner_id", "=", False),
            ],
            ["location_id", "product_id", "lot_id"],
            ["quantity:sum"],
        )
        now = {tuple(keys): quantity for *keys, quantity in rows}
        moved = {}
        for line in self:
            key = (line.location_id, line.product_id, line.lot_id)
            pieces = now.get(key, 0.0) - line.quantity_expected
            if not line.product_id.uom_id.is_zero(pieces):
                moved[line] = pieces
        return moved

    def _correct_stock(self):
        """Apply the differences by the host's inventory."""
        for count, lines in self.grouped("count_id").items():
            quants = self.env["stock.quant"].with_context(
                inventory_mode=True,
                inventory_name=self.env._("Count %(name)s", name=count.name),
            )
            for line in lines:
                quants |= line._prepare_quant(quants)
            quants._apply_inventory()

    def _prepare_quant(self, quants):
        """Quant of the line with the quantity that it will have.

        :param quants: stock.quant, with the context of an inventory
        :return: stock.quant record
        """
        self.ensure_one()
        here = quants.search(self._get_quant_domain(), order="quantity desc", limit=1)
        wanted = (here.quantity or 0.0) + self.quantity_difference
        if not here:
            return quants.create(
                {
                    "product_id": self.product_id.id,
                    "location_id": self.location_id.id,
                    "lot_id": self.lot_id.id,
                    "inventory_quantity": wanted,
                }
            )
        here.inventory_quantity = wanted
        return here
