from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_replan import EARLY, ReplanCommon, at


class WaitlistCommon(ReplanCommon):
    """One alignment stand and one technician who may use it, full on Monday at ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind_aligner = cls._create_kind(name="Alignment stand of the test")
        cls.aligner = cls._create_bay(
            name="Aligner", kind_id=cls.kind_aligner.id, sequence=30
        )
        cls.skill = cls.env["auto.service.skill"].create({"name": "Alignment"})
        cls.toomas.skill_ids = cls.skill

    @classmethod
    def _alignment(cls, hours=1.0, **values):
        return {
            "name": "Alignment",
            "hours": hours,
            "bay_kind_id": cls.kind_aligner.id,
            "skill_ids": [Command.set(cls.skill.ids)],
            **values,
        }

    @classmethod
    def _book_alignment(cls, start, hours=1.0, **values):
        return cls._book(
            start, cls.toomas, cls.aligner, lines=[cls._alignment(hours)], **values
        )

    @classmethod
    def _wait(cls, hours=1.0, **values):
        """Booking on the waitlist for an alignment on Monday."""
        values.setdefault("wish_to", cls._utc("2026-03-02 18:00"))
        lines = values.pop("lines", [cls._alignment(hours)])
        booking = cls._create_booking(lines=lines, **values)
        booking.action_to_waitlist()
        return booking

    def _fill_the_day(self):
        """Alignments from eight to five.

        :return: auto.service.booking records in the order of the day
        """
        hours = ("08:00", "09:00", "10:00", "11:00")
        hours += ("13:00", "14:00", "15:00", "16:00")
        bookings = [self._book_alignment(f"2026-03-02 {hour}") for hour in hours]
        return self.env["auto.service.booking"].concat(*bookings)

    def _offer(self):
        self._run_cron("ir_cron_offer_waitlist")


@tagged("post_install", "-at_install")
@freeze_time(EARLY)
class TestWaitlist(WaitlistCommon):
    def test_third_booking_is_refused_with_the_next_time(self):
        """Scenario 1: two alignments at ten and eleven, nobody else fits at ten."""
        self._book_alignment("2026-03-02 10:00")
        self._book_alignment("2026-03-02 11:00")
        third = self._create_booking(lines=[self._alignment()])
        message = "Aligner is taken .* free next at Mon 2 Mar 13:00"
        with (
            self.enter_registry_test_mode(),  # it looks with a cursor of its own
            self.assertRaisesRegex(ValidationError, message),
        ):
            self._allocate(
                self.aligner,
                "2026-03-02 10:00",
                "2026-03-02 11:00",
                booking_id=third.id,
            )

    def test_first_who_fits_is_told(self):
        """By age, but only if his skill and his duration fit."""
        day = self._fill_the_day()
        too_long = self._wait(hours=2.0)
        first, second = self._wait(), self._wait()
        day[2]._cancel()
        self._offer()
        self.assertFalse(too_long.held_until)
        self.assertFalse(second.held_until)
        self.assertEqual(first.state, "waitlist")
        self.assertEqual(first.held_until, self._utc("2026-03-02 09:00"))
        rows = self._live(first)
        self.assertEqual(set(rows.mapped("state")), {"held"})
        self._assert_kept(first, "2026-03-02 10:00", "Aligner", "Toomas Mets")

    def test_advisor_and_customer_are_told(self):
        day = self._fill_the_day()
        partner = self._create_partner(phone="+372 5551 2345", email="mari@example.com")
        booking = self._wait(partner_id=partner.id, advisor_id=self.user_advisor.id)
        day[2]._cancel()
        self._offer()
        activity = booking.activity_ids
        self.assertEqual(activity.user_id, self.user_advisor)
        self.assertIn("Mon 2 Mar 10:00 – 11:00", activity.note)
        self.assertIn("+372 5551 2345", activity.note)
        self.assertIn("mari@example.com", str(booking.message_ids.mapped("body")))
        self.assertTrue(booking.link_ids)

    def test_accepted(self):
        day = self._fill_the_day()
        booking = self._wait()
        day[2]._cancel()
        self._offer()
        booking.with_user(self.user_advisor).action_accept_offer()
        self.assertRecordValues(
            booking,
            [
                {
                    "state": "booked",
                    "held_until": False,
                    "waitlisted_at": False,
                    "start": self._utc("2026-03-02 10:00"),
                }
            ],
        )
        self.assertEqual(set(self._live(booking).mapped("state")), {"planned"})
        self.assertEqual(booking.offer_ids.state, "accepted")
        self.assertFalse(booking.activity_ids)

    def test_declined_goes_to_the_next(self):
        day = self._fill_the_day()
        first, second = self._wait(), self._wait()
        day[2]._cancel()
        self._offer()
        first.action_decline_offer()
        self._offer()
        self.assertFalse(first.held_until)
        self.assertEqual(first.state, "waitlist")
        self.assertTrue(second.held_until)
        second.action_decline_offer()
        self._offer()  # nobody is asked twice about the same time
        self.assertFalse(first.held_until)
        self.assertEqual(len(first.offer_ids), 1)

    def test_not_answered_goes_to_the_next(self):
        day = self._fill_the_day()
        first, second = self._wait(), self._wait()
        day[2]._cancel()
        self._offer()
        with at("08:50"):
            self._offer()
            self.assertTrue(first.held_until)
        with at("09:05"):
            self._offer()
        self.assertEqual(first.offer_ids.state, "expired")
        self.assertFalse(first.held_until)
        self.assertEqual(second.held_until, self._utc("2026-03-02 10:00"))

    def test_late_answer_is_refused(self):
        day = self._fill_the_day()
        booking = self._wait()
        day[2]._cancel()
        self._offer()
        with at("09:05"):
            self._offer()
            with self.assertRaisesRegex(UserError, "No time is held"):
                booking.action_accept_offer()

    def test_hold_counts_opening_hours(self):
        """Freed in the evening: held until an hour after the morning's opening."""
        with at("17:30"):
            tomorrow = self._book_alignment("2026-03-03 13:00")
            self._book_alignment("2026-03-03 08:00", hours=4.0)
            self._book_alignment("2026-03-03 14:00", hours=3.0)
            booking = self._wait(wish_to=self._utc("2026-03-03 18:00"))
            tomorrow._cancel()
            self._offer()
        self.assertEqual(booking.held_until, self._utc("2026-03-03 09:00"))

    def test_running_twice_offers_once(self):
        day = self._fill_the_day()
        first, second = self._wait(), self._wait()
        day[2]._cancel()
        self._offer()
        self._offer()
        self.assertEqual(len(first.offer_ids | second.offer_ids), 1)

    def test_long_gap_serves_several(self):
        day = self._fill_the_day()
        first, second, third = self._wait(), self._wait(), self._wait()
        day[2:4]._cancel()
        self._offer()
        self.assertTrue(first.held_until and second.held_until)
        self.assertFalse(third.held_until)

    def test_urgent_before_age(self):
        day = self._fill_the_day()
        old, urgent = self._wait(), self._wait(waitlist_priority="1")
        day[2]._cancel()
        self._offer()
        self.assertFalse(old.held_until)
        self.assertTrue(urgent.held_until)

    def test_wishes_are_respected(self):
        day = self._fill_the_day()
        afternoon = self._wait(wish_part="afternoon")
        later = self._wait(wish_from=self._utc("2026-03-02 12:00"))
        day[2]._cancel()
        self._offer()
        self.assertFalse(afternoon.held_until or later.held_until)
        day[5]._cancel()
        self._offer()
        self.assertTrue(afternoon.held_until)

    def test_booked_customer_who_wants_it_earlier(self):
        day = self._fill_the_day()
        day[6].is_waitlisted = True
        day[2]._cancel()
        self._offer()
        self.assertEqual(day[6].start, self._utc("2026-03-02 15:00"))
        self.assertEqual(day[6].state, "booked")
        day[6].action_accept_offer()
        self._assert_kept(day[6], "2026-03-02 10:00", "Aligner", "Toomas Mets")
        self.assertEqual(day[6].start, self._utc("2026-03-02 10:00"))
        self.assertFalse(day[6].is_waitlisted)

    def test_booked_customer_keeps_his_time_when_he_declines(self):
        day = self._fill_the_day()
        day[6].is_waitlisted = True
        day[2]._cancel()
        self._offer()
        day[6].action_decline_offer()
        self._assert_kept(day[6], "2026-03-02 15:00", "Aligner", "Toomas Mets")

    def test_later_time_is_not_offered_to_him(self):
        day = self._fill_the_day()
        day[1].is_waitlisted = True
        day[2]._cancel()
        self._offer()
        self.assertFalse(day[1].held_until)

    def test_cancelled_while_held_gives_the_time_back(self):
        day = self._fill_the_day()
        first, second = self._wait(), self._wait()
        day[2]._cancel()
        self._offer()
        first._cancel()
        self._offer()
        self.assertEqual(first.offer_ids.state, "withdrawn")
        self.assertFalse(self._live(first))
        self.assertTrue(second.held_until)

    def test_own_time_given_back_is_not_offered_again(self):
        day = self._fill_the_day()
        other = self._wait()
        day[2].action_to_waitlist()
        self._offer()
        self.assertFalse(day[2].held_until)
        self.assertTrue(other.held_until)

    def test_nothing_is_remembered_when_nobody_waits(self):
        day = self._fill_the_day()
        day[2]._cancel()
        self.assertFalse(self.env["auto.service.freed"].search([]))

    def test_move_frees_what_it_left(self):
        day = self._fill_the_day()
        booking = self._wait()
        row = day[2].allocation_ids[0]
        row._move_block(start=self._utc("2026-03-03 10:00"))
        self._offer()
        self._assert_kept(booking, "2026-03-02 10:00", "Aligner", "Toomas Mets")


