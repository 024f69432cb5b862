from datetime import date

import psycopg2.errors
import vobject
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestFoundBooking(BookingCommon):
    """Errors that were found once and stay away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.toomas = cls._create_technician()
        cls.branch = cls.env["res.company"].create({"name": "Far branch"})
        cls.far_bay = cls.env["auto.service.bay"].create(
            {
                "name": "Far bay",
                "kind_id": cls.kind_lift.id,
                "company_id": cls.branch.id,
            }
        )
        cls.window = {
            "company_id": cls.env.company.id,
            "first": MONDAY,
            "days": 1,
            "wall": False,
        }

    def _book(self, **values):
        booking = self._create_booking(**values)
        booking._book_offer(booking._find_offers(limit=1)["offers"][0])
        return booking

    def _planner(self):
        return self.env["auto.service.planner"].with_user(self.user_advisor)

    def test_calendar_file_of_a_company_with_quotes(self):
        company = self.env.company
        company.write({"name": 'OÜ "Garage"\r\nX: 1, Tartu'})
        company.partner_id.email = "garage@example.com"
        event = vobject.readOne(self._book()._get_ics().decode()).vevent
        self.assertEqual(event.organizer.cn_param, "OÜ 'Garage' X: 1, Tartu")
        self.assertEqual(event.organizer.value, "mailto:garage@example.com")

    def test_resources_of_another_branch_cannot_be_taken(self):
        resource = self.far_bay.resource_id.id
        booking = self._book()
        row = booking.allocation_ids.filtered(lambda row: row.role == "bay")
        move = {"source": row.resource_id.id, "target": resource, "allow": True}
        event = {"resource": resource, "start": 600, "stop": 660, "event": "Cleaning"}
        with self.assertRaises(ValidationError):
            self._planner().move_block(row.block, move, self.window)
        with self.assertRaises(ValidationError):
            self._planner().book_on_board(event, self.window)
        self.assertFalse(
            self.env["auto.service.allocation"].search([("resource_id", "=", resource)])
        )

    def test_another_branchs_day_is_not_told(self):
        with self.assertRaises(AccessError):
            self._planner().replan_action(self.far_bay.resource_id.id, MONDAY)

    def test_a_conflict_tells_nothing_of_another_branch(self):
        """A bay of all branches is taken; by whom is not this branch's business."""
        self.bay.resource_id.company_id = False
        booking = self._create_booking(company_id=self.branch.id)
        self._allocate(
            self.bay,
            "2026-03-02 13:00",
            "2026-03-02 14:00",
            booking_id=booking.id,
            company_id=self.branch.id,
        )
        with self.assertRaises(ValidationError) as caught:
            self.env["auto.service.allocation"].with_user(self.user_advisor).create(
                {
                    "resource_id": self.bay.resource_id.id,
                    "start": self._utc("2026-03-02 13:30"),
                    "stop": self._utc("2026-03-02 14:30"),
                }
            )
        self.assertIn(self.bay.name, str(caught.exception))
        self.assertNotIn(booking.name, str(caught.exception))

    def test_no_bay_takes_the_place_of_a_technician(self):
        other = self._create_bay(name="Bay 2").resource_id
        row = self._book().allocation_ids.filtered(lambda row: row.role != "bay")
        move = {"source": row.resource_id.id, "target": other.id, "allow": True}
        with self.assertRaisesRegex(ValidationError, "cannot take the place"):
            self._planner().move_block(row.block, move, self.window)
        self.assertEqual(row.role, "technician")

    def test_reopening_looks_at_who_is_away_now(self):
        booking = self._book()
        booking._cancel(note="Has no time")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.toomas.resource_id.id,
                "date_from": self._utc("2026-03-02 00:00"),
                "date_to": self._utc("2026-03-03 00:00"),
            }
        )
        with self.assertRaisesRegex(ValidationError, "does not work"):
            booking.action_reopen()
        self.assertEqual(booking.state, "cancelled")

    def test_time_of_one_branch_does_not_follow_to_another(self):
        booking = self._book()
        with self.assertRaises(UserError):
            booking.company_id = self.branch
        booking._cancel(note="Goes elsewhere")
        booking.company_id = self.branch

    def test_any_date_may_be_sent_to_the_link_page(self):
        booking = self._create_booking()
        for day in (date.max, date(9000, 1, 1)):
            self.assertFalse(booking._get_public_offers(first_day=day)["days"])
        self.assertTrue(booking._get_public_offers(first_day=date.min)["days"])

    def test_times_are_told_in_the_zone_of_the_bookings_branch(self):
        calendar = self._create_calendar(tz="America/New_York")
        calendar.company_id = self.branch.id
        self.branch.write(
            {"resource_calendar_id": calendar.id, "auto_service_reserve_percent": 0}
        )
        kind = self.type_repair.copy({"name": "Bay only", "needs_technician": False})
        user = self.user_advisor
        user.write({"company_ids": [(4, self.branch.id)], "tz": "Asia/Almaty"})
        branches = (self.env.company | self.branch).ids
        booking = self._create_booking(
            company_id=self.branch.id, type_id=kind.id, lines=[]
        )
        booking = booking.with_user(user).with_context(allowed_company_ids=branches)
        offer = booking.get_time_offers()["days"][0]["offers"][0]
        self.assertEqual(offer["time"], "08:00")
        booking.book_time(offer["start"])
        self.assertIn("Mon 2 Mar 08:00 – 09:00", booking.log_ids[0].after)
        second = booking.copy()
        with self.assertRaisesRegex(ValidationError, "Mon 2 Mar 08:00 was taken"):
            second.book_time(offer["start"])

    @mute_logger("odoo.sql_db")
    def test_services_take_no_negative_hours(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self._create_booking(lines=[{"name": "Oil service", "hours": -1.0}])

    def test_work_is_split_on_a_day_that_uses_the_reserve(self):
        self.env.company.auto_service_reserve_percent = 20
        day = {"start": self._utc("2026-03-03 00:00")}
        long = self._create_booking(lines=[{"name": "Clutch", "hours": 4.0}])
        long._book_offer(long._find_offers(**day)["offers"][0])
        for hours, uses_reserve in ((2.0, False), (1.5, True)):
            booking = self._create_booking(
                lines=[{"name": "Service", "hours": hours}], uses_reserve=uses_reserve
            )
            booking._book_offer(booking._find_offers(**day)["offers"][0])
        block = long.allocation_ids[:1].block
        window = dict(self.window, first="2026-03-03")
        self._planner().split_block(block, 600, window)
        self.assertEqual(len(long.allocation_ids), 4)

    def test_time_is_not_kept_for_work_of_another_branch(self):
        booking = self._create_booking(company_id=self.branch.id)
        row = self._allocate(self.bay, "2026-03-02 13:00", "2026-03-02 14:00")
        with self.assertRaisesRegex(ValidationError, "another branch"):
            row.with_user(self.user_advisor).booking_id = booking.id
        with self.assertRaisesRegex(ValidationError, "another branch"):
            self._allocate(
                self.bay,
                "2026-03-02 15:00",
                "2026-03-02 16:00",
                booking_id=booking.id,
            )

    def test_nobody_closes_the_bay_of_another_branch(self):
        leaves = self.env["resource.calendar.leaves"].with_user(self.user_advisor)
        values = {
            "name": "Broken",
            "date_from": self._utc("2026-03-03 08:00"),
            "date_to": self._utc("2026-03-03 17:00"),
        }
        leaves.create({**values, "resource_id": self.bay.resource_id.id})
        with self.assertRaises(AccessError):
            leaves.create({**values, "resource_id": self.far_bay.resource_id.id})
