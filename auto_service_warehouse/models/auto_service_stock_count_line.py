from odoo import fields, models


class AutoServiceStockCountLine(models.Model):
    """A part in a place: what was expected, and what was found."""

    _name = "auto.service.stock.count.line"
    _description = "Counted Part"
    _order = "location_id, product_id, id"

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
        ondelete="restrict",
        help="Bin where it lies.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        ondelete="restrict",
        help="What lies there.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        ondelete="restrict",
        help="Which piece it is, where that is kept.",
    )
    quantity_expected = fields.Float(
        string="Expected",
        digits="Product Unit",
        help="What the system said when the counting of it began.",
    )
    quantity_counted = fields.Float(
        string="Counted",
        digits="Product Unit",
        help="What was found.",
    )
    is_counted = fields.Boolean(string="Seen", help="Somebody has looked at it.")
    company_id = fields.Many2one(related="count_id.company_id", store=True)
