from odoo import fields, models


class ResCompany(models.Model):
    """How parts are ordered."""

    _inherit = "res.company"

    auto_service_parts_order_early = fields.Boolean(
        string="Parts may be ordered before approval",
        help="Parts can be ordered although the customer has not approved them yet.",
    )
    auto_service_parts_price_limit = fields.Float(
        string="Silent rise of prices (%)",
        default=2.0,
        help="A price that rose by more than this since the offer, in per cent, has to "
        "be accepted before the part is ordered. 0: every rise has to be.",
    )

    _parts_price_limit_check = models.Constraint(
        "CHECK(auto_service_parts_price_limit >= 0)",
        "The silent rise of prices cannot be negative.",
    )
