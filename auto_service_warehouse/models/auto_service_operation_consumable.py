from odoo import fields, models


class AutoServiceOperation(models.Model):
    _inherit = "auto.service.operation"

    consumable_ids = fields.One2many(
        "auto.service.consumable",
        "operation_id",
        string="Consumables",
        copy=True,
        help="What the operation takes of brake cleaner, grease and rags.",
    )
