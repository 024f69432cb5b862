from odoo import fields, models

ROUNDING_METHODS = [
    ("nearest", "To the nearest step"),
    ("up", "Up to the next step"),
]


class ResCompany(models.Model):
    """How the company rounds its labour times."""

    _inherit = "res.company"

    auto_service_labour_rounding = fields.Float(
        string="Labour rounding step",
        help="Hours of every operation are a multiple of this step, in hours: 0.25 is "
        "a quarter of an hour. Zero: nothing is rounded.",
    )
    auto_service_labour_rounding_method = fields.Selection(
        ROUNDING_METHODS,
        string="Labour rounding method",
        default="nearest",
        required=True,
        help="To the nearest step (half a step goes up), or always up. What costs "
        "something is never rounded to nothing.",
    )

    _auto_service_labour_rounding_positive = models.Constraint(
        "CHECK (auto_service_labour_rounding >= 0)",
        "The rounding step of labour cannot be negative. Enter zero to round nothing.",
    )
