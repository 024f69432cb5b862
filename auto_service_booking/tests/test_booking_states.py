from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestBookingStates(BookingCommon):
    """One bay, one technician; it is Monday 7:00 in Tallinn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.toomas = cls._create_technician()

    def _book(self, start="2026-03-02 09:00", **values):
        booking = self._create_booking(**values).with_user(self.user_advisor)
        booking.book_time(str(self._utc(start)))
        return booking

    def _get_log(self, booking):
        return booking.log_ids.sorted("id").mapped("what")

    def test_offer_is_booked(self):
        """One click keeps the bay and the technician; the history tells it."""
        booking = self._create_booking().with_user(self.user_advisor)
        offers = booking.get_time_offers()
        first = offers["days"][0]["offers"][0]
        self.assertEqual(first["time"], "08:00")
        self.assertEqual(set(first["names"]), {"Bay 1", "Toomas Mets"})
        booking.book_time(first["start"])
        self.assertEqual(booking.state, "booked")
        self.assertEqual(booking.start, self._utc("2026-03-02 08:00"))
        self.assertEqual(booking.stop, self._utc("2026-03-02 09:00"))
        self.assertEqual(
            booking.allocation_ids.resource_id,
            self.bay.resource_id | self.toomas.resource_id,
        )
        self.assertEqual(self._get_log(booking), ["booked", "state"])
        self.assertEqual(booking.log_ids.user_id, self.user_advisor)

    def test_taken_time_is_refused_with_the_next_one(self):
        self._book()
        late = self._create_booking(vehicle_id=False).with_user(self.user_advisor)
        with self.assertRaisesRegex(ValidationError, "10:00"):
            late.book_time(str(self._utc("2026-03-02 09:00")))
        self.assertEqual(late.state, "requested")
        self.assertFalse(late.allocation_ids)

    def test_other_time_gives_the_first_one_back(self):
        booking = self._book()
        booking.action_confirm()
        booking.book_time(str(self._utc("2026-03-03 14:00")))
        self.assertEqual(booking.start, self._utc("2026-03-03 14:00"))
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(self._get_log(booking)[-1], "moved")
        other = self._book(vehicle_id=False)
        self.assertEqual(other.start, self._utc("2026-03-02 09:00"))

    def test_own_time_counts_as_free(self):
        """An hour later is offered although the booking itself lies there."""
        booking = self._book(lines=[{"name": "Timing belt", "hours": 2.0}])
        booking.book_time(str(self._utc("2026-03-02 10:00")))
        self.assertEqual(booking.start, self._utc("2026-03-02 10:00"))

    def test_booked_needs_a_time(self):
        booking = self._create_booking()
        with self.assertRaisesRegex(UserError, "no time yet"):
            booking._set_state("booked")

    def test_cancel_with_reason_frees_the_time(self):
        booking = self._book()
        dialog = (
            self.env["auto.service.booking.cancel"]
            .with_user(self.user_advisor)
            .with_context(**booking.action_cancel()["context"])
            .create({"reason_id": self.reason_cancel.id})
        )
        dialog.action_cancel_bookings()
        self.assertEqual(booking.state, "cancelled")
        self.assertEqual(booking.cancel_reason_id, self.reason_cancel)
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"cancelled"})
        self.assertEqual(booking.start, self._utc("2026-03-02 09:00"))
        self.assertEqual(self._book(vehicle_id=False).state, "booked")

    def test_cancelled_is_reopened_while_the_time_is_free(self):
        booking = self._book()
        booking._cancel(self.reason_cancel)
        booking.action_reopen()
        self.assertEqual(booking.state, "booked")
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"planned"})
        self.assertFalse(booking.cancel_reason_id)

    def test_reopening_loses_against_who_has_the_time_now(self):
        booking = self._book()
        booking._cancel(self.reason_cancel)
        self._book(vehicle_id=False)
        with self.assertRaisesRegex(ValidationError, "taken"):
            booking.action_reopen()
        self.assertEqual(booking.state, "cancelled")

    def test_reopening_has_a_limit(self):
        booking = self._book()
        booking._cancel(self.reason_cancel)
        with freeze_time(f"{MONDAY} 23:00:00"):
            booking.invalidate_recordset()
            self.assertTrue(booking.can_be_reopened)
        with freeze_time("2026-03-03 05:00:01"):
            booking.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "24 hours"):
                booking.action_reopen()

    def test_no_show_waits_for_the_time(self):
        booking = self._book()
        with self.assertRaises(UserError):
            booking.action_no_show()
        with freeze_time(f"{MONDAY} 07:30:00"):
            booking.invalidate_recordset()
            booking.action_no_show()
        self.assertEqual(booking.state, "no_show")
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"cancelled"})

    def test_waitlist_gives_the_time_back(self):
        booking = self._book()
        booking.action_to_waitlist()
        self.assertEqual(booking.state, "waitlist")
        self.assertFalse(booking.start)

    def test_copy_takes_services_and_no_times(self):
        booking = self._book()
        copy = booking.copy()
        self.assertEqual(copy.state, "requested")
        self.assertFalse(copy.allocation_ids)
        self.assertFalse(copy.start)
        self.assertEqual(copy.line_ids.name, "Oil service")
        self.assertNotEqual(copy.name, booking.name)

    def test_several_specialists_in_one_booking(self):
        """Two services, each by who knows it, one after the other."""
        skill = self.env["auto.service.skill"].create({"name": "Alignment of the test"})
        anna = self._create_technician(name="Anna Kuusk", skill_ids=skill.ids)
        booking = self._create_booking(
            lines=[
                {
                    "name": "Oil",
                    "hours": 1.0,
                    "technician_id": self.toomas.employee_id.id,
                },
                {"name": "Alignment", "hours": 0.5, "skill_ids": skill.ids},
            ]
        ).with_user(self.user_advisor)
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        first, second = booking.line_ids
        technicians = {
            line: line.allocation_ids.filtered(
                lambda row: row.role == "technician"
            ).resource_id
            for line in booking.line_ids
        }
        self.assertEqual(technicians[first], self.toomas.resource_id)
        self.assertEqual(technicians[second], anna.resource_id)
        self.assertEqual(second.start, first.stop)

    def test_contract_is_signed_without_resources(self):
        kind = self.env["auto.service.booking.type"].create(
            {
                "name": "Contract of the test",
                "is_repair": False,
                "needs_bay": False,
                "needs_technician": False,
                "default_hours": 0.5,
            }
        )
        booking = self._create_booking(
            type_id=kind.id, vehicle_id=False, lines=[]
        ).with_user(self.user_advisor)
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        self.assertEqual(booking.state, "booked")
        self.assertEqual(booking.start, self._utc("2026-03-02 09:00"))
        self.assertEqual(booking.stop, self._utc("2026-03-02 09:30"))
        booking.action_arrive()
        booking.action_done()
        self.assertEqual(booking.state, "done")
        self.assertFalse(booking.order_id)

    def test_test_drive_takes_a_car(self):
        kind = self.env["auto.service.booking.type"].create(
            {
                "name": "Test drive of the test",
                "is_repair": False,
                "needs_bay": False,
                "needs_technician": False,
                "needs_courtesy_car": True,
            }
        )
        car = self._create_courtesy_car()
        booking = self._create_booking(type_id=kind.id, vehicle_id=False, lines=[])
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        self.assertEqual(booking.allocation_ids.resource_id, car.resource_id)
        self.assertEqual(booking.start, self._utc("2026-03-02 09:00"))

    def test_technicians_only_read(self):
        booking = self._book().with_user(self.user_technician)
        self.assertTrue(booking.read(["name", "start", "state"]))
        with self.assertRaises(AccessError):
            booking.action_confirm()
        with self.assertRaises(AccessError):
            booking.book_time(str(self._utc("2026-03-03 09:00")))
        with self.assertRaises(AccessError):
            booking.action_cancel()
        with self.assertRaises(AccessError):
            booking.action_reopen()

    def test_nothing_is_deleted_after_the_desk(self):
        booking = self._book()
        with self.assertRaises(UserError):
            booking.unlink()
        self._create_booking(vehicle_id=False).with_user(self.user_advisor).unlink()

    def test_changed_services_ask_for_a_new_time(self):
        booking = self._book()
        self.assertFalse(booking.needs_new_time)
        booking.line_ids.hours = 2.0
        self.assertTrue(booking.needs_new_time)
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        self.assertFalse(booking.needs_new_time)
        self.assertEqual(booking.stop, self._utc("2026-03-02 11:00"))

    def test_other_branches_see_nothing(self):
        company = self.env["res.company"].create({"name": "Other branch"})
        other = self.env["res.users"].create(
            {
                "name": "Other advisor",
                "login": "test_other_branch",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [(4, self.env.ref("auto_service_base.group_advisor").id)],
            }
        )
        booking = self._book()
        found = self.env["auto.service.booking"].with_user(other)
        self.assertFalse(found.search([("id", "=", booking.id)]))
        with self.assertRaises(AccessError):
            booking.with_user(other).action_confirm()
        with self.assertRaises(AccessError):
            booking.with_user(other).book_time(str(self._utc("2026-03-03 09:00")))

    def test_changed_services_are_on_record(self):
        booking = self._book(
            lines=[{"name": "Oil", "hours": 1.0}, {"name": "Lamp", "hours": 0.5}]
        )
        oil, lamp = booking.line_ids
        oil.hours = 1.5
        change = booking.log_ids.sorted("id")[-1]
        self.assertEqual(
            (change.what, change.before, change.after),
            ("services", "Oil, 1:00 h", "Oil, 1:30 h"),
        )
        lamp.unlink()
        self.assertEqual(booking.stop, self._utc("2026-03-02 10:00"))
        self.assertEqual(booking.log_ids.sorted("id")[-1].before, "Lamp, 0:30 h")
        self._create_booking(vehicle_id=False).book_time(
            str(self._utc("2026-03-02 10:00"))
        )
