from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError

from .auto_service_booking import PLANNED_STATES

CHANGEABLE_STATES = ("booked", "confirmed")


class AutoServiceBooking(models.Model):
    """What the customer does by his link. All of it runs in sudo on his one booking."""

    _inherit = "auto.service.booking"

    # What he may do -----------------------------------------------------------

    def _can_pick_by_customer(self):
        """Whether the customer may choose a time: a first one, or another one."""
        self.ensure_one()
        return self._can_change_by_customer()

    def _has_to_pick_by_customer(self):
        """Whether the page begins with the choice of a time."""
        self.ensure_one()
        is_open = self.state in ("requested", "waitlist")
        return is_open and self._can_pick_by_customer() and not self._has_public_offer()

    def _can_change_by_customer(self):
        """Whether the customer may still move or cancel by himself."""
        self.ensure_one()
        if self.state in ("requested", "waitlist"):
            return True
        deadline = self._get_change_deadline()
        is_open = self.state in CHANGEABLE_STATES
        return bool(is_open and deadline and fields.Datetime.now() <= deadline)

    def _get_change_deadline(self):
        """Last moment at which the customer may move or cancel.

        :return: naive UTC datetime; False while no time is agreed on
        """
        self.ensure_one()
        hours = self.company_id.auto_service_change_hours
        start = self._get_agreed_start()
        return start and start - timedelta(hours=hours)

    def _has_public_offer(self):
        """Whether a time from the waitlist is held for the customer now."""
        self.ensure_one()
        return bool(self._get_held_rows())

    def _get_held_rows(self):
        """Time that is held for the customer until he answers."""
        now = fields.Datetime.now()
        return self.allocation_ids.filtered(
            lambda row: row.state == "held"
            and (row.held_until or self.held_until or now) > now
        )

    def _get_held_until(self):
        """Moment until which the time from the waitlist is held, naive UTC."""
        return min(
            self._get_held_rows().mapped("held_until") or [self.held_until or False]
        )

    def _get_agreed_period(self):
        """What is agreed on with the customer, whatever else is held for him.

        :return: (start, stop) as naive UTC datetimes, False while nothing is agreed on
        """
        self.ensure_one()
        rows = self.allocation_ids.filtered(
            lambda row: row.state not in ("held", "cancelled")
        )
        if rows:
            return min(rows.mapped("start")), max(rows.mapped("stop"))
        if self._get_held_rows():
            return False, False
        return self.start, self.stop

    def _get_agreed_start(self):
        """When the customer comes; False while no time is agreed on."""
        return self._get_agreed_period()[0]

    # Times that he can choose ---------------------------------------------------

    def _get_public_offers(self, **options):
        """Times that the customer can choose, by day.

        :param options: see ``auto.service.planner._get_public_offers``
        :return: see ``auto.service.planner._get_public_offers``
        """
        self.ensure_one()
        lines, wishes = self._get_slot_request()
        planner = self.env["auto.service.planner"]
        return planner._get_public_offers(
            lines, self.company_id, **{**wishes, **options}
        )

    def _get_public_offer_at(self, start):
        """The planner's offer that begins exactly at ``start``.

        What the visitor sent names a moment, nothing else: which bay and technician
        it is, the planner says again.

        :param datetime start: naive UTC
        :return: offer of the planner; None when that time is not free any more
        """
        self.ensure_one()
        lines, wishes = self._get_slot_request()
        wishes["day_part"] = None  # a wish, not a condition
        planner = self.env["auto.service.planner"]
        return planner._get_public_offer_at(lines, self.company_id, start, **wishes)

    # What he does ---------------------------------------------------------------

    def _pick_by_customer(self, start, note=""):
        """Book, or move to, the time that the customer chose.

        :param datetime start: naive UTC
        :param str note: what else he says
        :return: "booked", "moved"; "late" when it is not his to change any more,
            "taken" when somebody was faster
        """
        self._lock()
        if not self._can_pick_by_customer():
            return "late"
        is_new = self.state not in PLANNED_STATES
        offer = self._get_public_offer_at(start)
        if not offer or not self._try_offer(offer):
            return "taken"
        result = "booked" if is_new else "moved"
        self._add_customer_note(note)
        self._tell_advisor_of_customer(result)
        self._mail_customer("confirmation" if is_new else "moved")
        return result

    def _try_offer(self, offer):
        """Take ``offer`` for the booking; what it had stays when that fails.

        :return: False when somebody was faster
        """
        state = self.state if self.state in CHANGEABLE_STATES else "booked"
        try:
            with self.env.cr.savepoint():
                if self._has_public_offer():
                    self._decline_waitlist_offer()
                self._book_offer(offer, state=state)
        except ValidationError:
            return False
        return True

    def _cancel_by_customer(self, note=""):
        """The customer cancels.

        :return: "cancelled", or "late" when it is not his to change any more
        """
        self._lock()
        if not self._can_change_by_customer():
            return "late"
        self._cancel(self._get_customer_cancel_reason(), note)
        self._tell_advisor_of_customer("cancelled", note)
        self._mail_customer("cancelled")
        return "cancelled"

    def _confirm_by_customer(self):
        """The customer says that he will come.

        :return: "confirmed", or "late" when the booking is not open any more
        """
        self._lock()
        if self.state == "confirmed":
            return "confirmed"
        if self.state != "booked":
            return "late"
        self._set_state("confirmed")
        return "confirmed"

    def _answer_by_customer(self, is_accepted):
        """The customer takes, or declines, the time held for him from the waitlist.

        :return: "booked", "declined"; "taken" when it is not held any more
        """
        self._lock()
        if not self._has_public_offer():
            return "taken"
        if not is_accepted:
            self._decline_waitlist_offer()
            self._tell_advisor_of_customer("declined")
            return "declined"
        self._accept_waitlist_offer()
        self._tell_advisor_of_customer("booked")
        self._mail_customer("confirmation")
        return "booked"

    def _wait_by_customer(self):
        """No time suits, or an earlier one would: tell him when one becomes free.

        :return: "waiting", or "late" when it is not his to change any more
        """
        self._lock()
        if not self._can_wait_by_customer():
            return "late"
        if self.state == "requested":
            self.action_to_waitlist()
        else:
            self.is_waitlisted = True
        self._tell_advisor_of_customer("waiting")
        return "waiting"

    def _can_wait_by_customer(self):
        """Whether the customer may ask to be told of times that become free."""
        self.ensure_one()
        return self._can_pick_by_customer() and not self._is_waiting()

    # What follows ---------------------------------------------------------------

    def _get_customer_cancel_reason(self):
        """Reason that is written when the customer cancels by his link."""
        xmlid = "auto_service_base.reason_cancel_customer"
        reason = self.env.ref(xmlid, raise_if_not_found=False)
        return reason or self.env["auto.service.reason"].search(
            [("kind", "=", "cancel")], limit=1
        )

    def _add_customer_note(self, note):
        """Add what the customer wrote to what he said before."""
        note = (note or "").strip()[:2000]
        if note and note not in (self.note or ""):
            self.note = "\n".join(part for part in (self.note, note) if part)

    def _tell_advisor_of_customer(self, what, note=""):
        """The advisor reads in his inbox what the customer did.

        :param str what: "booked", "moved", "cancelled" or "declined"
        :param str note: what the customer wrote
        """
        body = self._get_customer_sentence(what)
        self.message_post(
            body="\n".join(
                part for part in (body, (note or "").strip()[:2000]) if part
            ),
            author_id=self.partner_id.id,
            partner_ids=self.advisor_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _get_customer_sentence(self, what):
        time = self.start and self._format_for_customer(self.start)
        if what == "cancelled":
            return self.env._("The customer cancelled by his link.")
        if what == "waiting":
            return self.env._("The customer wants to be told of times that are freed.")
        if what == "declined":
            return self.env._("The customer declined the time offered to him.")
        if what == "moved":
            return self.env._("The customer moved it to %(time)s.", time=time)
        return self.env._("The customer chose %(time)s.", time=time)
