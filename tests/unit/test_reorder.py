"""How much of a part should lie on the shelf."""

from hypothesis import given
from hypothesis import strategies as st

from auto_service_warehouse.tools.reorder import propose_limits

USED = st.floats(0.01, 1e5)
TIMES = st.integers(1, 1000)
LEAD = st.floats(0, 120)


def test_nothing_used_needs_nothing():
    assert propose_limits(0, 0, 90, 3) == (0, 0)
    assert propose_limits(-2, 1, 90, 3) == (0, 0)


def test_two_a_day_with_three_days_to_the_receipt():
    # 6 until the order arrives, 3 as a reserve (square root, rounded up), 28 for 14 d
    assert propose_limits(180, 90, 90, 3) == (9, 37)


def test_what_is_taken_at_once_is_there():
    # 20 of 60 pieces are taken at once: 2 until the receipt, 20 in reserve
    assert propose_limits(60, 3, 90, 3) == (22, 32)


def test_slow_part_is_there_once_more():
    assert propose_limits(3, 3, 90, 1) == (2, 3)


@given(USED, TIMES, LEAD)
def test_most_is_above_least_and_least_is_enough(used, times, lead):
    least, most = propose_limits(used, times, 90, lead)
    assert 0 < least < most
    assert least >= used / times - 1e-6
    assert least >= used / 90 * lead - 1e-6


@given(USED, TIMES, LEAD)
def test_longer_way_needs_more(used, times, lead):
    assert propose_limits(used, times, 90, lead + 5) >= propose_limits(
        used, times, 90, lead
    )
