from odoo import fields, models


class AutoServiceStage(models.Model):
    _inherit = "auto.service.stage"

    require_parts_issued = fields.Boolean(
        string="Parts issued or not needed",
        help="Approved parts whose stock is kept have to be issued, or said to be not "
        "needed, before a visit enters the stage.",
    )
