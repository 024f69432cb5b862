from odoo import fields, models


class AutoServiceOperation(models.Model):
    """What an operation needs on the board."""

    _inherit = "auto.service.operation"

    booking_hours = fields.Float(
        help="Hours kept on the board, in hours, where they differ from the labour "
        "time; 0: the labour time of the vehicle.",
    )
    needs_bay = fields.Boolean(
        default=True, help="The work needs a bay; otherwise only a technician."
    )
    bay_kind_id = fields.Many2one(
        "auto.service.resource.kind",
        domain="[('role', '=', 'bay')]",
        ondelete="restrict",
        index="btree_not_null",
        help="Kind of bay that the work needs; empty: any bay.",
    )
    equipment_kind_ids = fields.Many2many(
        "auto.service.resource.kind",
        "auto_service_operation_equipment_rel",
        "operation_id",
        "kind_id",
        domain="[('role', '=', 'equipment')]",
        help="Equipment that the work occupies.",
    )
    keeps_bay = fields.Boolean(
        help="The vehicle cannot leave the bay in pauses: nights and breaks count.",
    )
