from odoo import fields, models


class AutoServiceToolKind(models.Model):
    """Torque wrench, scan tool, puller …"""

    _name = "auto.service.tool.kind"
    _description = "Kind of Tool"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, help="What the kind is called.")
    sequence = fields.Integer(default=10, help="Place in lists.")
    calibration_months = fields.Integer(
        string="Calibrate every (months)",
        help="0: tools of this kind are not calibrated.",
    )
    loan_hours = fields.Float(
        string="Due back after (hours)",
        help="How long a tool may stay out; 0: until the end of the working day.",
    )
    active = fields.Boolean(default=True, help="Archived kinds cannot be chosen.")
