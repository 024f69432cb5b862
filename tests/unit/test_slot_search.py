"""The search against a slow one written from the sentences of its docstring.

The slow one (:class:`Slow`) knows sets of slots and tries every combination; it shares
nothing with the search but the classes of what goes in and what comes out.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_service_booking.tools import slot_grid
from auto_service_booking.tools.slot_grid import Grid, span, work_mask
from auto_service_booking.tools.slot_search import (
    Need,
    Offer,
    Placement,
    Segment,
    Task,
    search,
)

# The slow one --------------------------------------------------------------------


@dataclass
class Case:
    """What :func:`search` is asked, as its arguments."""

    grid: Grid
    tasks: tuple
    work: dict
    busy: dict
    options: dict = field(default_factory=dict)

    def search(self, **options):
        asked = {"starts": self.grid.full, "limit": None} | self.options | options
        return search(self.grid, self.tasks, self.work, self.busy, **asked)


class Slow:
    def __init__(self, case, **options):
        self.case = case
        self.size = case.grid.size
        self.work = {key: self.as_set(mask) for key, mask in case.work.items()}
        self.busy = {key: self.as_set(mask) for key, mask in case.busy.items()}
        self.options = {"starts": case.grid.full} | case.options | options

    def as_set(self, mask):
        return {slot for slot in range(self.size) if mask >> slot & 1}

    def search(self):
        starts = self.as_set(self.options["starts"])
        step = self.options.get("step", 1)
        most, bounds = self.options.get("per_day") or (None, ())
        limit, offers, days = self.options.get("limit"), [], {}
        for start in sorted(starts):
            moment = self.case.grid.at(start) - datetime(1970, 1, 1)
            day = max((bound for bound in bounds if bound <= start), default=None)
            if moment % (step * self.case.grid.slot):
                continue
            if (offer := self.get(start)) and len(days.get(day, ())) != most:
                days.setdefault(day, []).append(offer)
                offers.append(offer)
        return offers if limit is None else offers[:limit]

    def get(self, start):
        placements, counted, before = [], [], ()
        window = [start]
        for task in self.case.tasks:
            found = self.place(task, window, counted, before)
            if not found:
                return None
            used, before = found
            placements.append(self.as_placement(task, used, before))
            if task.counted in [need.name for need in task.needs]:
                counted = counted + used
            wait = self.options.get("max_wait")
            stop = used[-1] + 1
            window = range(stop, self.size if wait is None else stop + wait + 1)
        if stop > self.options.get("stop_by", self.size):
            return None
        whole = self.choose_whole(start, stop, placements)
        if whole is None:
            return None
        return Offer(start, stop, tuple(placements), whole)

    def place(self, task, window, counted, before):
        for start in window:
            ways = []
            for chosen in product(*(need.candidates for need in task.needs)):
                if len(set(chosen)) < len(chosen):
                    continue
                used = self.use(task, start, chosen)
                if used and self.fits(task, used, counted):
                    rank = [
                        (resource not in before, need.candidates.index(resource))
                        for need, resource in zip(task.needs, chosen, strict=True)
                    ]
                    ways.append((used[-1], rank, used, chosen))
            if ways:
                _stop, _rank, used, chosen = min(ways)
                return used, chosen
        return None

    def use(self, task, start, chosen):
        """The slots that the task uses, in order; none when it cannot start there."""
        common = set(range(self.size))
        for resource in chosen:
            common &= self.work.get(resource, set())
        used = sorted(slot for slot in common if slot >= start)[: task.slots]
        if len(used) < task.slots or used[0] != start:
            return None
        allowed = {
            "none": 0,
            "breaks": self.options.get("bridge", 8),
            "days": self.size,
        }[task.split]
        for before, after in zip(used, used[1:], strict=False):
            if after - before - 1 > allowed:
                return None
        for need, resource in zip(task.needs, chosen, strict=True):
            wanted = range(start, used[-1] + 1) if need.hold else used
            if self.busy.get(resource, set()) & set(wanted):
                return None
        return used

    def fits(self, task, used, counted):
        if task.counted not in [need.name for need in task.needs]:
            return True
        for lo, hi, remaining in self.options.get("quota", ()):
            own = [slot for slot in used if lo <= slot < hi]
            others = [slot for slot in counted if lo <= slot < hi]
            if own and len(own) + len(others) > remaining:
                return False
        return True

    def as_placement(self, task, used, chosen):
        pairs = tuple(
            (need.name, resource)
            for need, resource in zip(task.needs, chosen, strict=True)
        )
        held = tuple(
            pair for need, pair in zip(task.needs, pairs, strict=True) if need.hold
        )
        segments = []
        for slot in range(used[0], used[-1] + 1):
            resources, gap = (pairs, False) if slot in used else (held, True)
            last = segments[-1] if segments else None
            if last and last.hi == slot and last.gap == gap:
                segments[-1] = last._replace(hi=slot + 1)
            elif resources or not gap:
                segments.append(Segment(slot, slot + 1, resources, gap))
        return Placement(task.key, used[0], used[-1] + 1, tuple(segments))

    def choose_whole(self, start, stop, placements):
        whole = self.options.get("whole", ())
        taken = {
            resource
            for placement in placements
            for segment in placement.segments
            for _name, resource in segment.resources
        }
        for chosen in product(*(need.candidates for need in whole)):
            if len(set(chosen)) < len(chosen) or set(chosen) & taken:
                continue
            if not any(
                self.busy.get(resource, set()) & set(range(start, stop))
                for resource in chosen
            ):
                names = [need.name for need in whole]
                return tuple(zip(names, chosen, strict=True))
        return None


def check_bookable(case, offer):
    """What the guard of the database and a look at the calendars would say."""
    taken = set()
    for placement in offer.placements:
        for lo, hi, resources, gap in placement.segments:
            for _name, resource in resources:
                slots = {(resource, slot) for slot in range(lo, hi)}
                assert not taken & slots
                assert not case.busy.get(resource, 0) & span(lo, hi)
                if not gap:
                    assert case.work[resource] & span(lo, hi) == span(lo, hi)
                taken |= slots
    for _name, resource in offer.whole:
        assert not case.busy.get(resource, 0) & span(offer.start, offer.stop)
        assert resource not in {other for other, _slot in taken}


def assert_same(case, **options):
    expected = Slow(case, **options).search()
    offers = case.search(**options)
    assert offers == expected
    for offer in offers:
        check_bookable(case, offer)
    return offers


# Random cases --------------------------------------------------------------------


@st.composite
def lines(draw, size, gap):
    """A mask of stretches with gaps between them; at the edges nothing is cut off."""
    lengths = draw(st.lists(st.integers(1, gap), max_size=2 * size // gap + 1))
    mask = position = 0
    for number, length in enumerate(lengths):
        if number % 2:
            mask |= span(position, position + length)
        position += length
    return mask & span(0, size)


@st.composite
def needs(draw, pool):
    result = []
    for name in ("bay", "technician", "helper")[: draw(st.integers(1, 3))]:
        candidates = draw(st.lists(st.sampled_from(pool), max_size=4, unique=True))
        if candidates:
            result.append(Need(name, tuple(candidates), draw(st.booleans())))
    return tuple(result)


@st.composite
def task_lists(draw, pool, count, longest):
    return tuple(
        Task(
            f"task {number}",
            draw(st.integers(1, longest)),
            draw(needs(pool)),
            draw(st.sampled_from(("none", "breaks", "breaks", "days"))),
            draw(st.sampled_from(("technician", "technician", None))),
        )
        for number in range(draw(st.integers(1, count)))
    )


@st.composite
def calendars(draw, size, pool):
    """Few different working times, as in a real workshop."""
    full = span(0, size)
    shifts = [full, *(draw(lines(size, 9)) for _number in range(2))]
    return {
        resource: draw(st.sampled_from(shifts)) & ~draw(lines(size, 12))
        if draw(st.booleans())
        else draw(st.sampled_from(shifts))
        for resource in pool
    }


def quotas(size):
    periods = st.tuples(
        st.integers(0, size), st.integers(1, size), st.integers(-1, size // 3)
    )
    return st.lists(periods, max_size=3).map(tuple)


@st.composite
def options(draw, size, pool):
    optional = st.none() | st.integers(0, size)
    bounds = draw(st.lists(st.integers(0, size), max_size=3, unique=True))
    most = draw(st.none() | st.integers(1, 3))
    return {
        "starts": draw(st.just(span(0, size)) | st.integers(0, 2**size - 1)),
        "bridge": draw(st.integers(0, 6)),
        "max_wait": draw(optional),
        "whole": draw(st.just(()) | needs(pool)),
        "quota": draw(st.just(()) | quotas(size)),
        "step": draw(st.sampled_from((1, 1, 2, 3))),
        "limit": draw(st.sampled_from((None, None, 1, 3))),
        "per_day": most and (most, tuple(sorted(bounds))),
        "stop_by": draw(st.just(size) | st.integers(0, size)),
    }


@st.composite
def cases(draw, size=40, resources=4, tasks=3, longest=8, with_options=True):
    pool = list(range(1, resources + 1))
    first = datetime(2026, 3, 2, 6) + timedelta(minutes=15 * draw(st.integers(0, 3)))
    case = Case(
        Grid(first, 15, draw(st.integers(1, size))),
        draw(task_lists(pool, tasks, longest)),
        draw(calendars(size, pool)),
        {resource: draw(lines(size, 14)) for resource in pool},
    )
    if with_options:
        case.options = draw(options(case.grid.size, pool))
    return case


@settings(max_examples=200)
@given(cases())
def test_finds_what_the_slow_search_finds(case):
    assert_same(case)


@settings(max_examples=60)
@given(cases(size=90, tasks=1, longest=30, with_options=False))
def test_long_work(case):
    assert_same(case)


@settings(max_examples=60)
@given(cases(size=60, tasks=2), quotas(60))
def test_quota(case, quota):
    assert_same(case, quota=quota)


@settings(max_examples=60)
@given(cases(tasks=2), st.integers(0, 5))
def test_first_offers_are_the_first_of_all(case, limit):
    case.options["limit"] = None
    assert case.search(limit=limit) == case.search()[:limit]


# Real calendars ------------------------------------------------------------------

WEEKDAYS = range(5)


def days(*hours, weekdays=WEEKDAYS, week_type=None):
    return tuple(
        (weekday, week_type, hour_from, hour_to)
        for weekday in weekdays
        for hour_from, hour_to in hours
    )


DAY = days((8.0, 12.0), (13.0, 17.0))
EARLY = days((6.0, 10.0), (10.5, 14.5))
LATE = days((14.0, 18.0), (18.5, 22.5), weekdays=range(6))
NIGHT = days((22.0, 24.0), (0.0, 6.0), weekdays=range(7))
TURNS = days((8.0, 16.0), week_type=0) + days((12.0, 20.0), week_type=1)
ALWAYS = days((0.0, 24.0), weekdays=range(7))
PATTERNS = (DAY, EARLY, LATE, NIGHT, TURNS, ALWAYS)

#: Start of a window of five days, with a day on which the clocks change in most.
WINDOWS = (
    ("Europe/Tallinn", date(2026, 3, 27)),
    ("Europe/Tallinn", date(2026, 10, 23)),
    ("America/New_York", date(2026, 3, 6)),
    ("America/New_York", date(2026, 10, 30)),
    ("Asia/Almaty", date(2026, 3, 27)),
    ("Asia/Kolkata", date(2026, 6, 8)),
)


@st.composite
def workshops(draw):
    """Two bays and three technicians in a zone, with leaves and bookings."""
    tz, first = draw(st.sampled_from(WINDOWS))
    grid = Grid(datetime.combine(first, time()), 30, 5 * 48)
    pool = [1, 2, 11, 12, 13]
    work, busy = {}, {}
    for resource in pool:
        pattern = draw(st.sampled_from(PATTERNS if resource > 10 else (DAY, ALWAYS)))
        leave = draw(st.integers(0, grid.size))
        absent = span(leave, leave + draw(st.sampled_from((0, 0, 8, 48))))
        work[resource] = work_mask(pattern, tz, grid) & ~absent
        busy[resource] = draw(lines(grid.size, 40))
    orders = st.permutations(pool[2:]).map(tuple)
    tasks = tuple(
        Task(
            number,
            draw(st.sampled_from((2, 5, 12, 30))),
            (Need("bay", (1, 2), draw(st.booleans())), Need("technician", draw(orders)))
            + draw(st.sampled_from(((), (Need("helper", (11, 13)),)))),
            draw(st.sampled_from(("none", "breaks", "days"))),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    bounds = slot_grid.day_bounds(tz, grid)
    most = draw(st.integers(0, 30))
    quota = tuple((lo, hi, most) for lo, hi in zip(bounds, bounds[1:], strict=False))
    return Case(
        grid,
        tasks,
        work,
        busy,
        {
            "starts": draw(st.sampled_from((grid.full, work_mask(DAY, tz, grid)))),
            "bridge": draw(st.sampled_from((1, 2, 4))),
            "quota": draw(st.sampled_from(((), quota))),
            "per_day": draw(st.sampled_from((None, (2, bounds)))),
            "max_wait": draw(st.sampled_from((None, 0, 4))),
        },
    )


@settings(max_examples=50)
@given(workshops())
def test_workshop(case):
    assert_same(case)


# One sentence each ---------------------------------------------------------------

HOURS = Grid(datetime(2026, 3, 2, 6), 30, 48)
BAY = Need("bay", (1, 2))
TECHNICIAN = Need("technician", (11, 12))


def ask(*tasks, work=None, busy=None, **options):
    work = {1: HOURS.full, 2: HOURS.full, 11: HOURS.full, 12: HOURS.full} | (work or {})
    case = Case(HOURS, tasks, work, busy or {}, {"limit": 1} | options)
    return assert_same(case)


def used(offer):
    return [
        (segment.lo, segment.hi, *(resource for _name, resource in segment.resources))
        for placement in offer.placements
        for segment in placement.segments
    ]


def test_first_of_the_preferred():
    [offer] = ask(Task("job", 4, (BAY, TECHNICIAN)))
    assert used(offer) == [(0, 4, 1, 11)]


@pytest.mark.parametrize(
    "split, bridge, expected",
    [
        ("none", 8, [(10, 14, 1, 11)]),
        ("breaks", 1, [(10, 14, 1, 11)]),
        ("breaks", 2, [(5, 8, 1, 11), (10, 11, 1, 11)]),
        ("days", 0, [(5, 8, 1, 11), (10, 11, 1, 11)]),
    ],
)
def test_lunch(split, bridge, expected):
    lunch = HOURS.full & ~span(8, 10)
    job = Task("job", 4, (BAY, Need("technician", (11,))), split)
    starts = HOURS.full & ~span(0, 5)
    [offer] = ask(job, work={11: lunch}, starts=starts, bridge=bridge)
    assert used(offer) == expected


def test_vehicle_stays_in_the_bay_over_lunch():
    lunch = HOURS.full & ~span(8, 10)
    job = Task("job", 4, (Need("bay", (1, 2), True), Need("technician", (11,))), "days")
    starts = span(5, 6)
    [offer] = ask(job, work={11: lunch}, busy={1: span(9, 10)}, starts=starts)
    assert used(offer) == [(5, 8, 2, 11), (8, 10, 2), (10, 11, 2, 11)]


def test_no_lunch_is_earlier_and_wins_over_preference():
    lunch = HOURS.full & ~span(8, 10)
    job = Task("job", 4, (TECHNICIAN,), "breaks")
    [offer] = ask(job, work={11: lunch}, starts=span(5, 6))
    assert used(offer) == [(5, 9, 12)]


def test_two_technicians_are_two():
    both = Task("both", 4, (TECHNICIAN, Need("helper", (11, 12))))
    [offer] = ask(both, busy={12: span(0, 6)})
    assert used(offer) == [(6, 10, 11, 12)]
    alone = Task("both", 4, (Need("technician", (11,)), Need("helper", (11,))))
    assert not ask(alone)


def test_next_task_keeps_bay_and_technician():
    first = Task("brakes", 4, (BAY, TECHNICIAN))
    second = Task("wheels", 2, (BAY, TECHNICIAN))
    [offer] = ask(first, second, busy={1: span(0, 2), 11: span(3, 4)})
    assert used(offer) == [(0, 4, 2, 12), (4, 6, 2, 12)]


def test_next_task_keeps_the_technician_over_lunch():
    """Also where others have other hours and would be as quick."""
    lunch = HOURS.full & ~span(8, 10)
    tasks = [Task(name, 4, (TECHNICIAN,), "breaks") for name in ("brakes", "wheels")]
    work = {11: lunch, 12: lunch & ~span(14, 15)}
    [offer] = ask(*tasks, work=work, busy={11: span(3, 4)}, starts=span(2, 3))
    assert used(offer) == [(2, 6, 12), (6, 8, 12), (10, 12, 12)]


def test_next_task_does_not_wait_for_the_same_bay():
    first = Task("brakes", 4, (BAY,))
    second = Task("wheels", 2, (BAY,))
    [offer] = ask(first, second, busy={1: span(5, 9)})
    assert used(offer) == [(0, 4, 1), (4, 6, 2)]


def test_waiting_between_tasks_ends():
    tasks = (Task("brakes", 2, (BAY,)), Task("wheels", 2, (Need("stand", (3,)),)))
    stand = {3: span(10, 14)}
    assert [offer.start for offer in ask(*tasks, work=stand, max_wait=3)] == [5]
    assert [offer.start for offer in ask(*tasks, work=stand, max_wait=0)] == [8]


def test_courtesy_car_all_the_time():
    job = Task("job", 4, (BAY,))
    cars = (Need("car", (5, 6)),)
    [offer] = ask(job, whole=cars, busy={5: span(3, 20), 6: span(0, 1)})
    assert (offer.start, offer.whole) == (1, (("car", 6),))


def test_quota_of_the_day():
    job = Task("job", 4, (TECHNICIAN,))
    quota = ((0, 10, 3), (10, 48, 4))
    assert [offer.start for offer in ask(job, quota=quota)] == [7]
    free = Task("job", 4, (TECHNICIAN,), counted=None)
    assert [offer.start for offer in ask(free, quota=quota)] == [0]


def test_full_day_forbids_nothing_to_other_days():
    job = Task("job", 4, (TECHNICIAN,))
    assert [offer.start for offer in ask(job, quota=((0, 10, -5),))] == [10]


def test_every_hour_twice_a_day():
    job = Task("job", 1, (BAY,))
    offers = ask(job, step=2, per_day=(2, (0, 24, 48)), limit=None, stop_by=30)
    assert [offer.start for offer in offers] == [0, 2, 24, 26]


@pytest.mark.parametrize("slots, split", [(0, "none"), (-1, "none"), (4, "weeks")])
def test_task_that_makes_no_sense(slots, split):
    with pytest.raises(ValueError, match="Task job"):
        Task("job", slots, (BAY,), split)
