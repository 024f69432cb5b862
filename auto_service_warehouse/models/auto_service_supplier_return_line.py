from odoo import fields, models


class AutoServiceSupplierReturnLine(models.Model):
    """A part that goes back to a supplier."""

    _name = "auto.service.supplier.return.line"
    _description = "Part Sent Back"
    _order = "id"
    _rec_name = "product_id"

    return_id = fields.Many2one(
        "auto.service.supplier.return",
        required=True,
        index=True,
        ondelete="cascade",
        help="Return that it is on.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        help="What goes back.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How many, in the unit of the product.",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Bought on",
        index="btree_not_null",
        ondelete="restrict",
        help="Line of the purchase order that brought it.",
    )
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        help="Credit that is expected for one, without taxes.",
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity that goes back must be above zero."
    )
