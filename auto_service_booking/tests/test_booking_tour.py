from odoo.tests import HttpCase, tagged

from .common import BookingCommon


@tagged("post_install", "-at_install")
class TestBookingTour(BookingCommon, HttpCase):
    """From the call to the work order in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_opening_calendar_id = cls._create_calendar(
            days=range(7)
        )
        cls.bay = cls._create_bay(
            resource_calendar_id=cls.env.company.auto_service_opening_calendar_id.id
        )
        cls.toomas = cls._create_technician(
            resource_calendar_id=cls.env.company.auto_service_opening_calendar_id.id
        )
        cls._create_operation(name="Oil of the call", booking_hours=1.5)

    def test_call_and_arrival(self):
        self.start_tour(
            "/odoo/bookings", "auto_service_booking_call", login="test_advisor"
        )
        self.env.invalidate_all()
        vehicle = self.env["fleet.vehicle"]._find_by_plate("77CALL77")
        booking = self.env["auto.service.booking"].search(
            [("vehicle_id", "=", vehicle.id)]
        )
        self.assertRecordValues(booking, [{"state": "booked", "hours": 1.5}])
        self.assertEqual(booking.partner_id.name, "Kalle Call")
        self.assertEqual(
            booking.allocation_ids.resource_id,
            self.bay.resource_id | self.toomas.resource_id,
        )
        self.start_tour(
            f"/odoo/bookings/{booking.id}",
            "auto_service_booking_arrive",
            login="test_advisor",
        )
        self.env.invalidate_all()
        self.assertEqual(booking.state, "arrived")
        self.assertEqual(booking.order_id.job_ids.name, "Oil of the call")
        self.assertEqual(booking.order_id.job_ids.planned_start, booking.start)
