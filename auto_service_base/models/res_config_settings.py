from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_labour_product_id = fields.Many2one(
        related="company_id.auto_service_labour_product_id",
        readonly=False,
        help="Service that is billed for labour; its price is the price of an hour.",
    )
    auto_service_labour_price = fields.Float(
        related="company_id.auto_service_labour_product_id.list_price",
        string="Labour price per hour",
        readonly=False,
        help="Price of one hour of labour, from the labour service.",
    )
    auto_service_require_authorisation = fields.Boolean(
        related="company_id.auto_service_require_authorisation",
        readonly=False,
        help="A technician starts a job only after the customer has approved it.",
    )
    auto_service_issue_parts_on_done = fields.Boolean(
        related="company_id.auto_service_issue_parts_on_done",
        readonly=False,
        help="Finishing a job also issues its approved parts.",
    )
    auto_service_post_invoices = fields.Boolean(
        related="company_id.auto_service_post_invoices",
        readonly=False,
        help="The button Invoice of a work order posts the invoice.",
    )
    auto_service_explain_labour = fields.Boolean(
        related="company_id.auto_service_explain_labour",
        readonly=False,
        help="New estimates show the customer what was deducted or added, and why.",
    )
