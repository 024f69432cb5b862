from odoo import fields, models

GARAGE = "auto_service_base.group_user"


class ResPartner(models.Model):
    """The customer's bookings."""

    _inherit = "res.partner"

    booking_count = fields.Integer(
        compute="_compute_booking_count",
        groups=GARAGE,
        help="Bookings of the customer.",
    )

    def _compute_booking_count(self):
        groups = self.env["auto.service.booking"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        self._assign_counts("booking_count", groups)

    def action_view_bookings(self):
        """Open the bookings of the customer.

        :return: act_window action
        """
        bookings = self.env["auto.service.booking"]
        return bookings._action_of(
            [("partner_id", "in", self.ids)], {"default_partner_id": self[:1].id}
        )
