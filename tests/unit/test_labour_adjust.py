"""Adjustment and rounding of labour times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.labour_adjust import Rule, adjust, round_hours

hours = st.floats(0.01, 100.0)
rules = st.lists(
    st.builds(
        Rule,
        st.integers(1, 99),
        st.just("rule"),
        st.integers(-60, 60),
        st.sampled_from([-0.5, -0.1, 0.0, 0.1, 0.5]),
    ),
    max_size=5,
)
roundings = st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.5])
methods = st.sampled_from(["up", "nearest"])


@given(hours=hours, rules=rules, rounding=roundings, method=methods)
def test_steps_sum_up(hours, rules, rounding, method):
    result, steps = adjust(hours, rules, rounding, method)
    assert hours + sum(step.hours for step in steps) == pytest.approx(result, abs=1e-4)
    assert result >= 0.0


@given(hours=hours, rules=rules, rounding=roundings, method=methods, data=st.data())
def test_order_of_rules_does_not_matter(hours, rules, rounding, method, data):
    shuffled = data.draw(st.permutations(rules))
    assert (
        adjust(hours, shuffled, rounding, method)[0]
        == adjust(hours, rules, rounding, method)[0]
    )


@given(rules=rules, rounding=roundings, method=methods)
def test_nothing_stays_nothing_and_unknown_unknown(rules, rounding, method):
    assert adjust(0.0, rules, rounding, method) == (0.0, ())
    assert adjust(None, rules, rounding, method) == (None, ())


@given(hours=hours, rounding=roundings, method=methods)
def test_rounded_hours_stay_as_they_are(hours, rounding, method):
    rounded = round_hours(hours, rounding, method)
    assert round_hours(rounded, rounding, method) == pytest.approx(rounded)
    assert rounded > 0.0
    if method == "up":
        assert rounded >= hours - 1e-4
    if rounding and hours > rounding:
        assert abs(rounded - hours) <= rounding * (1 if method == "up" else 0.5) + 1e-4


@pytest.mark.parametrize(
    "hours, rules, rounding, method, expected",
    [
        # Per cents are of the hours that came in: 2 h + 30 % - 10 %.
        (2.0, [(30, 0), (-10, 0)], 0, "nearest", 2.4),
        (2.0, [(10, 0.1)], 0, "nearest", 2.3),
        (2.0, [], 0.25, "nearest", 2.0),
        (2.1, [], 0.25, "nearest", 2.0),
        (2.125, [], 0.25, "nearest", 2.25),
        (2.1, [], 0.25, "up", 2.25),
        # Binary fractions make no extra step: 0.3 is three steps of 0.1.
        (0.3, [], 0.1, "up", 0.3),
        (0.1 + 0.2, [], 0.1, "up", 0.3),
        (0.02, [], 0.1, "nearest", 0.1),
        (0.3, [(0, -0.5)], 0.1, "up", 0.0),
        (1.0, [(15, 0)], 0.1, "nearest", 1.2),
    ],
)
def test_case_worked_by_hand(hours, rules, rounding, method, expected):
    rules = [
        Rule(number, "rule", percent, more)
        for number, (percent, more) in enumerate(rules)
    ]
    assert adjust(hours, rules, rounding, method)[0] == pytest.approx(expected)


def test_steps_name_their_rules():
    _hours, steps = adjust(2.0, [Rule(7, "old", 10)], 0.5, "up")
    assert [(step.kind, step.hours, step.rule, step.name) for step in steps] == [
        ("adjustment", 0.2, 7, "old"),
        ("rounding", 0.3, None, None),
    ]
