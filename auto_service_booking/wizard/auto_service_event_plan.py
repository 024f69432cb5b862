from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MOST = 370  # occurrences in one go
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class AutoServiceEventPlan(models.TransientModel):
    """Keep time for training, cleaning or a meeting, once or every week."""

    _name = "auto.service.event.plan"
    _description = "Plan an Event"

    name = fields.Char(required=True, help="What the time is kept for: “Training”.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Branch.",
    )
    resource_ids = fields.Many2many(
        "resource.resource",
        string="Bays and technicians",
        required=True,
        domain="[('auto_service_role', '!=', False),"
        " ('company_id', 'in', [False, company_id])]",
        help="Whose time is kept. All of them at the same time.",
    )
    date = fields.Date(
        string="First day",
        required=True,
        default=fields.Date.context_today,
        help="Day of the first one.",
    )
    hour_from = fields.Float(
        string="From", required=True, default=8.0, help="Beginning, local time."
    )
    hour_to = fields.Float(
        string="To", required=True, default=9.0, help="End, local time."
    )
    is_recurring = fields.Boolean(
        string="Every week", help="The same again in the following weeks."
    )
    weeks = fields.Integer(
        string="Every … weeks", default=1, help="1: every week, 2: every other week."
    )
    until = fields.Date(help="The last one is on that day or before.")
    mon = fields.Boolean(string="Monday", help="On Mondays.")
    tue = fields.Boolean(string="Tuesday", help="On Tuesdays.")
    wed = fields.Boolean(string="Wednesday", help="On Wednesdays.")
    thu = fields.Boolean(string="Thursday", help="On Thursdays.")
    fri = fields.Boolean(string="Friday", help="On Fridays.")
    sat = fields.Boolean(string="Saturday", help="On Saturdays.")
    sun = fields.Boolean(string="Sunday", help="On Sundays.")
    skip_taken = fields.Boolean(
        string="Leave out what is taken",
        help="Days on which somebody is taken, or does not work, are left out; "
        "otherwise nothing is planned then.",
    )
    count = fields.Integer(
        compute="_compute_count", string="Number", help="How many there will be."
    )

    @api.depends("date", "until", "weeks", "is_recurring", *WEEKDAYS)
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._get_days())

    def action_plan(self):
        """Keep the time and show it.

        :return: act_window action
        """
        self.ensure_one()
        days = self._get_days()
        self._check_input(days)
        series = self._get_series(days)
        rows = self.env["auto.service.allocation"]
        left_out = []
        for day in days:
            try:
                with self.env.cr.savepoint():
                    rows |= rows.create(self._prepare_rows(day, series))
            except ValidationError:
                if not self.skip_taken:
                    raise
                left_out.append(day)
        if not rows:
            raise UserError(self.env._("Somebody is taken on every one of these days."))
        return self._get_result_action(rows)

    def _check_input(self, days):
        if not 0 <= self.hour_from < self.hour_to <= 24:
            raise UserError(self.env._("The event must end after it begins."))
        if not days:
            raise UserError(
                self.env._("There is no such day. Check the last day and the weekdays.")
            )
        if len(days) > MOST:
            raise UserError(
                self.env._(
                    "These are %(count)s times; %(most)s are the most in one go. "
                    "Choose an earlier last day.",
                    count=len(days),
                    most=MOST,
                )
            )

    def _get_days(self):
        """Local days of the event.

        :return: list of date
        """
        self.ensure_one()
        if not self.date:
            return []
        if not self.is_recurring:
            return [self.date]
        weekdays = {number for number, name in enumerate(WEEKDAYS) if self[name]}
        weekdays = weekdays or {self.date.weekday()}
        first_monday = self.date - timedelta(days=self.date.weekday())
        last = min(self.until or self.date, self.date + timedelta(days=366 * 2))
        days = [
            self.date + timedelta(days=number)
            for number in range((last - self.date).days + 1)
        ]
        return [
            day
            for day in days
            if day.weekday() in weekdays
            and (day - first_monday).days // 7 % max(self.weeks, 1) == 0
        ]

    def _get_series(self, days):
        """Number of the series; none for a single event."""
        if len(days) < 2:
            return False
        return self.env["auto.service.allocation"]._new_blocks()[0]

    def _prepare_rows(self, day, series):
        """Values of the rows of one day: all resources in one block."""
        [block] = self.env["auto.service.allocation"]._new_blocks()
        start, stop = (
            self._to_utc(day, hour) for hour in (self.hour_from, self.hour_to)
        )
        return [
            {
                "name": self.name,
                "resource_id": resource.id,
                "start": start,
                "stop": stop,
                "block": block,
                "series": series,
                "company_id": self.company_id.id,
            }
            for resource in self.resource_ids
        ]

    def _to_utc(self, day, hour):
        """A local hour of a day of the branch as naive UTC."""
        moment = fields.Datetime.to_datetime(day) + timedelta(minutes=round(hour * 60))
        local = self.company_id._get_planning_tz().localize(moment)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_result_action(self, rows):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_booking.auto_service_event_action"
        )
        return {**action, "domain": [("id", "in", rows.ids)]}
