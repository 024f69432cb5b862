from odoo import fields, models


class AutoServiceConsumable(models.Model):
    """How much of a consumable an operation takes: brake cleaner, grease, rags."""

    _name = "auto.service.consumable"
    _description = "Consumable Norm"
    _order = "operation_id, product_id, id"
    _rec_name = "product_id"

    operation_id = fields.Many2one(
        "auto.service.operation",
        index=True,
        ondelete="cascade",
        help="Operation that takes it; empty: every labour line does.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Consumable",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("type", "=", "consu")],
        help="What is taken.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How much, in the unit of the product.",
    )
    basis = fields.Selection(
        [("operation", "Each time"), ("hour", "Per sold hour")],
        default="operation",
        required=True,
        help="Whether the norm is for the operation or for every hour of it.",
    )
    company_id = fields.Many2one(
        "res.company",
        help="Empty: all companies.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of a consumable is taken must be above zero."
    )
