from datetime import date, datetime

import pytz
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import HOURS, MONDAY
from .test_planner import PlannerCommon


class WorkCommon(PlannerCommon):
    def _get_hours(self, record, first, last, tz="Europe/Tallinn"):
        """Working times of local days as ("02 08:00", "02 12:00")."""
        resource = record.resource_id.id
        start, stop = (self._utc(f"{day} 00:00", tz) for day in (first, last))
        work = self.planner._get_work([resource], start, stop)[resource]
        return [(self._local(lo, tz), self._local(hi, tz)) for lo, hi in work]

    def _create_leave(self, start, stop, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave of the test",
                "date_from": self._utc(start),
                "date_to": self._utc(stop),
                "calendar_id": False,
                **values,
            }
        )


@freeze_time(MONDAY + " 04:00:00")  # Monday, six o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestWorkingTime(WorkCommon):
    def test_weekly_hours_without_lunch(self):
        hours = [("06 08:00", "06 12:00"), ("06 13:00", "06 17:00")]
        self.assertEqual(self._get_hours(self.ann, "2026-03-06", "2026-03-09"), hours)

    def test_lunch_may_be_a_line_of_its_own(self):
        lines = [(8, 12, "morning"), (12, 13, "lunch"), (13, 17, "afternoon")]
        eve = self._create_technician(
            name="Eve", resource_calendar_id=self._create_calendar(lines).id
        )
        hours = [("06 08:00", "06 12:00"), ("06 13:00", "06 17:00")]
        self.assertEqual(self._get_hours(eve, "2026-03-06", "2026-03-09"), hours)

    def test_the_same_as_the_host(self):
        """Calendars in several zones, over days on which the clocks change."""
        cases = [
            ("Europe/Tallinn", "2026-03-27", "2026-03-31"),
            ("Europe/Tallinn", "2026-10-23", "2026-10-27"),
            ("America/New_York", "2026-03-06", "2026-03-10"),
            ("Asia/Kolkata", "2026-03-06", "2026-03-10"),
        ]
        lines = [(0, 3.5, "morning"), (9, 12, "morning"), (20, 24, "afternoon")]
        calendar = self._create_calendar(lines, range(7))
        resource = self.bays[0].resource_id
        resource.calendar_id = calendar
        self._create_leave("2026-03-28 10:00", "2026-03-28 11:00")
        for tz, first, last in cases:
            resource.tz = tz
            start, stop = (
                pytz.utc.localize(datetime.fromisoformat(day)) for day in (first, last)
            )
            expected = calendar._work_intervals_batch(start, stop, resource)
            # The host ends a day a microsecond before midnight.
            expected = [
                tuple(
                    moment.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
                    for moment in (lo, hi)
                )
                for lo, hi, _line in expected[resource.id]
            ]
            found = self.planner._get_work(
                resource.ids, start.replace(tzinfo=None), stop.replace(tzinfo=None)
            )[resource.id]
            with self.subTest(tz=tz, first=first):
                self.assertEqual(self._join(found), self._join(expected))

    def _join(self, work):
        """Stretches that touch, or miss each other by a second, are one."""
        result = []
        for lo, hi in sorted(work):
            if result and (lo - result[-1][1]).total_seconds() <= 1:
                result[-1][1] = hi
            else:
                result.append([lo, hi])
        return [
            (lo, hi.replace(second=0) if hi.second == 0 else hi) for lo, hi in result
        ]

    def test_leaves_of_one_and_of_all(self):
        self._create_leave(
            "2026-03-02 08:00", "2026-03-02 10:00", resource_id=self.ann.resource_id.id
        )
        self._create_leave("2026-03-03 00:00", "2026-03-03 23:59")
        days = ("2026-03-02", "2026-03-04")
        afternoon = ("02 13:00", "02 17:00")
        self.assertEqual(
            self._get_hours(self.ann, *days), [("02 10:00", "02 12:00"), afternoon]
        )
        self.assertEqual(
            self._get_hours(self.bob, *days), [("02 08:00", "02 12:00"), afternoon]
        )
        self._allocate(self.bob, "2026-03-02 08:00", "2026-03-02 09:00")
        self.assertEqual(self._local(self._first()["start"]), "02 09:00")

    def test_garage_is_closed_on_a_holiday(self):
        """Nobody comes on a day off of the opening hours, whoever works."""
        night = self._create_calendar([(0, 24, "morning")], range(7))
        self._create_leave(
            "2026-03-02 00:00", "2026-03-03 00:00", calendar_id=self.calendar.id
        )
        dan = self._create_technician(name="Dan", resource_calendar_id=night.id)
        line = {
            "technician_resource_id": dan.resource_id.id,
            "needs_bay": False,
        }
        self.assertEqual(self._local(self._first(line)["start"]), "03 08:00")
        offer = self._first(line, any_start=True)
        self.assertEqual(self._local(offer["start"]), "02 06:00")

    def test_shifts_instead_of_weekly_hours(self):
        self.ann.resource_id.auto_service_uses_shifts = True
        self.env["auto.service.shift"].create(
            {
                "resource_id": self.ann.resource_id.id,
                "date": MONDAY,
                "start": self._utc("2026-03-02 20:00"),
                "stop": self._utc("2026-03-03 06:00"),
                "break_start": self._utc("2026-03-03 01:00"),
                "break_stop": self._utc("2026-03-03 01:30"),
                "company_id": self.env.company.id,
            }
        )
        self.assertEqual(
            self._get_hours(self.ann, "2026-03-02", "2026-03-05"),
            [("02 20:00", "03 01:00"), ("03 01:30", "03 06:00")],
        )

    def test_night_shift_over_midnight(self):
        night = self._create_calendar(
            [(0, 6, "morning"), (22, 24, "afternoon")], range(7)
        )
        self.bays[0].resource_calendar_id = night
        dan = self._create_technician(name="Dan", resource_calendar_id=night.id)
        offer = self._first(
            {"technician_resource_id": dan.resource_id.id, "minutes": 480},
            any_start=True,
        )
        self.assertEqual(
            self._get_pieces(offer), [("02 22:00", "03 06:00", "Lift 1", "Dan")]
        )

    def test_an_hour_less_in_spring(self):
        night = self._create_calendar(
            [(0, 6, "morning"), (22, 24, "afternoon")], range(7)
        )
        self.bays[0].resource_calendar_id = night
        hours = self._get_hours(self.bays[0], "2026-03-28", "2026-03-30")
        start, stop = self._utc("2026-03-28 22:00"), self._utc("2026-03-29 06:00")
        self.assertEqual((stop - start).total_seconds(), 7 * 3600)
        self.assertIn(("28 22:00", "29 06:00"), hours)

    def test_changed_hours_count_at_once(self):
        calendar = self.calendar
        self._get_hours(self.ann, "2026-03-02", "2026-03-03")
        calendar.attendance_ids.filtered(
            lambda line: line.dayofweek == "0" and line.hour_from == 8
        ).hour_from = 10
        hours = self._get_hours(self.ann, "2026-03-02", "2026-03-03")
        self.assertEqual(hours[0], ("02 10:00", "02 12:00"))
        calendar.attendance_ids.filtered(lambda line: line.dayofweek == "0").unlink()
        self.assertFalse(self._get_hours(self.ann, "2026-03-02", "2026-03-03"))

    def test_two_weeks_take_turns(self):
        lines = [
            Command.create(
                {
                    "name": str(week),
                    "dayofweek": "0",
                    "week_type": str(week),
                    "hour_from": 8 + week,
                    "hour_to": 12,
                    "day_period": "morning",
                }
            )
            for week in (0, 1)
        ]
        calendar = self._create_calendar([])
        calendar.write({"two_weeks_calendar": True, "attendance_ids": lines})
        self.bays[0].resource_calendar_id = calendar
        hours = self._get_hours(self.bays[0], "2026-03-02", "2026-03-16")
        first = (date(2026, 3, 2).toordinal() - 1) // 7 % 2
        self.assertEqual(
            hours,
            [
                (f"02 {8 + first:02}:00", "02 12:00"),
                (f"09 {9 - first:02}:00", "09 12:00"),
            ],
        )

    def test_hours_of_an_employee_change_with_his_version(self):
        employee = self.ann.employee_id
        early = self._create_calendar([(6, 10, "morning")])
        employee.create_version(
            {"date_version": date(2026, 3, 4), "resource_calendar_id": early.id}
        )
        self.assertEqual(
            self._get_hours(self.ann, "2026-03-03", "2026-03-05"),
            [
                ("03 08:00", "03 12:00"),
                ("03 13:00", "03 17:00"),
                ("04 06:00", "04 10:00"),
            ],
        )

    def test_nobody_works_outside_of_his_contract(self):
        self.ann.employee_id.version_id.write(
            {
                "contract_date_start": date(2026, 1, 1),
                "contract_date_end": date(2026, 3, 3),
            }
        )
        self.assertEqual(
            self._get_hours(self.ann, "2026-03-03", "2026-03-06"),
            [("03 08:00", "03 12:00"), ("03 13:00", "03 17:00")],
        )

    def test_hours_that_say_no_times_are_named(self):
        flexible = self.env["resource.calendar"].create(
            {"name": "Any time", "flexible_hours": True, "hours_per_day": 8}
        )
        with self.assertRaisesRegex(ValidationError, "Any time"):
            self.bays[0].resource_calendar_id = flexible
        self.env.company.resource_calendar_id = flexible
        found = self._find()
        self.assertFalse(found["offers"])
        self.assertIn("“Any time”", found["problems"][0])

    def test_spans_outside_of_working_time(self):
        resource = self.ann.resource_id.id
        inside = (resource, *map(self._utc, ("2026-03-02 08:00", "2026-03-02 12:00")))
        lunch = (resource, *map(self._utc, ("2026-03-02 11:00", "2026-03-02 12:01")))
        weekend = (resource, *map(self._utc, ("2026-03-07 11:00", "2026-03-07 12:00")))
        self.assertEqual(
            self.planner._check_working_time([inside, lunch, weekend]),
            [lunch, weekend],
        )
        self.assertEqual(self.planner._check_working_time([]), [])

    def test_next_free_time_of_a_resource(self):
        self._allocate(self.ann, "2026-03-02 08:00", "2026-03-02 10:00")
        self._allocate(self.ann, "2026-03-02 11:00", "2026-03-02 12:00")
        start = self._utc("2026-03-02 08:10")
        hour = self._utc("2026-03-02 01:00") - self._utc("2026-03-02 00:00")
        for length, expected in ((hour, "02 10:00"), (2 * hour, "02 13:00")):
            found = self.planner._get_next_free(self.ann.resource_id.id, start, length)
            self.assertEqual(self._local(found), expected)
        self.assertIsNone(
            self.planner._get_next_free(self.ann.resource_id.id, start, 5 * hour)
        )


