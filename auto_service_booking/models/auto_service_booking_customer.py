import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.misc import format_date, format_time, hmac

from ..tools.booking_ics import Visit, write_calendar

MAILS = {
    "pick": "auto_service_booking.mail_template_pick",
    "confirmation": "auto_service_booking.mail_template_confirmation",
    "moved": "auto_service_booking.mail_template_moved",
    "cancelled": "auto_service_booking.mail_template_cancelled",
    "offer": "auto_service_booking.mail_template_offer",
}
MAILED_WITH_CALENDAR = ("confirmation", "moved", "cancelled")


class AutoServiceBooking(models.Model):
    """Links, mails and calendar files that go to the customer."""

    _inherit = "auto.service.booking"

    link_url = fields.Char(
        string="Customer's link",
        compute="_compute_link_url",
        groups="auto_service_base.group_advisor",
        help="Address that the customer got; whoever has it can move and cancel. Empty "
        "without a valid link.",
    )
    told_start = fields.Datetime(
        string="Time told to the customer",
        readonly=True,
        copy=False,
        help="The time that the last mail to the customer named.",
    )
    has_untold_change = fields.Boolean(
        string="Customer does not know",
        compute="_compute_has_untold_change",
        help="The time was changed after the customer was told.",
    )

    @api.depends("link_ids.revoked_at", "link_ids.expires_at")
    def _compute_link_url(self):
        for booking in self:
            # the advisor who may read the booking may give its link away
            links_sudo = self.env["auto.service.booking.link"].sudo()
            link_sudo = links_sudo._get_live(booking._origin)
            booking.link_url = link_sudo._get_url() if link_sudo else False

    @api.depends("told_start", "start", "state", "allocation_ids.state")
    def _compute_has_untold_change(self):
        for booking in self:
            booking.has_untold_change = (
                booking.state in ("booked", "confirmed")
                and booking.told_start
                and booking.told_start != booking._get_agreed_start()
            )

    def write(self, vals):
        changed = self.filtered(
            lambda booking: "partner_id" in vals
            and booking.partner_id.id != vals["partner_id"]
        )
        res = super().write(vals)
        changed.sudo().link_ids._revoke()  # they are another person's now
        return res

    # Buttons --------------------------------------------------------------------

    def action_send_link(self):
        """Mail the customer what he needs now, with his link.

        Without a time he is asked to choose one; with one he gets it confirmed, or
        told that it was moved.
        """
        for booking in self:
            booking._ensure_can_be_mailed()
            booking._mail_customer(booking._get_mail_to_send())

    def action_make_link(self):
        """A link to give by other means: telephone, messenger."""
        self._check_may_send()
        for booking in self:
            self.env["auto.service.booking.link"]._make(booking)

    def action_revoke_links(self):
        """Withdraw the links: nobody opens the bookings by them any more."""
        self._check_may_send()
        self.sudo().link_ids._revoke()

    def _check_may_send(self):
        """Links are given and withdrawn by who may change the booking."""
        self.check_access("write")

    def _ensure_can_be_mailed(self):
        self._check_may_send()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(name)s has no e-mail address. Enter one, or copy the link and "
                    "send it by other means.",
                    name=self.partner_id.display_name,
                )
            )

    def _get_mail_to_send(self):
        """Which mail the customer needs in the present state.

        :return: key of ``MAILS``
        """
        self.ensure_one()
        if self.state == "cancelled":
            return "cancelled"
        if self._has_public_offer():
            return "offer"
        if not self._get_agreed_start():
            return "pick"
        return "moved" if self.has_untold_change else "confirmation"

    # Mails ----------------------------------------------------------------------

    def _mail_customer(self, kind):
        """Queue a mail to the customer. Call it for the waitlist's offers too.

        The mail holds his link and is removed once it is sent; the history of the
        booking only says that it was written.

        :param str kind: key of ``MAILS``
        :return: False when he has no address or the mail was removed by the garage
        """
        self.ensure_one()
        template = self.env.ref(MAILS[kind], raise_if_not_found=False)
        if not template or not self.partner_id.email:
            return False
        if kind != "cancelled":
            self.env["auto.service.booking.link"]._make(self)
        # customers without a login cause mails, and no advisor owns the templates
        template.sudo().send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values=self._prepare_mail_values(),
        )
        is_told = kind in MAILED_WITH_CALENDAR
        self.sudo().told_start = is_told and self._get_agreed_start()
        self._note_mail(template)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    def _prepare_mail_values(self):
        """What a mail to the customer has beside its template.

        It does not hang on the booking: whoever reads bookings would read the link.
        """
        return {"model": False, "res_id": False, "reply_to": self._get_reply_address()}

    def _get_reply_address(self):
        """Address that the customer answers to: his advisor, or the branch."""
        user_sudo = self.advisor_id.sudo()  # on every mail of his
        return user_sudo.email_formatted or self.company_id.sudo().email_formatted

    def _note_mail(self, template):
        """Say in the history that a mail went out, without its link."""
        self.message_post(
            body=self.env._(
                "Mail to %(email)s: %(name)s",
                email=self.partner_id.email,
                name=template.name,
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _get_customer_url(self):
        """Address of the customer's page, for mails; empty without a valid link."""
        self.ensure_one()
        # mails are written for people without rights on links
        link_sudo = self.env["auto.service.booking.link"].sudo()._get_live(self)
        return link_sudo._get_url() if link_sudo else ""

    def _get_customer_url_expiry(self):
        """Until when the customer's page opens, in words; empty without a link."""
        self.ensure_one()
        link_sudo = self.env["auto.service.booking.link"].sudo()._get_live(self)
        return link_sudo and self._format_for_customer(link_sudo.expires_at)

    def _process_attachments_for_template_post(self, mail_template):
        """Mails that name a time carry it as a calendar file."""
        results = super()._process_attachments_for_template_post(mail_template)
        refs = [self.env.ref(MAILS[key], False) for key in MAILED_WITH_CALENDAR]
        if mail_template not in refs:
            return results
        for booking in self.filtered(lambda booking: booking._get_agreed_start()):
            values = results.setdefault(booking.id, {})
            attachment = (booking._get_ics_name(), booking._get_ics_base64())
            values.setdefault("attachments", []).append(attachment)
        return results

    # Calendar file --------------------------------------------------------------

    def _get_ics(self):
        """Calendar file of the visit.

        :return: bytes
        """
        self.ensure_one()
        return write_calendar(self._prepare_ics_visit(), fields.Datetime.now())

    def _get_ics_base64(self):
        return base64.b64encode(self._get_ics())

    def _get_ics_name(self):
        return f"{self.name}.ics"

    def _prepare_ics_visit(self):
        """What the customer's calendar shows; override to add."""
        company_sudo = self.company_id.sudo()  # its address is on every letter
        start, stop = self._get_agreed_period()
        return Visit(
            uid=self._get_ics_uid(),
            sequence=len(self.log_ids),
            start=start,
            stop=self._get_ics_stop(start, stop),
            summary=" · ".join(
                part for part in (company_sudo.name, self.license_plate) if part
            ),
            description=self._get_ics_description(),
            location=self._get_garage_address(),
            url=self._get_customer_url(),
            organizer_name=company_sudo.name,
            organizer_email=company_sudo.partner_id.email_normalized or "",
            is_busy=self.is_waiter or not self.is_repair,
            is_cancelled=self.state == "cancelled",
        )

    def _get_ics_uid(self):
        """Name of the entry: the same for ever, and in no other database."""
        # the secret is the administrator's to read
        signature = hmac(self.sudo().env, "auto_service_booking.ics", self.id)
        return f"{signature[:32]}@auto-service"

    def _get_ics_stop(self, start, stop):
        """End of the entry: a job of several days does not fill the calendar."""
        is_short = stop - start <= timedelta(hours=12)
        return stop if is_short else start + timedelta(minutes=30)

    def _get_ics_description(self):
        lines = [line.name for line in self.line_ids]
        url = self._get_customer_url()
        if url:
            lines += ["", self.env._("Move or cancel: %(url)s", url=url)]
        return "\n".join(lines)

    # Words ----------------------------------------------------------------------

    def _get_garage_address(self):
        """Address of the branch in one line."""
        partner_sudo = self.company_id.sudo().partner_id  # it is on every letter
        address = partner_sudo._display_address(without_company=True)
        return ", ".join(part.strip() for part in address.split("\n") if part.strip())

    def _get_customer_tz(self):
        """Zone in which the customer reads times: the garage's own."""
        return str(self.company_id._get_planning_tz())

    def _format_for_customer(self, moment):
        """``moment`` (naive UTC) as the customer reads it in his language."""
        return f"{self._format_short_day(moment)} {self._format_hour(moment)}"

    def _format_short_day(self, moment):
        """Day of ``moment`` (naive UTC) in the garage: Mon 2 Mar."""
        tz = self._get_customer_tz()
        return format_datetime(self.env, moment, tz=tz, dt_format="EEE d MMM")

    def _format_weekday(self, day):
        """Short name of the day of the week of a local date."""
        return format_date(self.env, day, date_format="EEE")

    def _get_local_day(self, moment):
        """Local date of ``moment`` (naive UTC) in the garage."""
        planner = self.env["auto.service.planner"]
        return planner._get_local_day(self.company_id, moment)

    def _format_day(self, day):
        """A local date in full, with the day of the week."""
        text = format_date(self.env, day, date_format="full")
        return text[:1].upper() + text[1:]  # many languages write days small

    def _format_hour(self, moment):
        """Time of day of ``moment`` (naive UTC) in the garage."""
        return format_time(
            self.env, moment, tz=self._get_customer_tz(), time_format="short"
        )

    def _format_duration(self, hours):
        """Length as a person says it: 2 h 30 min."""
        minutes = round(hours * 60)
        parts = {"hours": minutes // 60, "minutes": minutes % 60}
        if not parts["minutes"]:
            return self.env._("%(hours)s h", **parts)
        if not parts["hours"]:
            return self.env._("%(minutes)s min", **parts)
        return self.env._("%(hours)s h %(minutes)s min", **parts)
