from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_label_size = fields.Selection(
        related="company_id.auto_service_label_size", readonly=False, required=True
    )
    auto_service_label_symbology = fields.Selection(
        related="company_id.auto_service_label_symbology",
        readonly=False,
        required=True,
    )
    auto_service_label_price = fields.Boolean(
        related="company_id.auto_service_label_price", readonly=False
    )
