from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # a Monday, seven o'clock in Tallinn
class TestCapacity(BookingCommon):
    """Figures of the coming weeks; the garage works eight hours a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toomas = cls._create_technician(name="Toomas Mets")
        cls.mart = cls._create_technician(name="Mart Kask")
        cls.bay = cls._create_bay()

    def _read_parts(self, day, role="technician", **domain):
        """Hours by part on a day.

        :return: dict of part -> hours
        """
        leaves = [(key, "=", value) for key, value in domain.items()]
        rows = self.env["auto.service.capacity"]._read_group(
            [("date", "=", day), ("role", "=", role), *leaves],
            ["part"],
            ["hours:sum"],
        )
        return {part: round(hours, 6) for part, hours in rows}

    def test_free_hours_are_working_hours_without_what_is_booked(self):
        self._allocate(self.toomas, "2026-03-03 08:00", "2026-03-03 11:00")
        self.assertEqual(self._read_parts("2026-03-03"), {"booked": 3.0, "free": 13.0})

    def test_lunch_and_weekends_are_no_capacity(self):
        self.assertEqual(self._read_parts("2026-03-04"), {"free": 16.0})
        self.assertEqual(self._read_parts("2026-03-07"), {})

    def test_leave_is_no_capacity(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.mart.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self._utc("2026-03-04 00:00"),
                "date_to": self._utc("2026-03-05 00:00"),
            }
        )
        self.assertEqual(self._read_parts("2026-03-04"), {"free": 8.0})

    def test_overtime_comes_on_top(self):
        self._allocate(
            self.toomas, "2026-03-03 16:00", "2026-03-03 19:00", is_overtime=True
        )
        self.assertEqual(
            self._read_parts("2026-03-03"),
            {"booked": 1.0, "free": 15.0, "overtime": 2.0},
        )

    def test_reserve_is_held_back_on_coming_days_only(self):
        """16 hours, of which 20 per cent are 3.2; 12.8 may be booked."""
        self.env.company.auto_service_reserve_percent = 20
        self._allocate(self.toomas, "2026-03-03 08:00", "2026-03-03 12:00")
        self.assertEqual(
            self._read_parts("2026-03-03"),
            {"booked": 4.0, "buffer": 3.2, "free": 8.8},
        )
        self.assertEqual(
            self._read_parts(MONDAY), {"free": 16.0}, "today it may be used"
        )
        self.assertEqual(
            self._read_parts("2026-03-03", role="bay"), {"free": 8.0}, "no reserve"
        )

    def test_reserve_that_is_used_up_leaves_nothing_to_book(self):
        self.env.company.auto_service_reserve_percent = 50
        self._allocate(self.toomas, "2026-03-03 08:00", "2026-03-03 12:00")
        self._allocate(self.toomas, "2026-03-03 13:00", "2026-03-03 17:00")
        self._allocate(self.mart, "2026-03-03 08:00", "2026-03-03 10:00")
        self.assertEqual(
            self._read_parts("2026-03-03"), {"booked": 10.0, "buffer": 6.0}
        )

    def test_resources_and_kinds_are_told_apart(self):
        self._allocate(self.bay, "2026-03-03 08:00", "2026-03-03 10:00")
        self.assertEqual(
            self._read_parts("2026-03-03", role="bay", kind_id=self.kind_lift.id),
            {"booked": 2.0, "free": 6.0},
        )
        own = {"resource_id": self.toomas.resource_id.id}
        self.assertEqual(self._read_parts("2026-03-03", **own), {"free": 8.0})

    def test_days_are_those_of_the_branch(self):
        """Half past one in the night in Tallinn is the day before in UTC."""
        self._allocate(
            self.toomas, "2026-03-04 00:30", "2026-03-04 01:30", is_overtime=True
        )
        self.assertEqual(self._read_parts("2026-03-04")["overtime"], 1.0)
        self.assertNotIn("overtime", self._read_parts("2026-03-03"))

    def test_day_of_daylight_saving_has_its_own_hours(self):
        """The clocks go forward on Sunday, 29 March; Monday has eight hours."""
        self.assertEqual(self._read_parts(date(2026, 3, 30)), {"free": 16.0})

    def test_other_branches_are_not_shown(self):
        other = self.env["res.company"].create({"name": "Other branch"})
        self._create_bay(name="Theirs", company_id=other.id)
        capacity = self.env["auto.service.capacity"].with_context(
            allowed_company_ids=self.env.company.ids
        )
        rows = capacity.search([("role", "=", "bay")])
        self.assertEqual(rows.resource_id, self.bay.resource_id)
        self.assertEqual(rows.company_id, self.env.company)

    def test_only_managers_see_it(self):
        capacity = self.env["auto.service.capacity"]
        domain = [("date", "=", "2026-03-03")]
        self.assertTrue(capacity.with_user(self.user_manager).search(domain))
        for user in (self.user_advisor, self.user_technician):
            with self.assertRaises(AccessError):
                capacity.with_user(user).search(domain)

    def test_manager_reads_names_of_resources(self):
        rows = self.env["auto.service.capacity"].with_user(self.user_manager)
        rows = rows.search([("date", "=", "2026-03-03"), ("role", "=", "technician")])
        self.env.invalidate_all()
        names = {
            name
            for row in rows.read(["resource_id"])
            for name in row["resource_id"][1:]
        }
        self.assertEqual(names, {"Toomas Mets", "Mart Kask"})

    def test_chart_takes_a_fixed_number_of_queries(self):
        capacity = self.env["auto.service.capacity"].with_user(self.user_manager)

        def read():
            capacity.env.flush_all()
            return capacity.formatted_read_group(
                [], ["date:day", "part"], ["hours:sum"]
            )

        read()
        with self.assertQueryCount(6):
            read()
        for number in range(5):
            self._create_bay(name=f"Bay {number + 2}")
        with self.assertQueryCount(6):
            read()