@tagged("post_install", "-at_install")
@freeze_time(EARLY)
class TestEventPlan(ReplanCommon):
    """Training and cleaning, once or every week."""

    def _plan(self, **values):
        wizard = (
            self.env["auto.service.event.plan"]
            .with_user(self.user_advisor)
            .create(
                {
                    "name": "Training",
                    "resource_ids": [
                        Command.set((self.toomas | self.jaan).resource_id.ids)
                    ],
                    "date": "2026-03-02",
                    "hour_from": 8.0,
                    "hour_to": 9.5,
                    **values,
                }
            )
        )
        action = wizard.action_plan()
        return self.env["auto.service.allocation"].search(action["domain"])

    def test_once_for_several(self):
        rows = self._plan()
        self.assertEqual(rows.resource_id, (self.toomas | self.jaan).resource_id)
        self.assertEqual(len(set(rows.mapped("block"))), 1)
        self.assertEqual(set(rows.mapped("start")), {self._utc("2026-03-02 08:00")})
        self.assertFalse(any(rows.mapped("series")))

    def test_every_other_week_over_the_change_of_the_clock(self):
        """Eight o'clock stays eight o'clock after 29 March."""
        rows = self._plan(
            resource_ids=[Command.set(self.toomas.resource_id.ids)],
            is_recurring=True,
            weeks=2,
            mon=True,
            thu=True,
            until="2026-04-03",
        )
        days = ("03-02", "03-05", "03-16", "03-19", "03-30", "04-02")
        self.assertEqual(
            rows.sorted("start").mapped("start"),
            [self._utc(f"2026-{day} 08:00") for day in days],
        )
        self.assertEqual(len(set(rows.mapped("series"))), 1)

    def test_taken_days_are_left_out_when_asked(self):
        self._allocate(self.jaan, "2026-03-09 08:00", "2026-03-09 09:00", name="Call")
        values = {"is_recurring": True, "until": "2026-03-16"}
        with self.enter_registry_test_mode():  # messages look with their own cursor
            with (
                self.assertRaisesRegex(UserError, "Jaan Kask is taken"),
                self.env.cr.savepoint(),
            ):
                self._plan(**values)
            rows = self._plan(skip_taken=True, **values)
        self.assertEqual(
            set(rows.mapped("start")),
            {self._utc("2026-03-02 08:00"), self._utc("2026-03-16 08:00")},
        )

    def test_rest_of_a_series_is_taken_off(self):
        rows = self._plan(is_recurring=True, until="2026-03-16")
        second = rows.filtered(lambda row: row.start > self._utc("2026-03-03 00:00"))
        second[0].with_user(self.user_advisor).action_cancel_series()
        live = rows.filtered(lambda row: row.state == "planned")
        self.assertEqual(set(live.mapped("start")), {self._utc("2026-03-02 08:00")})

    def test_nonsense_is_refused(self):
        for values, message in (
            ({"hour_to": 7.0}, "must end after"),
            ({"is_recurring": True, "until": "2026-03-01"}, "no such day"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._plan(**values)
