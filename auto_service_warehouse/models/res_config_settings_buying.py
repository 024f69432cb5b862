from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_buyer_id = fields.Many2one(
        related="company_id.auto_service_buyer_id", readonly=False
    )
    auto_service_buy_sold_times = fields.Integer(
        related="company_id.auto_service_buy_sold_times", readonly=False
    )
    auto_service_idle_days = fields.Integer(
        related="company_id.auto_service_idle_days", readonly=False
    )
    auto_service_return_days = fields.Integer(
        related="company_id.auto_service_return_days", readonly=False
    )
    auto_service_credit_days = fields.Integer(
        related="company_id.auto_service_credit_days", readonly=False
    )
