from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    auto_service_labour_product_id = fields.Many2one(
        "product.product",
        string="Labour service",
        domain="[('type', '=', 'service')]",
        help="Service that is billed for an operation that names no service of its "
        "own. Its price is the labour price per hour.",
    )
    auto_service_require_authorisation = fields.Boolean(
        string="Work starts after approval",
        default=True,
        help="A technician starts a job only after the customer has approved it.",
    )
    auto_service_issue_parts_on_done = fields.Boolean(
        string="Parts are issued with the job",
        help="When a job is finished, its approved parts count as issued and can be "
        "billed. Without it, somebody issues them on the work order.",
    )
    auto_service_post_invoices = fields.Boolean(
        string="Invoices are posted at once",
        default=True,
        help="The button Invoice of a work order posts the invoice. Without it, the "
        "invoice waits as a draft for the accountant.",
    )
    auto_service_explain_labour = fields.Boolean(
        string="Estimates explain labour hours",
        help="New estimates show the customer under every operation what was deducted "
        "or added, and why.",
    )