@freeze_time(MONDAY + " 04:00:00")  # Monday, six o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestReserve(WorkCommon):
    """Two technicians work 16 hours a day together; a fifth is held back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_reserve_percent = 25
        cls.tuesday = {"start": cls._utc("2026-03-03 00:00"), "weekdays": {1}}

    def test_capacity_and_load_of_days(self):
        days = (date(2026, 3, 6), date(2026, 3, 7))
        company = self.env.company
        self._allocate(self.ann, "2026-03-06 08:00", "2026-03-06 09:30")
        self._allocate(self.bays[0], "2026-03-06 08:00", "2026-03-06 09:30")
        self._allocate(
            self.ann, "2026-03-06 18:00", "2026-03-06 19:30", is_overtime=True
        )
        capacity = self.planner._get_day_capacity(company, *days)
        self.assertEqual(capacity, {days[0]: 960, days[1]: 0})
        self.assertEqual(
            self.planner._get_day_load(company, *days), {days[0]: 90, days[1]: 0}
        )

    def test_a_part_of_a_coming_day_is_held_back(self):
        for row in (self.ann, self.bob):
            self._allocate(row, "2026-03-03 08:00", "2026-03-03 12:00")
        self._allocate(self.ann, "2026-03-03 13:00", "2026-03-03 15:00")
        offer = self._first({"minutes": 120}, **self.tuesday)
        self.assertEqual(self._local(offer["start"]), "03 13:00")
        offer = self._first({"minutes": 135}, **self.tuesday)
        self.assertEqual(self._local(offer["start"])[:2], "10")
        offer = self._first({"minutes": 135}, use_reserve=True, **self.tuesday)
        self.assertEqual(self._local(offer["start"]), "03 13:00")

    def test_the_reserve_is_named(self):
        for row in (self.ann, self.bob):
            self._allocate(row, "2026-03-03 08:00", "2026-03-03 12:00")
            self._allocate(row, "2026-03-03 13:00", "2026-03-03 15:00")
        found = self._find(
            start=self._utc("2026-03-03 00:00"), stop=self._utc("2026-03-04 00:00")
        )
        self.assertFalse(found["offers"])
        self.assertIn("held back for walk-ins", found["problems"][0])

    def test_today_has_no_reserve(self):
        self._allocate(self.ann, "2026-03-02 08:00", "2026-03-02 12:00")
        self._allocate(self.ann, "2026-03-02 13:00", "2026-03-02 17:00")
        offer = self._first({"minutes": 480})
        self.assertEqual(self._local(offer["start"]), "02 08:00")

    def test_other_branches_have_their_own_reserve(self):
        other = self.env["res.company"].create({"name": "Branch of the test"})
        row = self._allocate(self.ann, "2026-03-03 08:00", "2026-03-03 12:00")
        row.company_id = other
        offer = self._first({"minutes": 480}, **self.tuesday)
        self.assertEqual(self._local(offer["start"]), "03 08:00")

    def test_what_is_offered_passes_the_guard(self):
        """Every offer of a week in turn, until nothing is left."""
        booked = 0
        options = {"stop": self._utc("2026-03-07 00:00"), "limit": 1}
        options["start"] = self._utc("2026-03-03 00:00")
        while offers := self._find({"minutes": 165}, **options)["offers"]:
            booking = self._create_booking()
            self.env["auto.service.allocation"]._allocate_offer(
                offers[0], {"booking_id": booking.id}
            )
            booked += 1
        # 4 days of 12 hours to book: 4 jobs of 2 h 45 min each day
        self.assertEqual(booked, 16)


@freeze_time(MONDAY + " 04:00:00")  # Monday, six o'clock in Tallinn
@tagged("post_install", "-at_install")
class TestChoice(WorkCommon):
    """Who is taken when several could do it."""

    def test_kind_of_bay(self):
        stand = self._create_kind(name="Stand of the test")
        stands = self._create_bay(name="Stand", kind_id=stand.id)
        offer = self._first({"bay_kind_id": stand.id})
        self.assertEqual(self._get_pieces(offer)[0][2], "Stand")
        stands.active = False
        found = self._find({"bay_kind_id": stand.id})
        self.assertFalse(found["offers"])
        self.assertIn("Stand of the test", found["problems"][0])

    def test_work_for_any_bay_leaves_the_special_one(self):
        self.kind_lift.sequence = 10
        stand = self._create_kind(name="Stand of the test", sequence=20)
        self._create_bay(name="Stand", kind_id=stand.id, sequence=1)
        self.assertEqual(self._get_pieces(self._first())[0][2], "Lift 1")

    def test_lowest_sufficient_level(self):
        self.ann.skill_level = "master"
        self.bob.skill_level = "technician"
        cases = [(False, "Bob"), ("technician", "Bob"), ("specialist", "Ann")]
        for level, name in cases:
            with self.subTest(level=level):
                pieces = self._get_pieces(self._first({"skill_level": level}))
                self.assertEqual(pieces[0][3], name)

    def test_who_has_least_to_do(self):
        self._allocate(self.ann, "2026-03-04 08:00", "2026-03-04 12:00")
        self.assertEqual(self._get_pieces(self._first())[0][3], "Bob")

    def test_skills(self):
        skills = self.env["auto.service.skill"].create(
            [{"name": "High voltage of the test"}, {"name": "Gas of the test"}]
        )
        line = {"skill_ids": skills.ids}
        self.bob.skill_ids = skills[0]
        found = self._find(line)
        self.assertFalse(found["offers"])
        self.assertIn("Gas of the test", found["problems"][0])
        self.bob.skill_ids = skills
        self.assertEqual(self._get_pieces(self._first(line))[0][3], "Bob")

    def test_equipment(self):
        kind = self._create_kind(name="Tester of the test", role="equipment")
        line = {"equipment_kind_ids": [kind.id]}
        self.assertIn("Tester of the test", self._find(line)["problems"][0])
        tester = self._create_equipment(name="Tester", kind_id=kind.id)
        self._allocate(tester, "2026-03-02 08:00", "2026-03-02 09:00")
        self.assertEqual(
            self._get_pieces(self._first(line)),
            [("02 09:00", "02 10:00", "Lift 1", "Ann", "Tester")],
        )

    def test_resources_of_another_company(self):
        other = self.env["res.company"].create({"name": "Company of the test"})
        found = self.planner._find_slots([self.line], other)
        self.assertEqual(len(found["problems"]), 2)

    def test_a_technician_may_ask(self):
        """He reads the board; names and skills of colleagues are not his to read."""
        planner = self.planner.with_user(self.user_technician)
        self.assertTrue(planner._find_slots([self.line])["offers"])

    def test_number_of_queries(self):
        for number in range(3):
            calendar = self._create_calendar(HOURS, name=f"Hours {number}")
            for _technician in range(3):
                self._create_technician(resource_calendar_id=calendar.id)
        self.env.company.auto_service_reserve_percent = 20
        self.env.flush_all()
        options = {"limit": None, "courtesy_car": False}
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.planner._find_slots([self.line, self.line], **options)
        with self.assertQueryCount(5):
            self.planner._find_slots([self.line, self.line], **options)
