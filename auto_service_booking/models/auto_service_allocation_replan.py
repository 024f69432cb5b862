from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

LIVE_STATES = ("held", "planned", "started")
HOURS_REASONS = ("absent", "broken")  # the working hours say so, and take it back
LATE = timedelta(minutes=30)  # longer than the roll-over waits, and any transaction


class AutoServiceAllocation(models.Model):
    """Time that cannot be kept turns red and waits in the replan queue."""

    _inherit = "auto.service.allocation"

    replan_reason = fields.Selection(selection_add=[("missed", "Did not come")])
    replan_since = fields.Datetime(
        readonly=True, help="Since when the time waits in the replan queue."
    )

    # What the working hours take away -------------------------------------------

    @api.model
    def _flag_unavailable(self, resource_ids, start=None, stop=None):
        """Look again at what is planned where working time has changed.

        Whoever changes calendars, shifts or time off calls it. Time outside of the
        working hours goes to the replan queue; what is right again leaves it.

        :param resource_ids: ids of resource.resource
        :param datetime start: beginning of the change, naive UTC; None: open
        :param datetime stop: end of the change, naive UTC; None: open
        """
        domain = self._get_flag_domain(resource_ids, start, stop)
        self.sudo().search(domain)._flag_lost()  # HR people know nothing of the board

    def _flag_lost(self):
        """Put what is outside of working hours into the queue, take the rest out."""
        lost = self._get_lost()
        absent = lost.filtered(lambda row: row.role == "technician")
        absent._set_replan("absent")
        (lost - absent)._set_replan("broken")
        (self - lost).filtered(
            lambda row: row.replan_reason in HOURS_REASONS
        )._clear_replan()

    @api.model
    def _flag_late(self):
        """Look again at what was planned a short while ago.

        Who plans at the very moment at which somebody else enters time off does not
        see it, and is not seen: neither is committed. What the dispatcher keeps as
        planned is left alone.
        """
        resources = self.env["resource.resource"].search(
            [("auto_service_role", "!=", False)]
        )
        domain = self._get_flag_domain(resources.ids)
        domain &= Domain("write_date", ">=", self._now() - LATE)
        domain &= Domain("is_overtime", "=", False)
        self.search(domain)._flag_lost()

    @api.model
    def _get_flag_domain(self, resource_ids, start=None, stop=None):
        """Domain of the time that a change of working hours may concern."""
        domain = Domain("resource_id", "in", list(resource_ids))
        domain &= Domain("state", "in", LIVE_STATES)
        domain &= Domain("stop", ">", max(start or fields.Datetime.now(), self._now()))
        domain &= Domain("booking_id", "!=", False) | Domain("order_id", "!=", False)
        if stop:
            domain &= Domain("start", "<", stop)
        return domain

    @api.model
    def _now(self):
        """This moment, naive UTC, without fractions of a second."""
        return fields.Datetime.now()

    def _get_lost(self):
        """Those of the rows whose resource does not work the whole time."""
        work = self.filtered(lambda row: row._is_work())
        spans = {row: (row.resource_id.id, row.start, row.stop) for row in work}
        planner = self.env["auto.service.planner"]
        outside = set(planner._check_working_time(list(spans.values())))
        lost = work.filtered(lambda row: spans[row] in outside)
        others = (self - work).filtered(lambda row: not row.is_gap)
        return lost | others._get_on_leave()

    def _get_on_leave(self):
        """Those of the rows that time off of their own resource touches.

        Overtime and courtesy cars need no working hours, but they need to be there.
        """
        if not self:
            return self
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "in", self.resource_id.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<", max(self.mapped("stop"))),
                ("date_to", ">", min(self.mapped("start"))),
            ]
        )
        return self.filtered(
            lambda row: any(
                leave.resource_id == row.resource_id
                and leave.date_from < row.stop
                and leave.date_to > row.start
                for leave in leaves
            )
        )

    # In and out of the queue -----------------------------------------------------

    def _set_replan(self, reason, note=False):
        """Put the rows into the queue; how long they wait counts from the first time.

        :param str reason: key of ``replan_reason``
        :param note: what else is to be known of it
        """
        fresh = self.filtered(
            lambda row: row.replan_reason != reason or (row.replan_note or "") != note
        )
        for known, rows in fresh.grouped(lambda row: bool(row.replan_since)).items():
            values = {"replan_reason": reason, "replan_note": note or False}
            if not known:
                values["replan_since"] = self._now()
            rows.write(values)
        fresh._notify_board()

    def _clear_replan(self):
        """Take the rows out of the queue: their time is right again."""
        if self:
            self.write(self._prepare_clear_replan())
            self._notify_board()

    @api.model
    def _prepare_clear_replan(self):
        return {"replan_reason": False, "replan_note": False, "replan_since": False}

    def _prepare_move_values(self, start, stop, resource, allow):
        values = super()._prepare_move_values(start, stop, resource, allow)
        return {**values, **self._prepare_clear_replan()}

    def _keep_as_planned(self):
        """The dispatcher says it will be done then all the same."""
        self.write({"is_overtime": True, **self._prepare_clear_replan()})
        self._notify_board()
