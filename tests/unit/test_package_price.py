"""The fixed price of a package, spread over its lines."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.package_price import spread

quantities = st.sampled_from([0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.3, 6.0, 12.0])
weights = st.decimals(0, 500, places=2).map(float)
lines = st.lists(st.tuples(quantities, weights), min_size=1, max_size=12)
totals = st.decimals(0, 5000, places=2).map(float)


def get_amounts(shares, step):
    """What an estimate makes of quantities and prices."""
    coin = Decimal(str(step))
    return [
        (Decimal(str(share.quantity)) * Decimal(str(share.price)) / coin).quantize(
            Decimal(1), rounding=ROUND_HALF_UP
        )
        * coin
        for share in shares
    ]


@given(totals, lines)
def test_lines_add_up_to_the_cent(total, rows):
    shares = spread(total, rows)
    assert sum(get_amounts(shares, 0.01)) == Decimal(str(total))


@given(totals, lines)
def test_no_quantity_is_lost(total, rows):
    shares = spread(total, rows)
    for index, (quantity, _weight) in enumerate(rows):
        mine = [share.quantity for share in shares if share.index == index]
        assert sum(map(Decimal, map(str, mine))) == Decimal(str(quantity))
        assert len(mine) <= 2


@given(totals, lines)
def test_no_price_is_negative(total, rows):
    assert all(share.price >= 0 for share in spread(total, rows))


@given(st.integers(0, 10**6), lines)
def test_coins_of_a_currency_without_cents(total, rows):
    shares = spread(total, rows, 0.01, 1.0)
    assert sum(get_amounts(shares, 1.0)) == total


@pytest.mark.parametrize(
    ("total", "rows", "expected"),
    [
        # weights decide: 50 of labour and 150 of parts
        (100.0, [(1.0, 50.0), (1.0, 150.0)], [(1.0, 25.0), (1.0, 75.0)]),
        # three discs at 33.33 make 99.99: the single line takes the cent
        (110.0, [(3.0, 100.0), (1.0, 10.0)], [(3.0, 33.33), (1.0, 10.01)]),
        # nothing has a price of its own: equal shares
        (10.0, [(1.0, 0.0), (1.0, 0.0)], [(1.0, 5.0), (1.0, 5.0)]),
        # no line of one piece: one is taken off
        (19.99, [(2.0, 24.0)], [(1.0, 9.99), (1.0, 10.0)]),
    ],
)
def test_cases_by_hand(total, rows, expected):
    assert [(share.quantity, share.price) for share in spread(total, rows)] == expected
