from odoo import fields, models

GARAGE = "auto_service_base.group_user"


class FleetVehicle(models.Model):
    """The vehicle's bookings."""

    _inherit = "fleet.vehicle"

    booking_count = fields.Integer(
        compute="_compute_booking_count", groups=GARAGE, help="Bookings of the vehicle."
    )

    def _compute_booking_count(self):
        groups = self.env["auto.service.booking"]._read_group(
            [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
        )
        counts = {vehicle.id: count for vehicle, count in groups}
        for vehicle in self:
            vehicle.booking_count = counts.get(vehicle.id, 0)

    def action_view_bookings(self):
        """Open the bookings of the vehicle.

        :return: act_window action
        """
        bookings = self.env["auto.service.booking"]
        return bookings._action_of(
            [("vehicle_id", "in", self.ids)],
            {
                "default_vehicle_id": self[:1].id,
                "default_partner_id": self[:1].owner_id.id,
            },
        )
