from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools.misc import get_lang

from ..tools import log_mask

log_mask.install()

PUBLIC = {
    "type": "http",
    "auth": "public",
    "website": True,
    "multilang": False,
    "sitemap": False,
}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
PARTS = ("morning", "afternoon")


class BookingLink(Controller):
    """The customer's page of one booking, without a login.

    A page only shows, whatever mail scanners do with its address; what changes
    something is posted, and the answer to it is a redirect to the page.
    """

    # Pages --------------------------------------------------------------------

    @route("/booking/<string:token>", methods=["GET"], **PUBLIC)
    def booking(self, token, **params):
        """The booking: what, when, where, and what can be done now."""
        return self._answer(token, self._show_booking, params)

    @route("/booking/<string:token>/times", methods=["GET"], **PUBLIC)
    def booking_times(self, token, **params):
        """Free times, by day."""
        return self._answer(token, self._show_times, params)

    @route("/booking/<string:token>/time", methods=["GET"], **PUBLIC)
    def booking_time(self, token, **params):
        """One time, before the customer takes it."""
        return self._answer(token, self._show_time, params)

    @route("/booking/<string:token>/leave", methods=["GET"], **PUBLIC)
    def booking_leave(self, token, **params):
        """The question before cancelling."""
        return self._answer(token, self._show_leave, params)

    @route("/booking/<string:token>/booking.ics", methods=["GET"], **PUBLIC)
    def booking_calendar(self, token, **params):
        """The visit for the customer's calendar."""
        return self._answer(token, self._show_calendar, params)

    # Changes ------------------------------------------------------------------

    @route("/booking/<string:token>/pick", methods=["POST"], **PUBLIC)
    def booking_pick(self, token, **params):
        """Take a time, or move to it."""
        return self._answer(token, self._do_pick, params, is_change=True)

    @route("/booking/<string:token>/cancel", methods=["POST"], **PUBLIC)
    def booking_cancel(self, token, **params):
        """Cancel."""
        return self._answer(token, self._do_cancel, params, is_change=True)

    @route("/booking/<string:token>/confirm", methods=["POST"], **PUBLIC)
    def booking_confirm(self, token, **params):
        """Say that one will come."""
        return self._answer(token, self._do_confirm, params, is_change=True)

    @route("/booking/<string:token>/answer", methods=["POST"], **PUBLIC)
    def booking_answer(self, token, **params):
        """Take or decline the time held from the waitlist."""
        return self._answer(token, self._do_answer, params, is_change=True)

    @route("/booking/<string:token>/wait", methods=["POST"], **PUBLIC)
    def booking_wait(self, token, **params):
        """Ask to be told when a time becomes free."""
        return self._answer(token, self._do_wait, params, is_change=True)

    # Doors --------------------------------------------------------------------

    def _answer(self, token, page, params, is_change=False):
        """Let the visitor in, or refuse him; the same headers for all answers.

        :param str token: out of the address; anything
        :param page: method that answers for a link and its parameters
        :param dict params: of the request; anything
        :param bool is_change: whether the request changes something
        """
        link_sudo, refusal = self._open(token, is_change)
        response = refusal or page(link_sudo, params)
        response.headers.update(HEADERS)
        return response

    def _open(self, token, is_change):
        """Check limits and token.

        :return: tuple of the link in sudo and None, or of None and a refusal
        """
        hits = request.env["auto.service.link.hit"]
        address = request.httprequest.remote_addr
        if not hits._take("address", address):
            return None, self._refuse_hurry()
        link_sudo = request.env["auto.service.booking.link"]._find_by_token(token)
        if not link_sudo:
            is_patient = hits._take("unknown", address)
            return None, self._refuse_unknown() if is_patient else self._refuse_hurry()
        if not hits._take("change" if is_change else "link", str(link_sudo.id)):
            return None, self._refuse_hurry()
        link_sudo = self._enter(link_sudo)
        if link_sudo.state != "live":
            return None, self._refuse_old(link_sudo)
        link_sudo._note_opened()
        return link_sudo, None

    def _enter(self, link_sudo):
        """From here on in the customer's language and in the branch."""
        partner_sudo = link_sudo.booking_id.partner_id
        code = get_lang(request.env, partner_sudo.lang).code
        request.update_context(lang=code)
        request.lang = request.env["res.lang"]._get_data(code=code)
        company_sudo = link_sudo.booking_id.company_id
        return link_sudo.with_context(lang=code).with_company(company_sudo)

    def _refuse_hurry(self):
        response = self._render_message("hurry", 429)
        response.headers["Retry-After"] = "600"
        return response

    def _refuse_unknown(self):
        """The same words for guessed, cut and foreign tokens."""
        return self._render_message("unknown", 404)

    def _refuse_old(self, link_sudo):
        """Expired and withdrawn links: whom to call, and nothing of the booking."""
        company_sudo = link_sudo.booking_id.company_id
        return self._render_message(link_sudo.state, 410, company_sudo)

    def _render_message(self, reason, status, company_sudo=None):
        values = {"reason": reason, "company": company_sudo}
        values.update(self._prepare_layout_values(company_sudo))
        template = "auto_service_booking.link_message"
        return request.render(template, values, status=status)

    def _prepare_layout_values(self, company_sudo):
        """What the layout of the portal needs: whose logo, which language."""
        code = request.env.lang or "en_US"
        return {
            "res_company": company_sudo or request.env.company.sudo(),
            "html_data": {"lang": code.replace("_", "-")},
            "no_footer": True,
        }

    def _render_page(self, template, link_sudo, **values):
        booking_sudo = link_sudo.booking_id
        values = {
            "link": link_sudo,
            "booking": booking_sudo,
            "company": booking_sudo.company_id,
            "start": booking_sudo._get_agreed_start(),
            **self._prepare_layout_values(booking_sudo.company_id),
            **values,
        }
        return request.render(f"auto_service_booking.{template}", values)

    def _go(self, link_sudo, page="", **params):
        """Redirect to a page of the link: the change is committed when it opens."""
        url = link_sudo._get_path(page)
        return request.redirect_query(url, params, code=303)

    # Showing ------------------------------------------------------------------

    def _show_booking(self, link_sudo, params):
        booking_sudo = link_sudo.booking_id
        if booking_sudo._has_to_pick_by_customer():
            return self._show_times(link_sudo, params)
        message = params.get("message")
        return self._render_page("link_booking", link_sudo, message=message)

    def _show_times(self, link_sudo, params):
        booking_sudo = link_sudo.booking_id
        if not booking_sudo._can_pick_by_customer():
            return self._go(link_sudo, message="late")
        part = params.get("part") if params.get("part") in PARTS else None
        first_day = self._to_date(params.get("from"))
        offers = booking_sudo._get_public_offers(day_part=part, first_day=first_day)
        return self._render_page(
            "link_times",
            link_sudo,
            part=part,
            first_day=first_day,
            message=params.get("message"),
            **offers,
        )

    def _show_time(self, link_sudo, params):
        start = self._to_moment(params.get("start"))
        if not link_sudo.booking_id._can_pick_by_customer():
            return self._go(link_sudo, message="late")
        offer = start and link_sudo.booking_id._get_public_offer_at(start)
        if not offer:
            return self._go(link_sudo, "times", message="taken")
        return self._render_page("link_time", link_sudo, offer=offer)

    def _show_leave(self, link_sudo, params):
        if not link_sudo.booking_id._can_change_by_customer():
            return self._go(link_sudo, message="late")
        return self._render_page("link_leave", link_sudo)

    def _show_calendar(self, link_sudo, params):
        booking_sudo = link_sudo.booking_id
        if not booking_sudo._get_agreed_start():
            return self._go(link_sudo)
        headers = [
            ("Content-Type", "text/calendar; charset=utf-8"),
            (
                "Content-Disposition",
                f'attachment; filename="{booking_sudo._get_ics_name()}"',
            ),
        ]
        return request.make_response(booking_sudo._get_ics(), headers)

    # Doing --------------------------------------------------------------------

    def _do_pick(self, link_sudo, params):
        start = self._to_moment(params.get("start"))
        if not start:
            return self._go(link_sudo, "times")
        result = link_sudo.booking_id._pick_by_customer(start, params.get("note"))
        if result == "taken":
            return self._go(link_sudo, "times", message="taken")
        return self._done(link_sudo, result)

    def _do_cancel(self, link_sudo, params):
        result = link_sudo.booking_id._cancel_by_customer(params.get("note"))
        return self._done(link_sudo, result)

    def _do_confirm(self, link_sudo, params):
        return self._done(link_sudo, link_sudo.booking_id._confirm_by_customer())

    def _do_answer(self, link_sudo, params):
        is_accepted = params.get("answer") == "yes"
        result = link_sudo.booking_id._answer_by_customer(is_accepted)
        return self._done(link_sudo, result)

    def _do_wait(self, link_sudo, params):
        return self._done(link_sudo, link_sudo.booking_id._wait_by_customer())

    def _done(self, link_sudo, result):
        if result not in ("late", "taken"):
            link_sudo._note_used()
        return self._go(link_sudo, message=result)

    # What visitors send -------------------------------------------------------

    def _to_moment(self, text):
        """Naive UTC moment out of the request, None for anything else."""
        try:
            return fields.Datetime.to_datetime((text or "").replace("T", " ")) or None
        except ValueError:
            return None

    def _to_date(self, text):
        """Date out of the request, None for anything else."""
        try:
            return fields.Date.to_date(text or "") or None
        except ValueError:
            return None
