from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

SHOWN_STATES = ("requested", "waitlist", "booked", "confirmed")


class BookingPortal(CustomerPortal):
    """Bookings to come of a customer who is logged in.

    Customers have no access to bookings: the domain of the customer is checked here,
    then the pages read in sudo, as the host's portal pages do.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "booking_count" in counters:
            values["booking_count"] = len(self._get_portal_bookings_sudo())
        return values

    def _get_portal_booking_domain(self):
        """Domain of the visitor's own bookings; extend it with your conditions."""
        partner = request.env.user.partner_id
        return Domain("partner_id", "=", partner.id) & Domain(
            "state", "in", SHOWN_STATES
        )

    def _get_portal_bookings_sudo(self, booking_id=None):
        """Bookings to come of the visitor, or the one that he asks for.

        :param int booking_id: id of one of them
        """
        domain = self._get_portal_booking_domain()
        if booking_id:
            domain &= Domain("id", "=", booking_id)
        bookings_sudo = request.env["auto.service.booking"].sudo()
        return bookings_sudo.search(domain, order="start, id")

    @route("/my/bookings", type="http", auth="user", website=True, readonly=True)
    def portal_my_bookings(self, **kwargs):
        """List of the visitor's bookings."""
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="booking",
            default_url="/my/bookings",
            bookings=self._get_portal_bookings_sudo(),
        )
        return request.render("auto_service_booking.portal_my_bookings", values)

    @route("/my/bookings/<int:booking_id>", type="http", auth="user", website=True)
    def portal_my_booking(self, booking_id, **kwargs):
        """The customer's page of a booking; the list for anybody else's booking."""
        booking_sudo = self._get_portal_bookings_sudo(booking_id)
        if not booking_sudo:
            return request.redirect("/my/bookings")
        link_sudo = request.env["auto.service.booking.link"]._make(booking_sudo)
        return request.redirect(link_sudo._get_path())
