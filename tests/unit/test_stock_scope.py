"""What is missing on a shelf, and what of it an action is to blame for."""

from hypothesis import given
from hypothesis import strategies as st

from auto_service_warehouse.tools.stock_scope import StockScope, add_rows, get_shortage

SHELF = (1, 2, None, None)
QUANTITIES = st.integers(-20, 20)
LOTS = st.dictionaries(st.sampled_from([None, 1, 2, 3]), QUANTITIES)


def compare(before, after, loose=()):
    scope = StockScope()
    scope.before = add_rows((*SHELF, *row) for row in before)
    scope.touched = {SHELF[:2]}
    scope.loose = set(loose)
    return scope.get_problems(add_rows((*SHELF, *row) for row in after))


def test_two_rows_count_together():
    assert compare([(None, 5, 0), (None, 5, 0)], [(None, -3, 0), (None, 5, 0)]) == []


def test_more_than_there_is():
    assert compare([(None, 1, 0)], [(None, -1, 0)]) == [(SHELF, 0, 1), (SHELF, 1, 1)]


def test_more_than_is_free():
    assert compare([(None, 4, 3)], [(None, 4, 5)]) == [(SHELF, 1, 1)]
    assert compare([(None, 4, 3)], [(None, 4, 5)], loose=[1]) == []


def test_below_zero_may_only_rise():
    assert compare([(None, -5, 0)], [(None, -3, 0)]) == []
    assert compare([(None, -5, 0)], [(None, -6, 0)]) != []


def test_old_trouble_of_one_lot_does_not_stop_another():
    assert compare([(1, -4, 0), (2, 5, 0)], [(1, -4, 0), (2, 5, 5)]) == []


def test_pieces_without_a_lot_stand_in_once():
    before = [(None, 5, 0), (1, 1, 3)]
    assert compare(before, [(None, 5, 3), (1, 1, 3)]) == []
    assert compare(before, [(None, 5, 5), (1, 1, 3)]) == [(SHELF, 1, 2)]


def test_a_promise_without_a_lot_is_kept_by_any_lot():
    """Somebody wants a piece and chooses the serial number later."""
    before = [(1, 1, 0), (2, 1, 1)]
    assert compare(before, [(1, 1, 0), (2, 1, 1), (None, 0, 1)]) == []
    assert compare(before, [(1, 1, 0), (2, 1, 1), (None, 0, 2)]) == [(SHELF, 1, 1)]
    assert compare(before, [(1, 1, 1), (2, 1, 1), (None, 0, 1)]) == [(SHELF, 1, 1)]


def test_what_leaves_without_a_lot_is_of_no_lot():
    assert compare([(1, 1, 0)], [(1, 1, 0), (None, -1, 0)]) == [(SHELF, 0, 1)]


def test_untouched_places_are_nobodys_fault():
    scope = StockScope()
    assert scope.get_problems({SHELF: {None: [-5, 0]}}) == []


@given(LOTS)
def test_shortage_is_what_has_to_be_bought(lots):
    shortage = get_shortage(lots)
    assert shortage >= 0
    topped_up = {**lots, None: lots.get(None, 0) + shortage}
    assert get_shortage(topped_up) == 0


@given(LOTS, st.sampled_from([None, 1, 2, 3]), st.integers(0, 20))
def test_a_receipt_is_never_refused(lots, lot, quantity):
    more = {**lots, lot: lots.get(lot, 0) + quantity}
    assert get_shortage(more) <= get_shortage(lots)
