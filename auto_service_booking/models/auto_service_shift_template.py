from odoo import fields, models


class AutoServiceShiftTemplate(models.Model):
    """“Day 8–20 with an hour of lunch”: what is clicked into the grid of shifts."""

    _name = "auto.service.shift.template"
    _description = "Kind of Shift"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="Name of the shift.")
    code = fields.Char(size=4, help="One or two letters for the grid.")
    sequence = fields.Integer(default=10, help="Place in the list.")
    hour_from = fields.Float(
        required=True, default=8.0, help="Beginning of the shift, local time."
    )
    hour_to = fields.Float(
        required=True,
        default=17.0,
        help="End of the shift, local time; an end before the beginning is on the "
        "next day.",
    )
    break_from = fields.Float(help="Beginning of the break, local time.")
    break_to = fields.Float(
        help="End of the break, local time; the same as its beginning: no break."
    )
    color = fields.Integer(help="Colour in the grid.")
    active = fields.Boolean(default=True, help="An archived shift is not offered.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Branch that uses it; empty: every branch.",
    )
