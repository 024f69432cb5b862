from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 08:00:00")
class TestBookingReport(BookingCommon):
    """Bookings in figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.source = cls.env["utm.source"].create({"name": "Radio of the test"})

    def _create_visit(self, day, state):
        """Booking of an hour on a day of March 2026 that came to ``state``."""
        booking = self._create_booking(source_id=self.source.id)
        self._allocate(
            self.bay,
            f"2026-03-{day:02} 10:00",
            f"2026-03-{day:02} 11:00",
            booking_id=booking.id,
        )
        self.env.flush_all()
        # The states have rules of their own; the figures only count them.
        self.env.cr.execute(
            "UPDATE auto_service_booking SET state = %s, create_date = %s"
            " WHERE id = %s",
            [state, f"{MONDAY} 08:00:00", booking.id],
        )
        booking.invalidate_recordset()
        return booking

    def _read(self, *aggregates):
        [row] = self.env["auto.service.booking.report"]._read_group(
            [("source_id", "=", self.source.id)], ["source_id"], list(aggregates)
        )
        return [round(value, 2) for value in row[1:]]

    def test_no_show_rate_counts_those_who_were_expected(self):
        for day, state in ((3, "done"), (4, "in_work"), (5, "no_show"), (6, "done")):
            self._create_visit(day, state)
        self._create_visit(9, "booked")
        self._create_visit(10, "cancelled")
        self.assertEqual(
            self._read("no_show_percent:avg", "cancelled_percent:avg", "__count"),
            [25.0, 20.0, 6],
        )

    def test_lead_time_is_days_from_entry_to_visit(self):
        """Entered on Monday at eight UTC, which is ten in Tallinn."""
        self._create_visit(4, "done")
        self._create_visit(6, "booked")
        self.assertEqual(self._read("lead_days:avg", "hours:sum"), [3.0, 2.0])

    def test_booking_without_a_time_has_no_lead_time(self):
        self._create_visit(4, "booked")
        self._create_booking(source_id=self.source.id)
        self.assertEqual(self._read("lead_days:avg", "__count"), [2.0, 2])

    def test_only_managers_see_it_and_of_their_branch(self):
        self._create_visit(4, "done")
        report = self.env["auto.service.booking.report"]
        domain = [("source_id", "=", self.source.id)]
        self.assertEqual(report.with_user(self.user_manager).search_count(domain), 1)
        with self.assertRaises(AccessError):
            report.with_user(self.user_advisor).search_count(domain)
        other = self.env["res.company"].create({"name": "Other branch"})
        self.user_manager.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        self.assertEqual(report.with_user(self.user_manager).search_count(domain), 0)
