from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

UNTIL = [
    ("today", "The rest of today"),
    ("tomorrow", "Today and tomorrow"),
    ("week", "This week"),
    ("date", "Until…"),
]


class AutoServiceAbsence(models.TransientModel):
    """A technician falls ill, a lift breaks down: from when to when, and why."""

    _name = "auto.service.absence"
    _description = "Absence or Breakdown"

    resource_ids = fields.Many2many(
        "resource.resource",
        required=True,
        domain="[('auto_service_role', '!=', False)]",
        help="Who is absent, or what is out of order.",
    )
    until = fields.Selection(
        UNTIL, required=True, default="today", help="How long, in one click."
    )
    date_from = fields.Datetime(
        required=True,
        default=lambda self: fields.Datetime.now().replace(second=0),
        help="From this moment.",
    )
    date_to = fields.Datetime(
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Up to this moment.",
    )
    reason = fields.Char(help="“Sick”, “course”, “hydraulics leak”.")
    work_count = fields.Integer(
        compute="_compute_work_count",
        help="Pieces of work that are planned in that time; they go to the replan "
        "queue.",
    )

    @api.depends("until", "date_from", "resource_ids")
    def _compute_date_to(self):
        for absence in self:
            if absence.date_to and absence.until == "date":
                continue
            absence.date_to = absence._get_end_of(absence._get_last_day())

    def _get_last_day(self):
        """Local date of the last day that ``until`` stands for."""
        self.ensure_one()
        begin = self.date_from or fields.Datetime.now()
        today = pytz.utc.localize(begin).astimezone(self._get_tz()).date()
        if self.until == "tomorrow":
            return today + timedelta(days=1)
        if self.until == "week":
            return today + timedelta(days=6 - today.weekday())
        return today

    def _get_tz(self):
        """Zone of the first resource."""
        return pytz.timezone(self.resource_ids[:1].tz or self.env.user.tz or "UTC")

    def _get_end_of(self, day):
        """Midnight after a local day, naive UTC."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        local = self._get_tz().localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.depends("resource_ids", "date_from", "date_to")
    def _compute_work_count(self):
        for absence in self:
            absence.work_count = len(set(absence._get_work().mapped("block")))

    def _get_work(self):
        """Time on the board that the absence takes away.

        :return: auto.service.allocation records
        """
        self.ensure_one()
        if not (self.date_from and self.date_to and self.resource_ids):
            return self.env["auto.service.allocation"]
        domain = [
            ("resource_id", "in", self.resource_ids.ids),
            ("state", "in", ("held", "planned", "started")),
            ("start", "<", self.date_to),
            ("stop", ">", self.date_from),
        ]
        return self.env["auto.service.allocation"].search(domain)

    def action_apply(self):
        """Enter the time off; work planned in it goes to the replan queue."""
        self.ensure_one()
        if self.date_to <= self.date_from:
            raise UserError(self.env._("It ends before it begins. Choose a later end."))
        work = self._get_work()
        self.env["resource.calendar.leaves"].create(self._prepare_leaves())
        return self._get_next_action(work)

    def _prepare_leaves(self):
        return [
            {
                "name": self.reason or self._get_default_reason(resource),
                "resource_id": resource.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "auto_service_absence": True,
            }
            for resource in self.resource_ids
        ]

    def _get_default_reason(self, resource):
        if resource.auto_service_role == "technician":
            return self.env._("Absent")
        return self.env._("Out of order")

    def _get_next_action(self, work):
        """Proposals for what has to be moved."""
        lost = work.filtered("replan_reason")
        if lost:
            names = ", ".join(self.resource_ids.mapped("name"))
            return self.env["auto.service.replan.apply"]._open(lost, name=names)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
