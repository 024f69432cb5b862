from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
class TestShift(BookingCommon):
    """Shifts by click and by rule; Monday is 2 March 2026, the zone Tallinn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day, cls.night = cls.env["auto.service.shift.template"].create(
            [
                {
                    "name": "Test day",
                    "hour_from": 8,
                    "hour_to": 17,
                    "break_from": 12,
                    "break_to": 13,
                },
                {"name": "Test night", "hour_from": 22, "hour_to": 6},
            ]
        )
        cls.toomas = cls._create_technician(name="Toomas", uses_shifts=True)
        cls.jaan = cls._create_technician(name="Jaan", uses_shifts=True)
        cls.shifts = cls.env["auto.service.shift"].with_user(cls.user_advisor)

    def _paint(self, technician, day, template, **kwargs):
        resource = technician.resource_id
        template_id = template and template.id
        return self.shifts.paint([(resource.id, day, template_id)], **kwargs)

    def _search(self, technician):
        domain = [("resource_id", "=", technician.resource_id.id)]
        return self.env["auto.service.shift"].search(domain)

    def _fill(self, technicians=None, user=None, **values):
        technicians = technicians or self.toomas
        return self.shifts.with_user(user or self.user_advisor).fill_rule(
            {
                "resource_ids": technicians.resource_id.ids,
                "steps": [
                    {"template_id": self.day.id, "days": 2},
                    {"template_id": False, "days": 2},
                ],
                "first": "2026-03-02",
                "last": "2026-03-09",
                **values,
            }
        )

    def _get_dates(self, technician):
        return [shift.date.day for shift in self._search(technician)]

    # By click -------------------------------------------------------------------

    def test_click_enters_the_hours_of_the_shift(self):
        self._paint(self.toomas, "2026-03-02", self.day)
        self.assertRecordValues(
            self._search(self.toomas),
            [
                {
                    "date": date(2026, 3, 2),
                    "start": datetime(2026, 3, 2, 6),
                    "stop": datetime(2026, 3, 2, 15),
                    "break_start": datetime(2026, 3, 2, 10),
                    "break_stop": datetime(2026, 3, 2, 11),
                    "hours": 8.0,
                    "company_id": self.env.company.id,
                }
            ],
        )

    def test_night_of_the_clock_change_has_seven_hours(self):
        self._paint(self.toomas, "2026-03-28", self.night)
        self.assertEqual(self._search(self.toomas).hours, 7.0)

    def test_second_click_replaces_and_the_eraser_erases(self):
        self._paint(self.toomas, "2026-03-02", self.day)
        self._paint(self.toomas, "2026-03-02", self.night)
        self.assertEqual(self._search(self.toomas).template_id, self.night)
        self._paint(self.toomas, "2026-03-02", False)
        self.assertFalse(self._search(self.toomas))

    def test_overlap_is_one_clear_sentence_and_changes_nothing(self):
        self._paint(self.toomas, "2026-03-02", self.night)
        early = self.day.copy({"name": "Early", "hour_from": 5})
        message = "Toomas has a shift from Mon 2 Mar 22:00 to Tue 3 Mar 06:00 already"
        with self.assertRaisesRegex(ValidationError, message):
            self.shifts.paint(
                [
                    (self.jaan.resource_id.id, "2026-03-03", self.day.id),
                    (self.toomas.resource_id.id, "2026-03-03", early.id),
                ]
            )
        self.assertFalse(self._search(self.jaan))

    def test_weekly_hours_are_not_replaced_silently(self):
        self.toomas.uses_shifts = False
        with self.assertRaisesRegex(UserError, "Toomas: the weekly hours count"):
            self._paint(self.toomas, "2026-03-02", self.day)
        with self.assertRaisesRegex(UserError, "A manager can switch"):
            self._paint(self.toomas, "2026-03-02", self.day, switch=True)
        self.shifts = self.shifts.with_user(self.user_manager)
        self._paint(self.toomas, "2026-03-02", self.day, switch=True)
        self.assertTrue(self.toomas.uses_shifts)

    def test_technician_reads_and_does_not_write(self):
        self._paint(self.toomas, "2026-03-02", self.day)
        shifts = self.shifts.with_user(self.user_technician)
        grid = shifts.get_grid({"first": "2026-03-02", "days": 7})
        self.assertFalse(grid["can_edit"])
        with self.assertRaises(AccessError):
            shifts.paint([(self.toomas.resource_id.id, "2026-03-02", False)])

    def test_template_changed_later_leaves_shifts_alone(self):
        self._paint(self.toomas, "2026-03-02", self.day)
        self.day.hour_to = 20
        self.assertEqual(self._search(self.toomas).stop, datetime(2026, 3, 2, 15))

    def test_shift_by_hand_takes_the_hours_of_its_kind(self):
        shift = self.shifts.create(
            {
                "resource_id": self.toomas.resource_id.id,
                "date": "2026-03-02",
                "template_id": self.night.id,
            }
        )
        self.assertEqual(shift.stop, datetime(2026, 3, 3, 4))
        shift.stop = datetime(2026, 3, 3, 5)
        self.assertEqual(shift.hours, 9.0)

    # By rule --------------------------------------------------------------------

    def test_two_on_two_off_until_a_date(self):
        self.assertEqual(self._fill()["created"], 4)
        self.assertEqual(self._get_dates(self.toomas), [2, 3, 6, 7])

    def test_the_second_person_begins_two_days_later(self):
        self._fill(self.toomas | self.jaan, stagger=2)
        self.assertEqual(self._get_dates(self.toomas), [2, 3, 6, 7])
        self.assertEqual(self._get_dates(self.jaan), [4, 5, 8, 9])

    def test_rule_keeps_what_is_entered(self):
        self._paint(self.toomas, "2026-03-02", self.night)
        result = self._fill(first="2026-03-02", last="2026-03-09")
        self.assertEqual((result["created"], result["kept"]), (3, 1))
        first = self._search(self.toomas)[0]
        self.assertEqual(first.template_id, self.night)

    def test_rule_replaces_when_told(self):
        self._paint(self.toomas, "2026-03-02", self.night)
        self._paint(self.toomas, "2026-03-05", self.day)
        self._fill(overwrite=True)
        self.assertEqual(self._get_dates(self.toomas), [2, 3, 6, 7])
        self.assertEqual(self._search(self.toomas).template_id, self.day)

    def test_rule_lets_new_people_work_by_shifts(self):
        self.toomas.uses_shifts = False
        with self.assertRaisesRegex(UserError, "A manager can switch"):
            self._fill()
        self._fill(user=self.user_manager)
        self.assertTrue(self.toomas.uses_shifts)

    def test_wrong_rules_are_refused_in_a_sentence(self):
        cases = [
            ({"last": "2026-03-01"}, "ends before it begins"),
            ({"last": "2028-03-01"}, "400 days at most"),
            ({"steps": [{"template_id": False, "days": 2}]}, "which shift is worked"),
            ({"resource_ids": []}, "Choose who works"),
        ]
        for values, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._fill(**values)

    def test_night_before_a_day_is_refused_by_name(self):
        early = self.day.copy({"name": "Early", "hour_from": 5})
        steps = [
            {"template_id": self.night.id, "days": 1},
            {"template_id": early.id, "days": 1},
        ]
        with self.assertRaisesRegex(ValidationError, "Toomas has a shift from"):
            self._fill(steps=steps)
        self.assertFalse(self._search(self.toomas))

    # Grid -----------------------------------------------------------------------

    def test_grid_shows_shifts_absences_and_weekly_hours(self):
        self._paint(self.toomas, "2026-03-02", self.day)
        self.jaan.uses_shifts = False
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Course",
                "resource_id": self.jaan.resource_id.id,
                "date_from": self._utc("2026-03-04 00:00"),
                "date_to": self._utc("2026-03-06 00:00"),
            }
        )
        params = {"first": "2026-03-02", "days": 7, "everybody": True}
        rows = {row["name"]: row for row in self.shifts.get_grid(params)["rows"]}
        [cell] = rows["Toomas"]["cells"]["2026-03-02"]
        self.assertEqual((cell["start"], cell["stop"]), ("08:00", "17:00"))
        self.assertEqual(rows["Toomas"]["hours"], 8.0)
        self.assertEqual(
            rows["Jaan"]["leaves"], {"2026-03-04": "Course", "2026-03-05": "Course"}
        )
        self.assertEqual(
            rows["Jaan"]["weekly"],
            {"2026-03-02": 8.0, "2026-03-03": 8.0, "2026-03-06": 8.0},
        )
        params["everybody"] = False
        names = [row["name"] for row in self.shifts.get_grid(params)["rows"]]
        self.assertEqual(names, ["Toomas"])

    def test_grid_of_a_month_takes_few_queries(self):
        technicians = self.toomas | self.jaan
        for number in range(6):
            technicians |= self._create_technician(
                name=f"Mechanic {number}", uses_shifts=number % 2
            )
        self._fill(technicians, user=self.user_manager, last="2026-03-31")
        params = {"first": "2026-03-01", "days": 31, "everybody": True}
        self.shifts.get_grid(params)
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            grid = self.shifts.get_grid(params)
        self.assertEqual(len(grid["rows"]), 8)

    # What it does to planned work -----------------------------------------------

    @freeze_time(MONDAY)
    def test_erased_shift_sends_its_work_to_the_replan_queue(self):
        self._paint(self.toomas, "2026-03-03", self.day)
        booking = self._create_booking()
        allocation = self._allocate(
            self.toomas,
            "2026-03-03 09:00",
            "2026-03-03 10:00",
            booking_id=booking.id,
        )
        self.assertFalse(allocation.replan_reason)
        self._paint(self.toomas, "2026-03-03", False)
        self.assertEqual(allocation.replan_reason, "absent")
        self._paint(self.toomas, "2026-03-03", self.day)
        self.assertFalse(allocation.replan_reason)

    @freeze_time(MONDAY)
    def test_months_of_a_rule_look_at_the_work_once(self):
        self._allocate(
            self.toomas, "2026-03-03 09:00", "2026-03-03 10:00", is_overtime=True
        )
        board = self.env.registry["auto.service.allocation"]
        with patch.object(board, "_flag_unavailable", autospec=True) as flag:
            self._fill(overwrite=True, last="2026-12-31")
        self.assertEqual(flag.call_count, 1)


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestHoursChanged(BookingCommon):
    """Whoever changes hours, planned work outside of them turns red."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.toomas = cls._create_technician(name="Toomas")
        cls.booking = cls._create_booking()

    def setUp(self):
        super().setUp()
        self.work = self._allocate(
            self.toomas,
            "2026-03-03 09:00",
            "2026-03-03 10:00",
            booking_id=self.booking.id,
        )
        self.stand = self._allocate(
            self.bay,
            "2026-03-03 09:00",
            "2026-03-03 10:00",
            booking_id=self.booking.id,
        )

    def _create_leave(self, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "date_from": self._utc("2026-03-03 00:00"),
                "date_to": self._utc("2026-03-04 00:00"),
                **values,
            }
        )

    def _assert_reasons(self, work=False, stand=False):
        self.assertEqual(
            (self.work.replan_reason, self.stand.replan_reason), (work, stand)
        )

    def test_leave_of_one_comes_moves_and_goes(self):
        leave = self._create_leave(resource_id=self.toomas.resource_id.id)
        self._assert_reasons("absent")
        leave.write(
            {
                "date_from": self._utc("2026-03-10 00:00"),
                "date_to": self._utc("2026-03-11 00:00"),
            }
        )
        self._assert_reasons()
        leave.write(
            {
                "date_from": self._utc("2026-03-03 00:00"),
                "date_to": self._utc("2026-03-04 00:00"),
            }
        )
        self._assert_reasons("absent")
        leave.unlink()
        self._assert_reasons()

    def test_leave_from_somebody_else_to_nobody(self):
        leave = self._create_leave(resource_id=self.toomas.resource_id.id)
        leave.resource_id = self.bay.resource_id
        self._assert_reasons(stand="broken")

    def test_closed_day_of_the_garage(self):
        leave = self._create_leave(resource_id=False, calendar_id=self.calendar.id)
        self._assert_reasons("absent", "broken")
        leave.unlink()
        self._assert_reasons()

    def test_manager_closes_the_garage_and_advisors_do_not(self):
        leaves = self.env["resource.calendar.leaves"]
        values = {
            "name": "Public holiday",
            "date_from": self._utc("2026-03-03 00:00"),
            "date_to": self._utc("2026-03-04 00:00"),
        }
        with self.assertRaises(AccessError):
            leaves.with_user(self.user_advisor).create(values)
        leaves.with_user(self.user_manager).create(values)
        self._assert_reasons("absent", "broken")

    def test_closed_day_of_other_hours(self):
        other = self._create_calendar(name="Office")
        self._create_leave(resource_id=False, calendar_id=other.id)
        self._assert_reasons()

    def test_course_that_counts_as_work(self):
        self._create_leave(resource_id=self.toomas.resource_id.id, time_type="other")
        self._assert_reasons()

    def test_working_hours_become_shorter(self):
        tuesday = self.calendar.attendance_ids.filtered(
            lambda line: line.dayofweek == "1" and line.hour_from == 8
        )
        tuesday.with_user(self.user_manager).hour_from = 10
        self._assert_reasons("absent", "broken")
        tuesday.hour_from = 8
        self._assert_reasons()
        tuesday.unlink()
        self._assert_reasons("absent", "broken")

    def test_other_working_hours(self):
        late = self._create_calendar(name="Late", hours=[(13, 21, "afternoon")])
        self.toomas.resource_calendar_id = late
        self._assert_reasons("absent")

    def test_other_working_hours_from_a_day_on(self):
        late = self._create_calendar(name="Late", hours=[(13, 21, "afternoon")])
        version = self.toomas.employee_id.create_version(
            {"date_version": date(2026, 3, 3)}
        )
        version.resource_calendar_id = late
        self._assert_reasons("absent")

    def test_shifts_instead_of_weekly_hours(self):
        self.toomas.with_user(self.user_manager).uses_shifts = True
        self._assert_reasons("absent")

    def test_employee_who_left(self):
        self.toomas.employee_id.action_archive()
        self._assert_reasons("absent")
        with self.assertRaisesRegex(ValidationError, "Toomas"):
            self._allocate(self.toomas, "2026-03-03 10:00", "2026-03-03 11:00")

    def test_officer_without_rights_in_the_garage(self):
        officer = self.env.ref("base.user_admin").copy(
            {
                "login": "officer",
                "group_ids": [Command.set(self.env.ref("hr.group_hr_manager").ids)],
            }
        )
        leaves = self.env["resource.calendar.leaves"].with_user(officer)
        leaves.create(
            {
                "resource_id": self.toomas.resource_id.id,
                "date_from": self._utc("2026-03-03 00:00"),
                "date_to": self._utc("2026-03-04 00:00"),
            }
        )
        self._assert_reasons("absent")

    # Absent, out of order -------------------------------------------------------

    def _enter_absence(self, record, **values):
        absence = self.env["auto.service.absence"].with_user(self.user_advisor)
        absence = absence.create({"resource_ids": record.resource_id.ids, **values})
        return absence, absence.action_apply()

    def test_advisor_enters_an_absence_and_is_led_to_the_queue(self):
        absence, action = self._enter_absence(
            self.toomas, until="tomorrow", reason="Sick"
        )
        self.assertEqual(absence.date_to, self._utc("2026-03-04 00:00"))
        self.assertEqual(absence.work_count, 1)
        self._assert_reasons("absent")
        self.assertEqual(action["type"], "ir.actions.act_window")

    def test_until_in_one_click(self):
        cases = {
            "today": "2026-03-03 00:00",
            "tomorrow": "2026-03-04 00:00",
            "week": "2026-03-09 00:00",
        }
        for until, end in cases.items():
            absence = self.env["auto.service.absence"].create(
                {"resource_ids": self.bay.resource_id.ids, "until": until}
            )
            with self.subTest(until):
                self.assertEqual(absence.date_to, self._utc(end))

    def test_broken_bay_works_again(self):
        self._enter_absence(self.bay, until="tomorrow")
        self.assertTrue(self.bay.is_away)
        self.assertIn(self.bay, self.bay.search([("is_away", "=", True)]))
        self._assert_reasons(stand="broken")
        self.bay.with_user(self.user_advisor).action_back()
        self.assertFalse(self.bay.is_away)
        self._assert_reasons()

    def test_time_off_of_others_is_not_ended_here(self):
        self._create_leave(
            resource_id=self.toomas.resource_id.id,
            date_from=fields.Datetime.now(),
        )
        with self.assertRaisesRegex(UserError, "Toomas: this time off was not entered"):
            self.toomas.with_user(self.user_advisor).action_back()

    def test_absence_ends_after_it_begins(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self._enter_absence(
                self.bay, until="date", date_to=self._utc("2026-03-01 00:00")
            )

    def test_technician_enters_no_absence(self):
        with self.assertRaises(AccessError):
            self.env["auto.service.absence"].with_user(self.user_technician).create(
                {"resource_ids": self.bay.resource_id.ids}
            )
