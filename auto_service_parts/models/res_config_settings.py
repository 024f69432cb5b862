from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_parts_tag_id = fields.Many2one(
        related="company_id.auto_service_parts_tag_id",
        readonly=False,
        help="An enquiry without a customer shows the prices of this group.",
    )
    auto_service_parts_category_id = fields.Many2one(
        related="company_id.auto_service_parts_category_id",
        readonly=False,
        help="Parts that are added from an enquiry become products of this category.",
    )
    auto_service_core_product_id = fields.Many2one(
        related="company_id.auto_service_core_product_id",
        readonly=False,
        help="What the deposit for an old part is billed as.",
    )
    auto_service_parts_need_user_id = fields.Many2one(
        related="company_id.auto_service_parts_need_user_id",
        readonly=False,
        help="Gets a task when a technician needs a part.",
    )
