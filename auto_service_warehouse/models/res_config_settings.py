from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_stock_guard = fields.Boolean(
        related="company_id.auto_service_stock_guard", readonly=False
    )
    auto_service_bill_fitted = fields.Boolean(
        related="company_id.auto_service_bill_fitted", readonly=False
    )
    auto_service_draw_policy = fields.Selection(
        related="company_id.auto_service_draw_policy", readonly=False, required=True
    )
    auto_service_vendor_required = fields.Boolean(
        related="company_id.auto_service_vendor_required", readonly=False
    )
    auto_service_prepick_days = fields.Integer(
        related="company_id.auto_service_prepick_days", readonly=False
    )
