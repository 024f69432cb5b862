from odoo import fields, models


class ResCompany(models.Model):
    """When finished jobs are many enough to learn a labour time from."""

    _inherit = "res.company"

    auto_service_labour_proposal_cases = fields.Integer(
        string="Jobs for an observed time",
        default=3,
        help="A labour time is proposed from finished jobs once there are this many "
        "with the operation alone, on one model and engine.",
    )
