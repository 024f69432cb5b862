from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_labour_rounding = fields.Float(
        related="company_id.auto_service_labour_rounding",
        readonly=False,
        help="Hours of every operation are a multiple of this step. Zero: nothing is "
        "rounded.",
    )
    auto_service_labour_rounding_method = fields.Selection(
        related="company_id.auto_service_labour_rounding_method",
        required=True,
        readonly=False,
        help="To the nearest step, or always up.",
    )
