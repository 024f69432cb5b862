"""When maintenance is due, from odometer histories as garages really have them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.maintenance import (
    MILE,
    Done,
    Due,
    History,
    Horizon,
    Interval,
    Reading,
    find_due,
    from_unit,
    to_unit,
)

TODAY = date(2026, 11, 22)
SERVICE = Interval(km=15_000, months=12)


def days_ago(days):
    return TODAY - timedelta(days=days)


def history(*pairs, **options):
    """History of pairs (days ago, kilometres), in the order of entry."""
    return History(
        [Reading(days_ago(days), float(km)) for days, km in pairs], TODAY, **options
    )


# The usual way of a day -------------------------------------------------------


@pytest.mark.parametrize(
    "readings, pace",
    [
        # straight on
        ([(730, 10_000), (365, 28_250), (0, 46_500)], 50),
        # a digit too many in the middle
        ([(730, 10_000), (365, 282_500), (0, 46_500)], 50),
        # a digit too few in the middle
        ([(730, 10_000), (365, 2_825), (0, 46_500)], 50),
        # a digit too many at the end
        ([(730, 10_000), (365, 28_250), (0, 465_000)], 50),
        # a digit too few at the end: no step can be made of it
        ([(730, 10_000), (365, 28_250), (0, 4_650)], 50),
        # a digit too few at the beginning
        ([(730, 1_000), (365, 110_000), (0, 128_250)], 50),
        # the cluster was replaced: it counts from zero again
        ([(730, 180_000), (365, 198_250), (364, 10), (0, 18_210)], 50),
        # the work order's odometer in and out, and a corrected entry of the same day
        ([(365, 10_000), (0, 2_825), (0, 28_250)], 50),
        # driven little for years, a lot lately
        ([(2000, 10_000), (1000, 12_000), (600, 20_000), (0, 80_000)], 85.75),
    ],
)
def test_pace_is_that_of_the_readings_that_can_be_believed(readings, pace):
    assert history(*readings).pace == pytest.approx(pace, rel=0.02)


@pytest.mark.parametrize(
    "readings",
    [[], [(0, 50_000)], [(20, 50_000), (0, 51_000)], [(400, 0), (0, 50_000)]],
)
def test_too_few_readings_make_no_pace(readings):
    assert history(*readings).pace is None


def test_one_reading_is_enough_when_the_first_registration_is_known():
    assert history((0, 36_500), start=days_ago(730)).pace == pytest.approx(50)


def test_a_reading_of_the_first_weeks_makes_no_pace():
    assert history((0, 3_000), start=days_ago(20)).pace is None


def test_readings_of_the_future_do_not_count():
    assert history((365, 10_000), (0, 28_250), (-30, 90_000)).pace == 50


def test_the_reading_that_was_set_aside_is_named():
    doubtful = history((730, 10_000), (365, 28_250), (0, 465_000)).doubtful
    assert doubtful == Reading(TODAY, 465_000)


# What is due ------------------------------------------------------------------


def test_due_by_kilometres_before_the_date():
    due = find_due(
        SERVICE, history((730, 0.5), (200, 26_500), (0, 36_500)), Done(days_ago(200))
    )
    assert due.due_km == pytest.approx(41_500)
    assert due.due_date == date(2027, 5, 6)
    # 50 a day: 5,000 kilometres to go
    assert due.predicted_date == TODAY + timedelta(days=100)
    assert (due.state, due.is_estimated) == ("later", True)


def test_due_by_date_before_the_kilometres():
    due = find_due(SERVICE, history((365, 10_000), (0, 13_650)), Done(days_ago(350)))
    assert due.predicted_date == due.due_date == date(2026, 12, 7)
    assert (due.state, due.is_estimated) == ("soon", False)


def test_overdue_by_kilometres_names_the_day_it_was_reached():
    due = find_due(
        Interval(km=10_000), history((400, 20_000), (0, 40_000)), Done(days_ago(400))
    )
    assert (due.state, due.predicted_date) == ("overdue", days_ago(200))
    assert not due.is_estimated


def test_overdue_by_estimate_says_so():
    """The latest reading is a year old: the limit was passed since, probably."""
    due = find_due(
        Interval(km=10_000), history((730, 10_000), (365, 28_250)), Done(days_ago(365))
    )
    assert (due.state, due.is_estimated) == ("overdue", True)
    assert due.predicted_date == days_ago(165)


def test_without_any_reading_the_date_counts():
    due = find_due(SERVICE, history(), Done(days_ago(100), 30_000))
    assert due.due_date == due.predicted_date == date(2027, 8, 14)
    assert (due.state, due.due_km, due.last_km) == ("later", 45_000, 30_000)


def test_kilometres_without_any_reading_are_not_known():
    due = find_due(Interval(km=15_000), history(), Done(days_ago(100), 30_000))
    assert (due.state, due.predicted_date) == ("unknown", None)
    assert due.due_km == 45_000


@pytest.mark.parametrize("km, state", [(30_500, "later"), (44_100, "soon")])
def test_single_reading_without_registration_has_no_date(km, state):
    due = find_due(Interval(km=15_000), history((0, km)), Done(days_ago(9), 30_000))
    assert (due.state, due.predicted_date, due.due_km) == (state, None, 45_000)


def test_single_reading_beyond_the_limit_is_overdue():
    due = find_due(Interval(km=15_000), history((0, 45_001)), Done(days_ago(9), 30_000))
    assert (due.state, due.predicted_date) == ("overdue", TODAY)
    due = find_due(Interval(km=15_000), history((0, 45_001)), Done(days_ago(90)))
    assert due.state == "unknown"


def test_replaced_cluster_counts_on():
    """Serviced at 195,000; the new cluster came at 198,250 and shows 5,000 now."""
    car = history((730, 180_000), (365, 198_250), (364, 10), (264, 5_010))
    due = find_due(Interval(km=15_000), car, Done(days_ago(430), 195_000))
    # 195,000 + 15,000 = 210,000 of the old one: 11,750 after the change.
    assert due.due_km == pytest.approx(11_750, abs=120)
    assert due.last_km == 195_000


def test_typing_error_in_the_service_record_moves_nothing():
    car = history((730, 10_000), (365, 28_250), (0, 46_500))
    right = find_due(SERVICE, car, Done(days_ago(200), 36_500))
    wrong = find_due(SERVICE, car, Done(days_ago(200), 365_000))
    assert right.due_km == pytest.approx(51_500)
    assert wrong.due_km == pytest.approx(51_500)
    assert wrong.predicted_date == right.predicted_date


def test_due_once_and_done():
    once = Interval(first_km=1_500)
    assert find_due(once, history((0, 3_000)), Done(days_ago(10), 1_400)) is None


def test_new_car_has_its_first_service_ahead():
    car = history((0, 9_125), start=days_ago(182))
    due = find_due(Interval(km=30_000, months=24, first_km=15_000), car)
    assert due.due_km == 15_000
    assert due.due_date == date(2028, 5, 24)
    assert due.predicted_date == TODAY + timedelta(days=117)
    assert (due.state, due.last_date) == ("later", None)


def test_first_service_just_missed_is_overdue():
    car = history((0, 17_000), start=days_ago(300))
    assert find_due(Interval(km=15_000), car).state == "overdue"


@pytest.mark.parametrize(
    "interval", [Interval(km=15_000), Interval(months=12), Interval(first_km=1_500)]
)
def test_old_car_without_record_is_asked_for_not_called_overdue(interval):
    """Nobody knows whether the garage before did it."""
    car = history((365, 180_000), (0, 195_000), start=days_ago(4_000))
    assert find_due(interval, car) == Due("unknown")


def test_horizon_is_a_choice():
    car, done = history((365, 10_000), (0, 13_650)), Done(days_ago(300))
    assert find_due(SERVICE, car, done, Horizon(days=90)).state == "soon"
    assert find_due(SERVICE, car, done, Horizon(days=10)).state == "later"


def test_end_of_month_stays_in_the_month():
    due = find_due(Interval(months=6), history(), Done(date(2026, 8, 31)))
    assert due.due_date == date(2027, 2, 28)


# Whatever comes in ------------------------------------------------------------

readings = st.lists(
    st.builds(
        Reading,
        st.dates(date(1990, 1, 1), date(2030, 1, 1)),
        st.floats(0, 3_000_000),
    ),
    max_size=12,
)
starts = st.none() | st.dates(date(1980, 1, 1), date(2030, 1, 1))
intervals = st.builds(
    Interval,
    st.floats(0, 300_000),
    st.integers(0, 240),
    st.floats(0, 300_000),
    st.integers(0, 240),
)
works = st.none() | st.builds(
    Done,
    st.dates(date(1990, 1, 1), TODAY),
    st.none() | st.floats(0, 3_000_000),
)


@given(readings, starts)
def test_way_travelled_never_goes_back(entered, start):
    car = History(entered, TODAY, start)
    assert car.pace is None or car.pace >= 0
    ways = [point.travelled for point in car.points]
    assert ways == sorted(ways)
    days = sorted(
        day
        for reading in entered
        for day in (reading.date, reading.date + timedelta(days=100))
    )
    known = [way for way in map(car.travelled_on, days) if way is not None]
    assert all(a <= b + 1e-6 for a, b in zip(known, known[1:], strict=False))


@given(readings, starts, intervals, works)
def test_any_history_gets_an_answer(entered, start, interval, done):
    due = find_due(interval, History(entered, TODAY, start), done)
    if due is None:
        assert done and not (interval.km or interval.months)
        return
    assert (due.state == "overdue") <= (due.predicted_date is not None)
    if due.predicted_date:
        assert (due.predicted_date <= TODAY) == (due.state == "overdue")
        assert due.due_date is None or due.predicted_date <= due.due_date
    assert due.state == "unknown" or due.due_km is not None or due.due_date


@given(
    pace=st.floats(5, 120),
    steps=st.lists(st.integers(60, 500), min_size=4, max_size=9),
    data=st.data(),
)
def test_one_wrong_reading_does_not_move_the_pace(pace, steps, data):
    """A digit too many or too few, wherever in the history it is."""
    day, right = days_ago(sum(steps)), []
    for step in [0, *steps]:
        day += timedelta(days=step)
        right.append(Reading(day, 12_000 + pace * (day - days_ago(sum(steps))).days))
    index = data.draw(st.integers(1, len(right) - 1))
    factor = data.draw(st.sampled_from([10, 0.1]))
    wrong = list(right)
    wrong[index] = Reading(right[index].date, right[index].km * factor)
    car = History(wrong, TODAY)
    assert car.pace == pytest.approx(pace, rel=0.05)


@given(readings, starts, intervals, works)
def test_entry_of_a_year_ago_does_not_matter_by_order(entered, start, interval, done):
    """Readings of different days may be entered in any order."""
    entered = list({reading.date: reading for reading in entered}.values())
    first = find_due(interval, History(entered, TODAY, start), done)
    assert first == find_due(interval, History(entered[::-1], TODAY, start), done)


@given(st.floats(0, 1_000_000))
def test_miles_there_and_back(value):
    assert to_unit(from_unit(value, "miles"), "miles") == pytest.approx(value)
    assert from_unit(value, "kilometers") == to_unit(value, None) == value
    assert from_unit(value, "miles") == value * MILE
