from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestBookingScreens(BookingCommon):
    """What the screens ask of the database; a second record adds no query."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.toomas = cls._create_technician()

    def _create_bookings(self, count):
        bookings = self.env["auto.service.booking"]
        for number in range(count):
            partner = self._create_partner(name=f"Customer {number}")
            booking = self._create_booking(
                partner_id=partner.id,
                vehicle_id=self._create_vehicle(
                    license_plate=f"Q {number}", owner_id=partner.id
                ).id,
            )
            start = f"2026-03-{2 + number:02d}" if number < 4 else "2026-03-06"
            booking.book_time(str(self._utc(f"{start} {9 + number % 3:02d}:00")))
            bookings |= booking
        return bookings

    def _get_fields_of(self, kind):
        """Fields that the web client asks of a screen, with those of its rows."""
        models = self.env["auto.service.booking"].with_user(self.user_advisor)
        names = models.get_views([(False, kind)])["models"]["auto.service.booking"]
        specification = {}
        for name, field in names["fields"].items():
            specification[name] = {}
            if field["type"] == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
        return specification

    def _read_list(self, bookings, kind):
        specification = self._get_fields_of(kind)
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["auto.service.booking"].with_user(self.user_advisor)
        before = self.env.cr.sql_log_count
        model.web_search_read([("id", "in", bookings.ids)], specification)
        return self.env.cr.sql_log_count - before

    def test_list_and_kanban(self):
        bookings = self._create_bookings(5)
        for kind, limit in (("list", 20), ("kanban", 20)):
            with self.subTest(kind=kind):
                self._read_list(bookings, kind)  # warm
                one = self._read_list(bookings[0], kind)
                many = self._read_list(bookings, kind)
                self.assertEqual(one, many)
                self.assertLessEqual(many, limit)

    def test_find_a_time(self):
        """The dialog asks once; the planner needs six of the queries."""
        booking = self._create_bookings(1).with_user(self.user_advisor)
        booking.get_time_offers()  # warm
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        booking.get_time_offers()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 36)

    def test_sight(self):
        booking = self._create_bookings(1).with_user(self.user_advisor)
        booking.get_sight(booking.partner_id.id, booking.vehicle_id.id, booking.id)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        booking.get_sight(booking.partner_id.id, booking.vehicle_id.id, booking.id)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 45)

    def test_next_free_time_beyond_the_day(self):
        """A full day names the next free time."""
        self._allocate(self.bay, "2026-03-03 08:00", "2026-03-03 12:00")
        self._allocate(self.bay, "2026-03-03 13:00", "2026-03-03 17:00")
        booking = self._create_booking().with_user(self.user_advisor)
        offers = booking.get_time_offers({"date": "2026-03-03"})
        self.assertFalse(offers["days"])
        self.assertEqual(offers["next"]["time"], "08:00")
        self.assertEqual(offers["next"]["start"], str(self._utc("2026-03-04 08:00")))

    def test_filters(self):
        anna = self._create_technician(name="Anna Kuusk")
        booking = self._create_booking().with_user(self.user_advisor)
        offers = booking.get_time_offers(
            {"technician": anna.resource_id.id, "day_part": "afternoon", "week": 1}
        )
        first = offers["days"][0]
        self.assertEqual(first["date"], "2026-03-09")
        self.assertEqual(first["offers"][0]["time"], "13:00")
        self.assertIn("Anna Kuusk", first["offers"][0]["names"])
        booking.book_time(
            first["offers"][0]["start"], {"technician": anna.resource_id.id}
        )
        self.assertIn(anna.resource_id, booking.allocation_ids.resource_id)

    def test_form_of_a_call(self):
        """Known plate: vehicle and customer stand there at once."""
        partner = self._create_partner(name="Known Owner")
        vehicle = self._create_vehicle(license_plate="KNO 123", owner_id=partner.id)
        operation = self._create_operation(hours=1.5)
        form = Form(self.env["auto.service.booking"].with_user(self.user_advisor))
        form.plate_entry = "kno123"
        self.assertEqual(form.vehicle_id, vehicle)
        self.assertEqual(form.partner_id, partner)
        with form.line_ids.new() as line:
            line.operation_id = operation
            self.assertEqual(line.hours, 1.5)
        booking = form.save()
        self.assertEqual(booking.line_ids.name, "Replace brake discs")
        self.assertEqual(booking.line_ids.skill_level, "technician")
        self.assertEqual(booking.advisor_id, self.user_advisor)

    def test_search_of_services(self):
        operation = self._create_operation(name="Replace zulu pump", booking_hours=3.0)
        rows = self.env["auto.service.booking.line"].search_services("zulu pump")
        self.assertEqual(
            rows,
            [
                {
                    "kind": "operation",
                    "id": operation.id,
                    "name": "Replace zulu pump",
                    "hours": 3.0,
                }
            ],
        )

    def test_settings(self):
        settings = self.env["res.config.settings"].create(
            {"auto_service_reserve_percent": 30}
        )
        settings.execute()
        self.assertEqual(self.env.company.auto_service_reserve_percent, 30)
