from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_parts_order_early = fields.Boolean(
        related="company_id.auto_service_parts_order_early",
        readonly=False,
        help="Parts can be ordered although the customer has not approved them yet.",
    )
    auto_service_parts_price_limit = fields.Float(
        related="company_id.auto_service_parts_price_limit",
        readonly=False,
        help="A price that rose by more than this has to be accepted first.",
    )
