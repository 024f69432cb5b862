from odoo import fields, models


class AutoServiceShift(models.Model):
    """Working time of one resource on one date; it replaces the weekly hours."""

    _name = "auto.service.shift"
    _description = "Shift"
    _order = "date, resource_id, id"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        help="Who or what works.",
    )
    date = fields.Date(required=True, index=True, help="Day on which it begins.")
    template_id = fields.Many2one(
        "auto.service.shift.template",
        ondelete="restrict",
        help="Kind of shift it was entered with.",
    )
    start = fields.Datetime(required=True, help="Beginning of the shift.")
    stop = fields.Datetime(required=True, help="End of the shift.")
    break_start = fields.Datetime(help="Beginning of the break.")
    break_stop = fields.Datetime(help="End of the break.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, help="Branch of the shift."
    )

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A shift must end after it begins."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (resource_id WITH =, tsrange(start, stop) WITH &&)",
        "A shift of the same person or bay is entered for that time already.",
    )
