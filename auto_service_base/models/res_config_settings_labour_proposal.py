from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """When finished jobs are many enough to learn a labour time from."""

    _inherit = "res.config.settings"

    auto_service_labour_proposal_cases = fields.Integer(
        related="company_id.auto_service_labour_proposal_cases",
        readonly=False,
        help="A labour time is proposed from finished jobs once there are this many.",
    )
