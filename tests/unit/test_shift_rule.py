"""Shifts: hours over midnight, breaks, days of the clock change, rules."""

from datetime import date, datetime, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from auto_service_booking.tools.shift_rule import (
    ShiftHours,
    rule_days,
    shift_times,
    to_utc,
)

ZONES = ("Europe/Tallinn", "Asia/Almaty", "America/New_York", "Asia/Kolkata", "UTC")
quarters = st.integers(0, 95).map(lambda quarter: quarter / 4)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
steps = st.lists(
    st.tuples(st.sampled_from(["day", "night", None]), st.integers(0, 5)),
    min_size=1,
    max_size=5,
)


def test_day_shift_in_local_time():
    hours = ShiftHours(8, 17, 12, 13)
    assert shift_times(date(2026, 3, 2), hours, "Europe/Tallinn") == (
        datetime(2026, 3, 2, 6),
        datetime(2026, 3, 2, 15),
        datetime(2026, 3, 2, 10),
        datetime(2026, 3, 2, 11),
    )
    assert hours.worked == 8


def test_night_shift_ends_on_the_next_day():
    hours = ShiftHours(22, 6, 2, 2.5)
    assert shift_times(date(2026, 3, 2), hours, "Europe/Tallinn") == (
        datetime(2026, 3, 2, 20),
        datetime(2026, 3, 3, 4),
        datetime(2026, 3, 3, 0),
        datetime(2026, 3, 3, 0, 30),
    )
    assert hours.worked == 7.5


def test_the_same_hour_is_a_whole_day():
    hours = ShiftHours(7, 7)
    assert hours.worked == 24
    start, stop, *_break = shift_times(date(2026, 3, 2), hours, "UTC")
    assert stop - start == timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9)]
)
def test_night_of_the_clock_change_is_shorter_or_longer(day, length):
    """At 3 o'clock of 29 March 2026 it is 4 in Tallinn, on 25 October 3 again."""
    start, stop, *_break = shift_times(day, ShiftHours(22, 6), "Europe/Tallinn")
    assert stop - start == timedelta(hours=length)


def test_break_outside_of_the_shift_does_not_count():
    hours = ShiftHours(8, 12, 12, 13)
    assert hours.break_span is None
    assert hours.worked == 4


def test_two_on_two_off():
    found = rule_days(date(2026, 3, 2), date(2026, 3, 7), [("day", 2), (None, 2)])
    assert [what for _day, what in found] == ["day", "day", None, None, "day", "day"]


def test_the_second_person_starts_two_days_later():
    found = rule_days(date(2026, 3, 2), date(2026, 3, 5), [("day", 2), (None, 2)], 2)
    assert [what for _day, what in found] == [None, None, "day", "day"]


def test_a_rule_without_days_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        rule_days(date(2026, 3, 2), date(2026, 3, 5), [("day", 0)])


@given(days, quarters, quarters, quarters, quarters, st.sampled_from(ZONES))
def test_shift_lies_where_the_clock_on_the_wall_says(day, begin, end, rest, back, tz):
    hours = ShiftHours(begin, end, rest, back)
    start, stop, first, last = shift_times(day, hours, tz)
    assert start == to_utc(day, begin, tz) < stop
    # The length differs from the wall's by the clock change, at most an hour.
    assert abs((stop - start) - timedelta(hours=hours.length)) <= timedelta(hours=1)
    if first:
        assert start <= first < last <= stop
    local = pytz.utc.localize(stop).astimezone(pytz.timezone(tz))
    shown = local.hour + local.minute / 60
    assert (shown - end) % 24 in (0, 1), "the end is what was entered"


@given(steps, days, st.integers(0, 40), st.integers(0, 9))
def test_rule_goes_round(steps, first, count, offset):
    cycle = sum(length for _what, length in steps)
    if not cycle:
        return
    last = first + timedelta(days=count)
    found = rule_days(first, last, steps, offset)
    assert [day for day, _what in found] == [
        first + timedelta(days=index) for index in range(count + 1)
    ]
    for index in range(len(found) - cycle):
        assert found[index][1] == found[index + cycle][1]
    if offset < len(found):
        whats = [what for what, length in steps for _n in range(length)]
        assert [what for _day, what in found[offset : offset + cycle]] == whats[
            : len(found) - offset
        ]
