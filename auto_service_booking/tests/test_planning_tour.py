from datetime import datetime, timedelta

import pytz

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_waitlist import WaitlistCommon


@tagged("post_install", "-at_install")
class TestPlanningTour(WaitlistCommon, HttpCase):
    """Two scenarios of the trade in the real browser, the database asked in between.

    The clock of a browser cannot be stopped, so the garage lies where it is ten
    o'clock now and works day and night.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = (10 - datetime.now(pytz.utc).hour + 12) % 24 - 12
        cls.zone = f"Etc/GMT{-hours:+d}"
        cls.calendar.write(
            {
                "tz": cls.zone,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 0,
                                "hour_to": 24,
                                "day_period": "morning",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )
        (cls.toomas | cls.jaan).resource_id.tz = cls.zone
        (cls.user_advisor | cls.env.user).tz = cls.zone

    @classmethod
    def _at(cls, hour):
        """An hour of today in the garage, naive UTC."""
        zone = pytz.timezone(cls.zone)
        now = datetime.now(zone).replace(minute=0, second=0, microsecond=0)
        moment = now.replace(hour=hour).astimezone(pytz.utc)
        return moment.replace(tzinfo=None)

    @classmethod
    def _on_aligner(cls, hour, **values):
        """Alignment of an hour that has its time."""
        booking = cls._create_booking(lines=[cls._alignment()], **values)
        offer = booking._find_offers(start=cls._at(hour), limit=1)["offers"][0]
        booking._book_offer(offer)
        assert booking.start == cls._at(hour)
        return booking

    def _vehicle(self, plate):
        return self._create_vehicle(license_plate=plate).id

    @mute_logger("odoo.http")  # who is refused leaves a line in the log
    def _start(self, url, tour):
        self.start_tour(url, f"auto_service_{tour}", login="test_advisor")
        self.env.invalidate_all()

    def _run_cron(self, name):
        """The browser's test is in test mode already."""
        self.env.flush_all()
        self.env.ref(f"auto_service_booking.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_scenario_1_slot_full(self):
        """Refused with the next free time and a waitlist; a cancelled booking goes to
        the first who fits by skill and duration."""
        self.env["auto.service.reason"].create(
            {"name": "Reason of the tour", "kind": "cancel"}
        )
        self._on_aligner(13)
        values = {"wish_from": self._at(12)}
        faster = self._create_booking(
            lines=[self._alignment()], note="Is faster", **values
        )
        long = self._create_booking(
            lines=[self._alignment(hours=2.0)],
            vehicle_id=self._vehicle("88 LONG"),
            **values,
        )
        long.action_to_waitlist()
        third = self._create_booking(
            lines=[self._alignment()],
            vehicle_id=self._vehicle("77 TOUR"),
            advisor_id=self.user_advisor.id,
            **values,
        )
        self._start(f"/odoo/bookings/{third.id}", "waitlist_refused")
        self.assertEqual(faster.start, self._at(12))
        self.assertEqual(third.state, "waitlist")
        self._start(f"/odoo/bookings/{faster.id}", "waitlist_cancel")
        self.assertEqual(faster.state, "cancelled")
        self._run_cron("ir_cron_offer_waitlist")
        self.assertFalse(long.held_until)
        self.assertTrue(third.held_until)
        self.assertEqual(third.activity_ids.user_id, self.user_advisor)
        self._start("/odoo/waitlist", "waitlist_accept")
        self.assertRecordValues(third, [{"state": "booked", "start": self._at(12)}])

    def test_scenario_2_technician_on_leave(self):
        """His hours vanish, his work turns red and goes to the replan queue."""
        booking = self._create_booking()
        wanted = (self.toomas.resource_id | self.bay.resource_id).ids
        offers = booking._find_offers(start=self._at(14), resource_ids=wanted, limit=1)[
            "offers"
        ]
        booking._book_offer(offers[0])
        planner = self.env["auto.service.planner"]
        day = self._at(14), self._at(15)
        self._start("/odoo/board", "replan_absent")
        self.assertTrue(booking.has_replan)
        resource = self.toomas.resource_id.id
        self.assertFalse(planner._get_work([resource], *day)[resource])
        self._start("/odoo/replan", "replan_apply")
        self.assertFalse(booking.has_replan)
        self._assert_resources(booking, self._at(14), "Bay 1", "Jaan Kask")
        self._start("/odoo/board", "replan_done")

    def _assert_resources(self, booking, start, *names):
        rows = self._live(booking)
        self.assertEqual(set(rows.mapped("start")), {start})
        self.assertEqual(set(rows.resource_id.mapped("name")), set(names))
        self.assertEqual(booking.stop - booking.start, timedelta(hours=1))
