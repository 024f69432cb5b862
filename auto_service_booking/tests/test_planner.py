import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@freeze_time(MONDAY + " 04:00:00")  # Monday, six o'clock in Tallinn
class PlannerCommon(BookingCommon):
    """Two lifts and two technicians who work Monday to Friday, 8-12 and 13-17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls.env["auto.service.planner"]
        cls.bays = [cls._create_bay(name=f"Lift {number}") for number in (1, 2)]
        cls.ann = cls._create_technician(name="Ann")
        cls.bob = cls._create_technician(name="Bob", sequence=20)
        cls.line = {"key": "job", "minutes": 60, "needs_bay": True}
        cls.line["needs_technician"] = True

    def _find(self, *lines, **options):
        """Offers for lines that differ from ``cls.line``."""
        lines = [self.line | line for line in lines] or [self.line]
        return self.planner._find_slots(lines, **options)

    def _first(self, *lines, **options):
        """First offer; fails without one."""
        found = self._find(*lines, limit=1, **options)
        self.assertTrue(found["offers"], found["problems"])
        return found["offers"][0]

    def _get_pieces(self, offer):
        """Segments as (local start, local stop, names of resources)."""
        return [
            (
                self._local(segment["start"]),
                self._local(segment["stop"]),
                *self.env["resource.resource"]
                .browse(segment["resource_ids"])
                .mapped("name"),
            )
            for line in offer["lines"]
            for segment in line["segments"]
        ]

    def _local(self, moment, tz="Europe/Tallinn"):
        return (
            pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).strftime("%d %H:%M")
        )


@tagged("post_install", "-at_install")
class TestFindSlots(PlannerCommon):
    def test_first_offers_of_the_day(self):
        offers = self._find()["offers"]
        starts = [self._local(offer["start"]) for offer in offers]
        self.assertEqual(starts, ["02 08:00", "02 08:30", "02 09:00"])
        self.assertEqual(
            self._get_pieces(offers[0]), [("02 08:00", "02 09:00", "Lift 1", "Ann")]
        )

    def test_taken_resources_are_not_offered(self):
        self._allocate(self.bays[0], "2026-03-02 08:00", "2026-03-02 12:00")
        self._allocate(self.bays[1], "2026-03-02 08:00", "2026-03-02 09:15")
        self.assertEqual(
            self._get_pieces(self._first()),
            [("02 09:30", "02 10:30", "Lift 2", "Ann")],
        )

    def test_blocks_that_count_as_free(self):
        row = self._allocate(self.ann, "2026-03-02 08:00", "2026-03-02 12:00")
        bob = self._allocate(self.bob, "2026-03-02 08:00", "2026-03-02 09:00")
        offer = self._first(exclude_blocks=[row.block])
        self.assertEqual(
            self._get_pieces(offer), [("02 08:00", "02 09:00", "Lift 1", "Ann")]
        )
        self.assertEqual(self._local(self._first()["start"]), "02 09:00")
        self.assertEqual(bob.state, "planned")

    def test_extra_busy_times(self):
        busy = [(self._utc("2026-03-02 07:00"), self._utc("2026-03-02 10:00"))]
        taken = {row.resource_id.id: busy for row in self.ann | self.bob}
        offer = self._first(extra_busy=taken)
        self.assertEqual(self._local(offer["start"]), "02 10:00")

    def test_work_goes_on_after_lunch(self):
        offer = self._first({"minutes": 120}, start=self._utc("2026-03-02 11:00"))
        self.assertEqual(
            self._get_pieces(offer),
            [
                ("02 11:00", "02 12:00", "Lift 1", "Ann"),
                ("02 13:00", "02 14:00", "Lift 1", "Ann"),
            ],
        )

    def test_vehicle_keeps_the_bay(self):
        line = {"minutes": 600, "keeps_bay": True}
        self._allocate(
            self.bays[0], "2026-03-02 20:00", "2026-03-02 21:00", is_overtime=True
        )
        offer = self._first(line)
        self.assertEqual(
            self._get_pieces(offer),
            [
                ("02 08:00", "02 12:00", "Lift 2", "Ann"),
                ("02 12:00", "02 13:00", "Lift 2"),
                ("02 13:00", "02 17:00", "Lift 2", "Ann"),
                ("02 17:00", "03 08:00", "Lift 2"),
                ("03 08:00", "03 10:00", "Lift 2", "Ann"),
            ],
        )
        self.assertTrue(offer["lines"][0]["segments"][1]["gap"])

    def test_work_of_a_day_is_not_split_when_a_day_is_free(self):
        self._allocate(self.ann, "2026-03-02 08:00", "2026-03-02 09:00")
        self._allocate(self.bob, "2026-03-02 16:00", "2026-03-02 17:00")
        offer = self._first({"minutes": 480})
        self.assertEqual(self._local(offer["start"]), "03 08:00")

    def test_work_of_a_day_is_split_when_no_day_is_free(self):
        for row in (self.ann, self.bob):
            self._allocate(row, "2026-03-02 08:00", "2026-03-02 09:00")
        offer = self._first({"minutes": 480}, stop=self._utc("2026-03-03 12:00"))
        self.assertEqual(self._local(offer["start"]), "02 09:00")
        self.assertEqual(self._local(offer["stop"]), "03 09:00")

    def test_long_work_is_interrupted_when_nobody_has_a_day(self):
        for day in range(2, 7):
            self._allocate(self.ann, f"2026-03-0{day} 10:00", f"2026-03-0{day} 10:45")
            self._allocate(self.bob, f"2026-03-0{day} 08:00", f"2026-03-0{day} 12:00")
            self._allocate(self.bob, f"2026-03-0{day} 13:00", f"2026-03-0{day} 17:00")
        options = {"stop": self._utc("2026-03-07 00:00")}
        offer = self._first({"minutes": 480}, **options)
        self.assertEqual(
            self._get_pieces(offer),
            [
                ("02 08:00", "02 10:00", "Lift 1", "Ann"),
                ("02 10:45", "02 12:00", "Lift 1", "Ann"),
                ("02 13:00", "02 17:00", "Lift 1", "Ann"),
                ("03 08:00", "03 08:45", "Lift 1", "Ann"),
            ],
        )
        for bay in self.bays:
            self._allocate(bay, "2026-03-02 10:15", "2026-03-02 10:30")
        offer = self._first({"minutes": 480, "keeps_bay": True}, **options)
        self.assertEqual(self._local(offer["start"]), "02 11:00")

    def test_services_follow_one_another(self):
        kind = self._create_kind(name="Stand of the test")
        self._create_bay(name="Stand", kind_id=kind.id)
        offer = self._first(
            {"key": 1}, {"key": 2, "bay_kind_id": kind.id, "needs_technician": False}
        )
        self.assertEqual(
            self._get_pieces(offer),
            [
                ("02 08:00", "02 09:00", "Lift 1", "Ann"),
                ("02 09:00", "02 10:00", "Stand"),
            ],
        )

    def test_filters(self):
        monday, tuesday = "2026-03-02 12:30", "2026-03-03 00:00"
        cases = [
            ({"day_part": "afternoon"}, "02 13:00"),
            ({"weekdays": {2}}, "04 08:00"),
            ({"weekdays": {2}, "day_part": "afternoon"}, "04 13:00"),
            ({"start": self._utc(monday)}, "02 13:00"),
            ({"start": self._utc(tuesday)}, "03 08:00"),
            ({"step_minutes": 60, "start": self._utc("2026-03-02 08:20")}, "02 09:00"),
            ({"start": self._utc("2026-03-07 09:00")}, "09 08:00"),
        ]
        for options, expected in cases:
            with self.subTest(options=options):
                offer = self._first(**options)
                self.assertEqual(self._local(offer["start"]), expected)

    def test_nothing_is_planned_after_the_end(self):
        found = self._find(stop=self._utc("2026-03-02 08:45"))
        self.assertFalse(found["offers"])
        self.assertEqual(
            found["problems"], ["Nothing is free in that time. Look further ahead."]
        )

    def test_so_many_a_day(self):
        offers = self._find(limit=4, per_day=2)["offers"]
        starts = [self._local(offer["start"]) for offer in offers]
        self.assertEqual(starts, ["02 08:00", "02 08:30", "03 08:00", "03 08:30"])

    def test_only_this_technician(self):
        resource = self.bob.resource_id.id
        expected = [("02 08:00", "02 09:00", "Lift 1", "Bob")]
        for line, options in (
            ({"technician_resource_id": resource}, {}),
            ({}, {"resource_ids": [resource]}),
        ):
            with self.subTest(line=line):
                self.assertEqual(
                    self._get_pieces(self._first(line, **options)), expected
                )

    def test_opening_hours_limit_the_arrival_only(self):
        late = self._create_calendar([(14, 22, "afternoon")])
        self.bays[0].resource_calendar_id = late
        cyd = self._create_technician(name="Cyd", resource_calendar_id=late.id)
        line = {"technician_resource_id": cyd.resource_id.id, "minutes": 240}
        offers = self._find(line, limit=None, stop=self._utc("2026-03-03 00:00"))
        stops = [self._local(offer["stop"]) for offer in offers["offers"]]
        self.assertEqual(stops[0], "02 18:00")
        self.assertEqual(stops[-1], "02 20:30")
        offers = self._find(
            line, limit=None, stop=self._utc("2026-03-03 00:00"), any_start=True
        )
        self.assertEqual(self._local(offers["offers"][-1]["stop"]), "02 22:00")

    def test_courtesy_car_from_arrival_to_end(self):
        car = self._create_courtesy_car(name="Yaris")
        self._allocate(car, "2026-03-02 07:00", "2026-03-02 08:30", is_overtime=True)
        offer = self._first(courtesy_car=True)
        self.assertEqual(self._local(offer["start"]), "02 08:30")
        self.assertEqual(offer["courtesy_resource_id"], car.resource_id.id)

    def test_visit_that_needs_nobody(self):
        line = {"needs_bay": False, "needs_technician": False}
        offer = self._first(line, start=self._utc("2026-03-02 11:30"))
        self.assertEqual(
            self._get_pieces(offer),
            [("02 11:30", "02 12:00"), ("02 13:00", "02 13:30")],
        )
