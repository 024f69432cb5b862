from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .auto_service_booking import PLANNED_STATES
from .auto_service_freed import LEAST_NOTICE

CANDIDATES = 50


class AutoServiceBooking(models.Model):
    """The waitlist: who waits is told when a fitting time becomes free, in order."""

    _inherit = "auto.service.booking"

    waitlisted_at = fields.Datetime(
        string="Waits since",
        readonly=True,
        copy=False,
        help="The longest waiting customer is asked first.",
    )
    waitlist_priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        string="Urgent",
        default="0",
        help="Urgent ones are asked before all others.",
    )
    offer_ids = fields.One2many(
        "auto.service.waitlist.offer",
        "booking_id",
        copy=False,
        help="Times that were offered from the waitlist.",
    )
    offer_label = fields.Char(
        string="Offered time",
        compute="_compute_offer_label",
        help="Time that is held for the customer until he answers.",
    )

    @api.depends("offer_ids.state", "offer_ids.start")
    def _compute_offer_label(self):
        for booking in self:
            offer = booking._get_held_offer()
            rows = offer.allocation_ids
            booking.offer_label = bool(offer) and rows._get_label(
                offer.start, offer.stop
            )

    @api.depends("state")
    def _compute_period(self):
        """An earlier time that is only held is not the time of the booking yet."""
        res = super()._compute_period()
        for booking in self.filtered(lambda booking: booking.state in PLANNED_STATES):
            rows = booking.allocation_ids.filtered(
                lambda row: row.state not in ("held", "cancelled")
            )
            if rows and len(rows) != len(booking.allocation_ids):
                booking.start = min(rows.mapped("start"))
                booking.stop = max(rows.mapped("stop"))
        return res

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        bookings._sync_waitlist()
        return bookings

    def write(self, vals):
        res = super().write(vals)
        if {"state", "is_waitlisted"} & set(vals):
            self._sync_waitlist()
        if "state" in vals:
            self._sync_replan()
        return res

    def _sync_waitlist(self):
        """Remember since when a booking waits; forget offers that are not needed."""
        waiting = self.filtered(lambda booking: booking._is_waiting())
        fresh = waiting.filtered(lambda booking: not booking.waitlisted_at)
        fresh.sudo().waitlisted_at = fields.Datetime.now()
        left = (self - waiting).filtered("waitlisted_at")
        left.sudo().waitlisted_at = False
        left._get_held_offer().sudo()._close("withdrawn")

    def _sync_replan(self):
        """Nobody is asked about a customer who came, or will not come any more."""
        self.allocation_ids.filtered(
            lambda row: row.replan_reason == "missed"
            and row.booking_id.state not in ("booked", "confirmed")
        )._clear_replan()

    def _is_waiting(self):
        """Whether the booking is on the waitlist, with or without a time already."""
        self.ensure_one()
        return self.state == "waitlist" or bool(
            self.is_waitlisted and self.state in ("requested", "booked", "confirmed")
        )

    # Who is asked ---------------------------------------------------------------

    @api.model
    def _get_waiting_domain(self, company):
        """Domain of the bookings that may be offered a time.

        :param company: res.company record
        """
        listed = Domain("is_waitlisted", "=", True) & Domain(
            "state", "in", ("requested", "booked", "confirmed")
        )
        return (
            Domain("company_id", "=", company.id)
            & (Domain("state", "=", "waitlist") | listed)
            & Domain("held_until", "=", False)
        )

    @api.model
    def _has_waiting(self, company):
        """Whether anybody waits at all."""
        domain = self._get_waiting_domain(company)
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _get_waiting(self, company, start):
        """Who may be asked about time from ``start`` on, in the order of asking.

        :return: auto.service.booking records
        """
        earlier = Domain("start", "=", False) | Domain("start", ">", start)
        return self.search(
            self._get_waiting_domain(company) & earlier,
            order="waitlist_priority desc, waitlisted_at, id",
            limit=CANDIDATES,
        )

    def _find_waitlist_offer(self, start, stop):
        """An offer of the planner that uses some of the freed time, by all wishes.

        :param datetime start: beginning of the freed time, naive UTC
        :param datetime stop: its end
        :return: offer of the planner, None when nothing fits
        """
        self.ensure_one()
        options = self._get_waitlist_options(start, stop)
        if options["start"] >= options["stop"]:
            return None
        refused = self._get_refused_starts()
        for offer in self._find_offers(**options)["offers"]:
            if offer["start"] >= stop or offer["stop"] <= start:
                continue
            if self.start and offer["start"] >= self.start:
                continue
            if offer["start"] not in refused:
                return offer
        return None

    def _get_refused_starts(self):
        """Times that the customer gave back or did not take: nobody is asked twice.

        :return: set of naive UTC datetimes
        """
        offers = self.offer_ids.filtered(
            lambda offer: offer.state in ("declined", "expired")
        )
        given_back = self.allocation_ids.filtered(lambda row: row.state == "cancelled")
        return set(offers.mapped("start") + given_back.mapped("start"))

    def _get_waitlist_options(self, start, stop):
        """Options of the planner: around the freed time, within the wishes."""
        length = timedelta(hours=max(self.hours, 1.0)) * 2  # with a break in it
        earliest = max(start - length, fields.Datetime.now() + LEAST_NOTICE)
        latest = stop + length
        if self.wish_from:
            earliest = max(earliest, self.wish_from)
        if self.wish_to:
            latest = min(latest, self.wish_to)
        # What the booking has stays until the customer says yes.
        return {"start": earliest, "stop": latest, "limit": 100, "exclude_blocks": []}

    # Holding --------------------------------------------------------------------

    def _get_held_offer(self):
        """Offers that wait for an answer."""
        return self.offer_ids.filtered(lambda offer: offer.state == "held")

    def _hold_waitlist_offer(self, offer):
        """Hold the time of ``offer`` for the customer and tell him.

        :param dict offer: offer of the planner
        :return: auto.service.waitlist.offer record, empty when somebody was faster
        """
        self.ensure_one()
        offers_sudo = self.env["auto.service.waitlist.offer"].sudo()
        held_until = self._get_hold_end(offer["start"])
        self.sudo().held_until = held_until  # written by offers only, never by hand
        try:
            with self.env.cr.savepoint():
                rows = self.with_context(auto_service_no_log=True)._allocate(
                    offer, "waitlist"
                )
        except ValidationError:
            self.sudo().held_until = False
            return offers_sudo
        offers_sudo = offers_sudo.create(
            {
                "booking_id": self.id,
                "start": offer["start"],
                "stop": offer["stop"],
                "held_until": held_until,
            }
        )
        rows.sudo().offer_id = offers_sudo
        self._log("offer", after=rows._get_label())
        self.env["auto.service.freed"]._trigger(at=held_until)
        self._notify_waitlist_offer(offers_sudo)
        return offers_sudo

    def _get_hold_end(self, start):
        """Until when a time is held: the set minutes of opening hours, or its start.

        Nobody is expected to answer at night.

        :param datetime start: beginning of the time, naive UTC
        :return: naive UTC datetime
        """
        hours = self.company_id.auto_service_hold_minutes / 60
        now = fields.Datetime.now()
        calendar = self.company_id._get_opening_calendar().sudo()
        end = calendar and calendar.plan_hours(
            hours, pytz.utc.localize(now), compute_leaves=True
        )
        end = end.astimezone(pytz.utc).replace(tzinfo=None) if end else None
        return min(end or now + timedelta(hours=hours), start)

    def _notify_waitlist_offer(self, offer):
        """Tell who has to know of an offer: the advisor, and the customer by mail.

        Extend it for other channels; it runs in the transaction that holds the time.

        :param offer: auto.service.waitlist.offer record
        """
        self.ensure_one()
        tz = offer.allocation_ids._get_board_tz()
        self.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._("A time became free"),
            note=self.env._(
                "%(time)s is held for %(name)s%(phone)s until %(until)s. Call, then "
                "press “Accept” or “Decline” on the booking.",
                time=offer.allocation_ids._get_label(offer.start, offer.stop),
                name=self.partner_id.name,
                phone=f", {self.phone}" if self.phone else "",
                until=offer.allocation_ids._format_time(offer.held_until, tz),
            ),
            user_id=(self.advisor_id or self.create_uid).id,
        )
        self._mail_customer("offer")

    def _forget_offer_activity(self):
        """The customer answered, nobody has to call him."""
        kind = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        summary = self.env._("A time became free")
        self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
            and activity.summary == summary
        ).unlink()

    # The answer -----------------------------------------------------------------

    def action_accept_offer(self):
        """Book the time that is held; what the booking had before is given back."""
        for booking in self:
            booking._accept_waitlist_offer()

    def action_decline_offer(self):
        """Give the held time back; the next one on the waitlist is asked."""
        for booking in self:
            booking._decline_waitlist_offer()

    def _accept_waitlist_offer(self):
        """The customer takes the time that is held for him."""
        self.ensure_one()
        offer_sudo = self._ensure_offer()
        old = self.allocation_ids.filtered(
            lambda row: row.state == "planned" and row.offer_id != offer_sudo
        )
        both = old | offer_sudo.allocation_ids
        both._lock_spans(both._get_spans())
        offer_sudo._close("accepted")
        old.with_context(auto_service_no_log=True).write({"state": "cancelled"})
        self.is_waitlisted = False
        if self.state not in PLANNED_STATES:
            self._set_state("booked")

    def _decline_waitlist_offer(self):
        """The customer does not take it; he stays on the waitlist."""
        self.ensure_one()
        self._ensure_offer()._close("declined")

    def _ensure_offer(self):
        """The offer that is held, in sudo: its rows follow the answer.

        :raise UserError: nothing is held any more
        """
        self.check_access("write")
        self._lock()
        offer = self._get_held_offer()
        if "held" not in offer.allocation_ids.mapped("state"):
            raise UserError(
                self.env._(
                    "No time is held for %(name)s any more. Find another one, or wait "
                    "for the next.",
                    name=self.display_name,
                )
            )
        return offer.sudo()
