from odoo import api, fields, models

from ..tools.shift_rule import ShiftHours


class AutoServiceShiftTemplate(models.Model):
    """“Day 8–17 h”, “Night 22–6 h”: what is clicked into the grid of shifts."""

    _name = "auto.service.shift.template"
    _description = "Kind of Shift"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="Name of the shift.")
    code = fields.Char(
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        size=4,
        help="One or two letters for the grid.",
    )
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
    hours = fields.Float(
        compute="_compute_hours", help="Hours of work in it, without the break."
    )
    color = fields.Integer(help="Colour in the grid.")
    active = fields.Boolean(default=True, help="An archived shift is not offered.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Branch that uses it; empty: every branch.",
    )

    _hours_of_day = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24"
        " AND break_from >= 0 AND break_from < 24"
        " AND break_to >= 0 AND break_to <= 24)",
        "Hours of a shift lie between 0:00 and 24:00.",
    )

    @api.depends("name")
    def _compute_code(self):
        for template in self:
            template.code = template.code or (template.name or "")[:1].upper()

    @api.depends("hour_from", "hour_to", "break_from", "break_to")
    def _compute_hours(self):
        for template in self:
            template.hours = template._get_shift_hours().worked

    def _get_shift_hours(self):
        """Local hours of the shift.

        :return: tools.shift_rule.ShiftHours
        """
        self.ensure_one()
        return ShiftHours(
            self.hour_from % 24, self.hour_to % 24, self.break_from, self.break_to
        )
