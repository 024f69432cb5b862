from odoo import fields, models


class ResPartner(models.Model):
    """Terms of a supplier for what goes back to him."""

    _inherit = "res.partner"

    auto_service_return_days = fields.Integer(
        string="Takes parts back within (days)",
        help="Days after the receipt in which the supplier takes parts back. Zero: as "
        "in the settings.",
    )
    auto_service_credit_days = fields.Integer(
        string="Credits returns within (days)",
        help="Days after parts went back in which the supplier's credit note comes. "
        "Zero: as in the settings.",
    )
