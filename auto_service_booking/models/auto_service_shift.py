from datetime import timedelta

from odoo import api, fields, models

from ..tools.shift_rule import shift_times


class AutoServiceShift(models.Model):
    """Working time of one resource on one date; it replaces the weekly hours.

    Only resources that work by shifts look at it. A person may have two shifts that
    begin on one day; they never overlap, the database refuses it.
    """

    _name = "auto.service.shift"
    _description = "Shift"
    _order = "date, resource_id, id"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('auto_service_role', '!=', False)]",
        help="Who or what works.",
    )
    date = fields.Date(required=True, index=True, help="Day on which it begins.")
    template_id = fields.Many2one(
        "auto.service.shift.template",
        string="Kind of shift",
        ondelete="restrict",
        help="Kind of shift it was entered with. A later change of its hours does not "
        "change shifts that are entered already.",
    )
    start = fields.Datetime(
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Beginning of the shift.",
    )
    stop = fields.Datetime(
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="End of the shift.",
    )
    break_start = fields.Datetime(
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
        help="Beginning of the break.",
    )
    break_stop = fields.Datetime(
        compute="_compute_times",
        store=True,
        readonly=False,
        precompute=True,
        help="End of the break.",
    )
    hours = fields.Float(
        compute="_compute_hours", help="Hours of work in it, without the break."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        help="Branch of the shift.",
    )

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A shift must end after it begins."
    )
    _break_inside = models.Constraint(
        "CHECK ((break_start IS NULL) = (break_stop IS NULL) AND (break_start IS NULL"
        " OR (break_start >= start AND break_stop <= stop"
        " AND break_stop > break_start)))",
        "The break must lie inside of the shift.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (resource_id WITH =, tsrange(start, stop) WITH &&)",
        "A shift of the same person or bay is entered for that time already.",
    )

    @api.depends("resource_id", "date", "template_id")
    def _compute_times(self):
        for shift in self:
            if not (shift.template_id and shift.date and shift.resource_id):
                continue
            start, stop, break_start, break_stop = shift_times(
                shift.date,
                shift.template_id._get_shift_hours(),
                shift.resource_id.tz or "UTC",
            )
            shift.update({"start": start, "stop": stop})
            shift.update({"break_start": break_start, "break_stop": break_stop})

    @api.depends("start", "stop", "break_start", "break_stop")
    def _compute_hours(self):
        for shift in self:
            worked = timedelta()
            if shift.start and shift.stop:
                worked = shift.stop - shift.start
            if shift.break_start and shift.break_stop:
                worked -= shift.break_stop - shift.break_start
            shift.hours = worked.total_seconds() / 3600

    @api.depends("resource_id")
    def _compute_company_id(self):
        for shift in self:
            shift.company_id = shift.resource_id.company_id or self.env.company

    @api.depends("resource_id", "template_id", "date")
    def _compute_display_name(self):
        for shift in self:
            parts = (
                shift.resource_id.name,
                shift.template_id.name,
                shift.date and fields.Date.to_string(shift.date),
            )
            shift.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts._flag_changed(shifts._get_spans())
        return shifts

    def write(self, vals):
        before = self._get_spans()
        res = super().write(vals)
        if {"resource_id", "start", "stop", "date", "template_id"} & set(vals):
            self._flag_changed(before + self._get_spans())
        return res

    def unlink(self):
        before = self._get_spans()
        res = super().unlink()
        self._flag_changed(before)
        return res

    def _get_spans(self):
        """What the shifts cover.

        :return: list of (resource id, start, stop), naive UTC
        """
        return [(shift.resource_id.id, shift.start, shift.stop) for shift in self]

    @api.model
    def _flag_changed(self, spans):
        """Work that lies outside of the working time now goes to the replan queue."""
        if not spans or self.env.context.get("auto_service_hours_later"):
            return
        resources = self.env["resource.resource"].browse({span[0] for span in spans})
        resources._on_hours_changed(
            min(span[1] for span in spans), max(span[2] for span in spans)
        )
