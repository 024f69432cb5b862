from odoo import fields, models

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


class SaleOrderLine(models.Model):
    """Where the part of a line is: on order, on the shelf, in the box, in the car."""

    _inherit = "sale.order.line"

    stock_state = fields.Selection(
        STOCK_STATES,
        string="Part is",
        copy=False,
        help="Where the part of the job is.",
    )
