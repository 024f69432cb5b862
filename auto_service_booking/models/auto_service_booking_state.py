from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .auto_service_booking import OPEN_STATES

TO_COME = ("requested", "waitlist", "booked", "confirmed")
OVER = ("done", "no_show", "cancelled")
#: From which states a state can be reached. Reopening goes its own way.
COMES_FROM = {
    "requested": ("waitlist", "booked", "confirmed"),
    "waitlist": ("requested", "booked", "confirmed"),
    "booked": ("requested", "waitlist", "confirmed", "arrived"),
    "confirmed": ("requested", "waitlist", "booked"),
    "arrived": ("requested", "waitlist", "booked", "confirmed"),
    "in_work": ("booked", "confirmed", "arrived", "done"),
    "done": ("booked", "confirmed", "arrived", "in_work"),
    "no_show": ("booked", "confirmed"),
    "cancelled": ("requested", "waitlist", "booked", "confirmed", "arrived"),
}


class AutoServiceBooking(models.Model):
    """States of a booking and what lets it pass from one to the next."""

    _inherit = "auto.service.booking"

    can_be_planned = fields.Boolean(
        compute="_compute_can_be", help="A time can be looked for."
    )
    can_be_confirmed = fields.Boolean(
        compute="_compute_can_be", help="The customer can say that he comes."
    )
    can_arrive = fields.Boolean(
        compute="_compute_can_be", help="The customer can be taken in."
    )
    can_be_missed = fields.Boolean(
        compute="_compute_can_be", help="The time has come and nobody was there."
    )
    needs_new_time = fields.Boolean(
        compute="_compute_needs_new_time",
        help="The services were changed after the time was found.",
    )
    can_be_reopened = fields.Boolean(
        compute="_compute_can_be", help="It was over a short while ago only."
    )

    @api.depends("state", "start", "order_id", "done_at")
    def _compute_can_be(self):
        now = fields.Datetime.now()
        for booking in self:
            state = booking.state
            booking.can_be_planned = state in TO_COME
            booking.can_be_confirmed = state == "booked"
            booking.can_arrive = state in TO_COME
            booking.can_be_missed = (
                state in ("booked", "confirmed")
                and bool(booking.start)
                and booking.start <= now
            )
            booking.can_be_reopened = (
                state in OVER
                and not (state == "done" and booking.order_id)
                and booking._is_reopening_in_time(now)
            )

    @api.depends("state", "start", "line_ids.hours", "line_ids.allocation_ids.hours")
    def _compute_needs_new_time(self):
        for booking in self:
            is_to_come = booking.state in ("booked", "confirmed") and booking.start
            booking.needs_new_time = is_to_come and any(
                line._has_other_time() for line in booking.line_ids
            )

    def _is_reopening_in_time(self, now):
        """Whether it was over less than the hours ago that the branch has set."""
        self.ensure_one()
        hours = self.company_id.sudo().auto_service_reopen_hours
        return not self.done_at or now <= self.done_at + timedelta(hours=hours)

    # Gates ------------------------------------------------------------------------

    def _set_state(self, state, note=None):
        """Pass to ``state`` if the gates let the bookings in; on record.

        :param str state: one of ``BOOKING_STATES``
        :param str note: why, for the history
        :raise UserError: names every booking that cannot, and why
        """
        self._ensure_may_write()
        self._lock()
        moved = self.filtered(lambda booking: booking.state != state)
        errors = [
            error for booking in moved for error in booking._get_gate_errors(state)
        ]
        if errors:
            raise UserError("\n".join(errors))
        for booking in moved:
            booking._log(
                "state",
                before=booking._get_state_label(booking.state),
                after=booking._get_state_label(state),
                note=note,
            )
        moved.sudo().write(self._prepare_state_values(state))

    def _ensure_may_write(self):
        """Technicians only read bookings; what their clocks change goes by sudo."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_advisor"
        ):
            raise AccessError(
                self.env._(
                    "Only an advisor changes bookings. Ask your advisor about "
                    "%(bookings)s.",
                    bookings=", ".join(self.mapped("name")),
                )
            )

    @api.model
    def _prepare_state_values(self, state):
        """What is written with a state."""
        now = fields.Datetime.now()
        values = {"state": state}
        if state in OVER:
            values.update(done_at=now, is_waitlisted=False, held_until=False)
        elif state in OPEN_STATES:
            values.update(done_at=False, cancel_reason_id=False, cancel_note=False)
        if state == "arrived":
            values["arrived_at"] = now
        if state in ("booked", "confirmed"):
            values["held_until"] = False
        return values

    def _get_state_label(self, state):
        """``state`` as people read it."""
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _get_gate_errors(self, state):
        """What keeps the booking from passing to ``state``; extend with your gates.

        :return: list of sentences, empty when it may
        """
        self.ensure_one()
        checks = [
            (
                self.state not in COMES_FROM[state],
                self.env._(
                    "%(booking)s is “%(now)s” and cannot become “%(then)s”.",
                    booking=self.name,
                    now=self._get_state_label(self.state),
                    then=self._get_state_label(state),
                ),
            ),
            (
                state in ("booked", "confirmed") and not self.start,
                self.env._(
                    "%(booking)s has no time yet: find one first.", booking=self.name
                ),
            ),
            (
                state == "arrived" and self.is_repair and not self.vehicle_id,
                self.env._(
                    "%(booking)s: enter the plate of the vehicle first.",
                    booking=self.name,
                ),
            ),
        ]
        return [message for failed, message in checks if failed]

    # Actions ----------------------------------------------------------------------

    def action_confirm(self):
        """The customer said that he comes."""
        self._set_state("confirmed")

    def action_to_waitlist(self):
        """No time suits: wait for one that becomes free."""
        self._set_state("waitlist")
        self._free_allocations()

    def action_no_show(self):
        """Nobody came: the time is given back."""
        early = self.filtered(lambda booking: not booking.can_be_missed)
        if early:
            raise UserError(
                self.env._(
                    "%(bookings)s: the time has not come yet, or the customer is here.",
                    bookings=", ".join(early.mapped("name")),
                )
            )
        self._set_state("no_show")
        self._free_allocations()

    def action_start(self):
        """Work on it has begun; for repairs the clock of the first job does it."""
        self._set_state("in_work")
        self._start_allocations()

    def action_done(self):
        """It is over."""
        self._set_state("done")
        self._finish_allocations()

    def action_cancel(self):
        """Ask for the reason, then cancel.

        :return: act_window action of the dialog
        """
        self._ensure_may_write()
        errors = [
            error for booking in self for error in booking._get_gate_errors("cancelled")
        ]
        if errors:
            raise UserError("\n".join(errors))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the booking"),
            "res_model": "auto.service.booking.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_booking_ids": self.ids},
        }

    def _cancel(self, reason=None, note=None):
        """Cancel the bookings and give their time back.

        :param reason: auto.service.reason record
        :param str note: free text
        """
        self._set_state("cancelled", note=(reason and reason.name) or note)
        self.sudo().write(
            {"cancel_reason_id": reason.id if reason else False, "cancel_note": note}
        )
        self._free_allocations()

    def action_reopen(self):
        """Take a booking up again that was over a short while ago.

        :raise UserError: it is too long ago, or the time is given to somebody else
        """
        self._ensure_may_write()
        self._lock()
        for booking in self:
            booking._ensure_can_be_reopened()
            state = booking._get_state_to_reopen()
            booking._log(
                "state",
                before=booking._get_state_label(booking.state),
                after=booking._get_state_label(state),
                note=self.env._("Reopened"),
            )
            if booking.state != "done" and state == "booked":
                booking.with_context(auto_service_no_log=True)._retake_allocations()
            booking.sudo().write(booking._prepare_state_values(state))

    def _ensure_can_be_reopened(self):
        self.ensure_one()
        if self.can_be_reopened:
            return
        if self.state == "done" and self.order_id:
            raise UserError(
                self.env._(
                    "%(booking)s became %(order)s: reopen the work order or its job.",
                    booking=self.name,
                    order=self.order_id.name,
                )
            )
        raise UserError(
            self.env._(
                "%(booking)s can be reopened within %(hours)s hours only. Copy it "
                "for a new time.",
                booking=self.name,
                hours=self.company_id.sudo().auto_service_reopen_hours,
            )
        )

    def _get_state_to_reopen(self):
        """State that a booking returns to."""
        self.ensure_one()
        if self.state == "done":
            return "arrived"
        return "booked" if self.start else "requested"
