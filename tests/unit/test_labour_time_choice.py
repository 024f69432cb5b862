"""Which labour time counts: the order is written down here once more, as cases."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.labour_time import CHAIN, TimeRow, choose

TODAY = datetime.date(2026, 11, 21)
MONTH = datetime.timedelta(days=30)


def row(number=1, level="exact", origin="provider", **values):
    values = {"kind": "standard", "hours": 1.0, "source": "Guide", **values}
    return TimeRow(id=number, level=level, origin=origin, **values)


#: Every step of the choice, best first; between neighbours nothing else differs.
ORDER = [
    row(9, "exact", "own", score=40),
    row(8, "exact", "own", score=30, sequence=1),
    row(7, "exact", "own", score=30, sequence=2, valid_from=TODAY - MONTH),
    row(6, "exact", "own", score=30, sequence=2, valid_from=TODAY - 2 * MONTH),
    row(5, "exact", "own", score=30, sequence=2),
    row(50, "exact", "own", score=30, sequence=2),
    row(4, "exact", "own", kind="observed", score=90),
    row(40, "model", "provider", kind="own"),
    row(41, "model", "own", kind="observed"),
    row(3, "exact", "provider", score=90),
    row(2, "model", "provider"),
    row(30, "class", "own"),
    row(31, "class", "provider", score=90),
    row(32, "default", "own"),
    row(33, "default", "provider"),
    row(0, "default", "own", kind="own", source="operation"),
]


@pytest.mark.parametrize("number", range(len(ORDER)))
def test_each_step_of_the_order(number):
    choice = choose(reversed(ORDER[number:]), "customer", TODAY)
    assert choice.chosen == ORDER[number]
    assert choice.others == tuple(ORDER[number + 1 :])


@given(rows=st.permutations(ORDER))
def test_order_of_reading_does_not_matter(rows):
    choice = choose(rows, "customer", TODAY)
    assert (choice.chosen, *choice.others) == tuple(ORDER)


def test_nothing_known_is_said_plainly():
    choice = choose([], "customer", TODAY)
    assert choice.chosen is None
    assert choice.others == ()


def test_warranty_times_are_for_warranty_work_only():
    warranty = row(1, "default", "provider", kind="warranty")
    own = row(2, "exact", "own")
    assert choose([warranty, own], "customer", TODAY).chosen == own
    assert choose([warranty, own], "customer", TODAY).others == (warranty,)
    assert choose([warranty, own], "warranty", TODAY).chosen == warranty
    assert choose([warranty], "customer", TODAY).chosen is None
    assert choose([warranty], "customer", TODAY).others == (warranty,)


def test_among_warranty_times_the_same_order_holds():
    rows = [replace(one, kind="warranty") for one in (ORDER[2], ORDER[9], ORDER[14])]
    choice = choose(reversed(rows), "warranty", TODAY)
    assert (choice.chosen, *choice.others) == tuple(rows)


@pytest.mark.parametrize(
    "start, stop, is_valid",
    [
        (None, None, True),
        (TODAY, None, True),
        (None, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY + MONTH, None, False),
        (None, TODAY - MONTH, False),
    ],
)
def test_times_hold_from_the_first_to_the_last_day(start, stop, is_valid):
    choice = choose([row(valid_from=start, valid_to=stop)], "customer", TODAY)
    assert bool(choice.chosen) == is_valid


def test_dated_time_wins_over_an_undated_one_only_while_it_is_valid():
    dated = row(2, valid_from=TODAY, valid_to=TODAY + MONTH)
    undated = row(1)
    assert choose([undated, dated], "customer", TODAY).chosen == dated
    assert choose([undated, dated], "customer", TODAY - MONTH).chosen == undated


def test_every_step_has_its_place():
    levels = {"exact", "model", "class", "default"}
    assert set(CHAIN) == {(lv, who) for lv in levels for who in ("own", "provider")}
