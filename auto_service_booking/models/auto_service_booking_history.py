from odoo import api, models


class AutoServiceBooking(models.Model):
    """Every change of a booking is on record."""

    _inherit = "auto.service.booking"

    def _log(self, what, before="", after="", note=""):
        """Put a change on record.

        :param str what: kind of change, see ``auto.service.booking.log``
        :param str before: what was there before
        :param str after: what is there now
        :param str note: why
        """
        given = self.env.context.get("auto_service_log") or {}
        # Nobody writes history by hand.
        self.env["auto.service.booking.log"].sudo().create(
            [
                {
                    "booking_id": booking.id,
                    "what": given.get("what") or what,
                    "before": before or False,
                    "after": after or False,
                    "note": given.get("note") or note or False,
                }
                for booking in self
            ]
        )

    # Opening ----------------------------------------------------------------------

    def _action_open(self):
        """Action that shows the bookings: the form of one, a list of several."""
        action = self._action_of([("id", "in", self.ids)])
        if len(self) == 1:
            action.update(res_id=self.id, view_mode="form", views=[(False, "form")])
        return action

    @api.model
    def _action_of(self, domain, context=None):
        """Action that lists the bookings of ``domain``.

        :param list domain: domain of bookings
        :param dict context: defaults of a new booking
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_booking.auto_service_booking_action"
        )
        return {
            **action,
            "domain": domain,
            "context": context or {},
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
        }

    def action_view_order(self):
        """Open the work order that the booking became.

        :return: act_window action
        """
        return self.order_id._action_open()
