"""Slots against datetimes, and working times against the host's own rules."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from auto_service_booking.tools import slot_grid
from auto_service_booking.tools.slot_grid import Grid

ZONES = ("Europe/Tallinn", "Asia/Almaty", "America/New_York", "Asia/Kolkata", "UTC")

#: Days on which clocks change somewhere, and an ordinary one.
DAYS = (
    date(2026, 3, 8),  # New York forward
    date(2026, 3, 29),  # Tallinn forward
    date(2026, 6, 10),
    date(2026, 10, 25),  # Tallinn back
    date(2026, 11, 1),  # New York back
    date(2024, 3, 1),  # Almaty: another zone from this day on
)

masks = st.integers(0, 2**70 - 1)


def as_set(mask):
    return {index for index in range(mask.bit_length()) if mask >> index & 1}


def day_grid(day, minutes=15, days=3):
    first = datetime.combine(day, time()) - timedelta(days=1)
    return Grid(first, minutes, days * 24 * 60 // minutes)


# Sets of slots -------------------------------------------------------------------


@given(st.integers(-3, 70), st.integers(-3, 70))
def test_span(lo, hi):
    lo = max(lo, 0)
    assert as_set(slot_grid.span(lo, hi)) == set(range(lo, hi))


@given(masks, st.integers(1, 20))
def test_runs(mask, length):
    inside = as_set(mask)
    assert as_set(slot_grid.runs(mask, length)) == {
        slot for slot in inside if set(range(slot, slot + length)) <= inside
    }


@given(masks)
def test_intervals_are_the_runs(mask):
    found = slot_grid.intervals(mask)
    assert {slot for lo, hi in found for slot in range(lo, hi)} == as_set(mask)
    assert all(before[1] < after[0] for before, after in pairwise(found))


@given(masks, st.integers(0, 20))
def test_long_stretches(mask, length):
    kept = slot_grid.intervals(slot_grid.keep_stretches(mask, length))
    stretches = slot_grid.intervals(mask)
    assert kept == [(lo, hi) for lo, hi in stretches if hi - lo >= length]


@given(masks, st.integers(0, 70), st.integers(0, 70))
def test_bits_in_order(mask, lo, hi):
    assert list(slot_grid.bits(mask)) == sorted(as_set(mask))
    assert list(slot_grid.bits_between(mask, lo, hi)) == sorted(
        as_set(mask) & set(range(lo, hi))
    )


def test_mask_of_many_spans():
    los, his = [10, 13, 11, 16, 17], [12, 14, 13, 16, 15]
    assert slot_grid.join_spans(los, his, 10) == 0b1111
    assert slot_grid.join_spans(los, his, 8) == 0b111100
    assert slot_grid.join_spans(los, his, 12) == 0b11
    assert slot_grid.join_spans([], []) == 0


@pytest.mark.parametrize("bridge, length", [(0, 3), (1, 5), (3, 5), (4, 6)])
def test_longest_stretch(bridge, length):
    assert slot_grid.longest_stretch(0b1000011011100, bridge) == length


# The grid ------------------------------------------------------------------------


@given(
    st.sampled_from(slot_grid.MINUTES),
    st.integers(1, 60),
    st.integers(-400, 2400),
    st.integers(0, 2400),
)
def test_slots_touched_and_slots_inside(minutes, size, start, length):
    grid = Grid(datetime(2026, 3, 2, 6, 0), minutes, size)
    start = grid.first + timedelta(minutes=start)
    stop = start + timedelta(minutes=length)
    slots = {index: (grid.at(index), grid.at(index + 1)) for index in range(size)}
    assert as_set(grid.cover(start, stop)) == {
        index for index, (lo, hi) in slots.items() if lo < stop and hi > start < stop
    }
    assert as_set(grid.inside(start, stop)) == {
        index for index, (lo, hi) in slots.items() if start <= lo and hi <= stop
    }


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(slot_grid.MINUTES))
def test_smallest_grid_around(start, length, minutes):
    start = datetime(2026, 3, 2) + timedelta(minutes=start)
    stop = start + timedelta(minutes=length)
    grid = Grid.around(start, stop, minutes)
    assert grid.first <= start < grid.first + grid.slot
    assert grid.at(grid.size) - grid.slot < stop <= grid.at(grid.size)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 9))
def test_every_step_since_the_epoch(number, size, step):
    grid = Grid(slot_grid.EPOCH + number * timedelta(minutes=15), 15, size)
    assert as_set(grid.multiples(step)) == {
        index for index in range(size) if (number + index) % step == 0
    }


@pytest.mark.parametrize(
    "first, minutes", [(datetime(2026, 3, 2, 6, 10), 15), (datetime(2026, 3, 2), 7)]
)
def test_grid_must_be_aligned(first, minutes):
    with pytest.raises(ValueError):
        Grid(first, minutes, 4)


def test_days_start_at_local_midnight():
    grid = day_grid(date(2026, 10, 25))
    bounds = slot_grid.day_bounds("Europe/Tallinn", grid)
    # From 03:00 local on; the day on which the clocks go back has 25 hours.
    assert bounds == (0, 21 * 4, (21 + 25) * 4, (21 + 25 + 24) * 4, 72 * 4)


# Working time --------------------------------------------------------------------


@st.composite
def patterns(draw):
    """Lines of a calendar, odd minutes and midnights included."""
    minutes = st.integers(0, 288).map(lambda number: number * 5)
    lines = []
    for _line in range(draw(st.integers(0, 6))):
        start, stop = sorted((draw(minutes), draw(minutes)))
        weekday = draw(st.integers(0, 6))
        week_type = draw(st.sampled_from((None, None, 0, 1)))
        lines.append((weekday, week_type, start / 60, stop / 60))
    return tuple(lines)


def host_minutes(pattern, tz, grid):
    """Minutes of work from the start of the grid on, as resource.calendar says."""
    zone = pytz.timezone(tz)
    worked = set()
    for days in range(-2, grid.size * grid.minutes // 1440 + 3):
        day = grid.first.date() + timedelta(days=days)
        for weekday, week_type, hour_from, hour_to in pattern:
            parity = int((day.toordinal() - 1) / 7) % 2
            if day.weekday() != weekday or week_type not in (None, parity):
                continue
            lo, hi = (
                (host_moment(zone, day, hour) - grid.first) / timedelta(minutes=1)
                for hour in (hour_from, hour_to)
            )
            worked |= set(range(round(lo), round(hi)))
    return worked


def host_moment(zone, day, hour):
    local = time.max if hour == 24.0 else time(int(hour), round(hour % 1 * 60))
    moment = zone.localize(datetime.combine(day, local)).astimezone(pytz.utc)
    return moment.replace(tzinfo=None)


@given(
    patterns(),
    st.sampled_from(ZONES),
    st.sampled_from(DAYS),
    st.sampled_from(slot_grid.MINUTES),
)
def test_working_time_is_the_hosts(pattern, tz, day, minutes):
    grid = day_grid(day, minutes)
    worked = host_minutes(pattern, tz, grid)
    expected = {
        index
        for index in range(grid.size)
        if set(range(index * minutes, (index + 1) * minutes)) <= worked
    }
    assert as_set(slot_grid.work_mask(pattern, tz, grid)) == expected


@pytest.mark.parametrize("tz", ZONES)
@pytest.mark.parametrize("day", DAYS)
def test_local_clock_on_the_wall(tz, day):
    """Somebody who reads the clock at the start of each slot sees working hours."""
    pattern = tuple((weekday, None, 7.5, 16.0) for weekday in range(7))
    grid = day_grid(day, 30)
    mask = slot_grid.work_mask(pattern, tz, grid)
    for index in range(grid.size):
        local = pytz.utc.localize(grid.at(index)).astimezone(pytz.timezone(tz))
        assert (mask >> index & 1) == (7.5 <= local.hour + local.minute / 60 < 16.0)


@pytest.mark.parametrize(
    "tz, day, hours",
    [
        ("Europe/Tallinn", date(2026, 3, 29), 7),
        ("Europe/Tallinn", date(2026, 6, 10), 8),
        ("Europe/Tallinn", date(2026, 10, 25), 9),
        ("America/New_York", date(2026, 3, 8), 7),
        ("America/New_York", date(2026, 11, 1), 9),
        ("Asia/Kolkata", date(2026, 10, 25), 8),
        ("Asia/Almaty", date(2026, 3, 29), 8),
    ],
)
def test_night_shift_over_midnight(tz, day, hours):
    """22 to 6 is one stretch, an hour longer or shorter when the clocks change."""
    before = (day - timedelta(days=1)).weekday()
    pattern = ((before, None, 22.0, 24.0), (day.weekday(), None, 0.0, 6.0))
    [(lo, hi)] = slot_grid.intervals(slot_grid.work_mask(pattern, tz, day_grid(day)))
    assert hi - lo == hours * 4


def test_lines_that_touch_lose_no_slot():
    pattern = ((2, None, 8.0, 12 + 10 / 60), (2, None, 12 + 10 / 60, 16.0))
    grid = day_grid(date(2026, 6, 10), 15)
    [(lo, hi)] = slot_grid.intervals(slot_grid.work_mask(pattern, "UTC", grid))
    assert (lo, hi) == ((24 + 8) * 4, (24 + 16) * 4)


def test_two_weeks_take_turns():
    pattern = ((0, 0, 8.0, 9.0), (0, 1, 10.0, 11.0))
    grid = day_grid(date(2026, 6, 2), 30, 30)
    stretches = slot_grid.intervals(slot_grid.work_mask(pattern, "UTC", grid))
    hours = [grid.at(lo).hour for lo, _hi in stretches]
    first = (date(2026, 6, 1).toordinal() - 1) // 7 % 2
    assert hours == [(8, 10)[(first + week) % 2] for week in range(len(hours))]
    assert len(hours) == 5
