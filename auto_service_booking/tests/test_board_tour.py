from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import BookingCommon

SEVEN_DAYS = range(7)


@tagged("post_install", "-at_install")
class TestBoardTour(BookingCommon, HttpCase):
    """The dispatcher in a real browser: drags, pulls, books, on the day of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls._create_calendar([(8, 18, "morning")], SEVEN_DAYS)
        cls.env.company.resource_calendar_id = calendar
        cls.bays = [
            cls._create_bay(name=f"Tour lift {number}", sequence=number)
            for number in (1, 2, 3)
        ]
        cls.technician, cls.other = (
            cls._create_technician(name=name, resource_calendar_id=calendar.id)
            for name in ("Toomas Mets", "Andres Kask")
        )
        cls.day = cls.env.company._get_planning_day()
        cls.operation = cls._create_operation(name="Tour service", hours=2.0)
        cls.block = cls._keep("TOUR 1", cls.bays[0], cls.technician, "09:00", "11:00")
        cls._keep("TOUR 3", cls.bays[2], cls.other, "09:00", "12:00")

    @classmethod
    def _keep(cls, plate, bay, technician, start, stop):
        """A booking with bay and technician, today.

        :return: auto.service.allocation record of the bay
        """
        partner = cls._create_partner(name=f"Customer of {plate}")
        vehicle = cls._create_vehicle(license_plate=plate, owner_id=partner.id)
        booking = cls._create_booking(
            lines=[{"operation_id": cls.operation.id, "hours": 2.0}],
            partner_id=partner.id,
            vehicle_id=vehicle.id,
        )
        values = {"booking_id": booking.id, "line_id": booking.line_ids.id}
        times = (f"{cls.day} {start}", f"{cls.day} {stop}")
        row = cls._allocate(bay, *times, **values)
        cls._allocate(technician, *times, block=row.block, **values)
        booking.sudo().state = "booked"
        return row

    @mute_logger("odoo.http")  # who is refused leaves a line in the log
    def _start(self, tour, path="board", login="test_advisor"):
        self.start_tour(f"/odoo/{path}", tour, login=login)
        self.env.invalidate_all()

    def test_drag_pull_and_book(self):
        self._start("auto_service_board")
        self.assertEqual(self.block.start, self._utc(f"{self.day} 09:00"))
        self.assertEqual(self.block.stop, self._utc(f"{self.day} 12:00"))
        self.assertEqual(self.block.resource_id, self.bays[0].resource_id)
        booking = self.env["auto.service.booking"].search(
            [("license_plate", "=", "TOUR 9")]
        )
        self.assertEqual(booking.state, "booked")
        self.assertEqual(booking.start, self._utc(f"{self.day} 12:00"))
        self.assertEqual(booking.stop - booking.start, timedelta(hours=1))
        self.assertEqual(
            booking.allocation_ids.filtered(lambda row: row.role == "bay").resource_id,
            self.bays[2].resource_id,
        )

    def test_move_with_the_keys(self):
        self._start("auto_service_board_keys")
        self.assertEqual(self.block.start, self._utc(f"{self.day} 09:30"))
        self.assertEqual(self.block.resource_id, self.bays[1].resource_id)

    def test_wall_shows_work_and_no_plates(self):
        self._start("auto_service_board_wall", "board-wall", "test_technician")
