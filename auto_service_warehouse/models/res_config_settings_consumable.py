from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_consumable_location_id = fields.Many2one(
        related="company_id.auto_service_consumable_location_id",
        readonly=False,
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
    )
