"""From what a part costs to what the customer pays."""

from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools.markup import (
    Band,
    find_band,
    limit,
    mark_up,
    price_in_band,
    sort_bands,
)

COSTS = st.floats(0, 1e5)
BANDS = st.lists(
    st.builds(Band, COSTS, st.floats(0, 300), st.floats(0, 50)),
    min_size=1,
    max_size=8,
    unique_by=lambda band: band.from_cost,
).map(sort_bands)


def test_band_begins_at_its_own_cost():
    bands = sort_bands([Band(50, 20), Band(0, 100), Band(10, 50)])
    assert [
        find_band(bands, cost).percent for cost in (0, 9.99, 10, 49.99, 50, 1e9)
    ] == [
        100,
        100,
        50,
        50,
        20,
        20,
    ]


def test_lowest_band_counts_for_cheaper_parts():
    assert find_band([Band(10, 30)], 2).percent == 30


def test_no_bands_mean_the_cost():
    assert find_band([], 5) is None
    assert mark_up([], 5).price == 5


def test_per_cent_and_fixed_amount():
    assert price_in_band(Band(0, 40, 1.5), 10) == 15.5
    assert price_in_band(Band(0, 25), 75, is_margin=True) == 100


def test_cap_of_the_supplier():
    assert limit(12, 0) == 12
    assert limit(12, 10) == 10
    assert limit(8, 10) == 8


@given(BANDS, COSTS, COSTS)
def test_steady_prices_never_step_down(bands, one, other):
    low, high = sorted((one, other))
    cheap = mark_up(bands, low, is_steady=True).price
    dear = mark_up(bands, high, is_steady=True).price
    assert cheap <= dear + 1e-6


@given(BANDS, COSTS)
def test_steady_prices_are_never_below_those_of_the_band(bands, cost):
    plain = mark_up(bands, cost)
    steady = mark_up(bands, cost, is_steady=True)
    assert steady.price >= plain.price
    assert steady.is_held == (steady.price > plain.price)
    assert steady.band == plain.band


@given(BANDS, COSTS)
def test_markups_never_go_below_the_cost(bands, cost):
    assert mark_up(bands, cost).price >= cost - 1e-9
