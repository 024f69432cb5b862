from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestBookingEntry(BookingCommon):
    def test_call_of_a_new_customer(self):
        """Plate, telephone and name are enough: customer and vehicle are created."""
        booking = (
            self.env["auto.service.booking"]
            .with_user(self.user_advisor)
            .create(
                {
                    "plate_entry": "777 ZZZ",
                    "phone_entry": "+372 5559 8765",
                    "customer_entry": "Jaan Kask",
                }
            )
        )
        self.assertEqual(booking.vehicle_id.license_plate, "777 ZZZ")
        self.assertEqual(booking.partner_id.name, "Jaan Kask")
        self.assertEqual(booking.vehicle_id.owner_id, booking.partner_id)
        self.assertEqual(booking.state, "requested")

    def test_state_and_times_are_not_typed_in(self):
        booking = self._create_booking().with_user(self.user_advisor)
        with self.assertRaises(UserError):
            booking.state = "booked"
        with self.assertRaises(UserError):
            booking.start = "2026-03-02 08:00:00"

    def test_builders(self):
        """Time on the board becomes the time of the booking and of its service."""
        bay, technician = self._create_bay(), self._create_technician()
        booking = self._create_booking()
        for resource in (bay, technician):
            self._allocate(
                resource,
                "2026-03-02 09:00",
                "2026-03-02 10:00",
                booking_id=booking.id,
                line_id=booking.line_ids.id,
            )
        self.assertEqual(booking.start, self._utc("2026-03-02 09:00"))
        self.assertEqual(booking.line_ids.stop, self._utc("2026-03-02 10:00"))
        self.assertEqual(booking.hours, 1.0)
