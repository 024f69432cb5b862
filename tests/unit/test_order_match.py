"""Which position of a supplier's answer is which line of our order."""

from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools.order_match import match_positions
from auto_service_parts.tools.supplier_client import OrderedPosition, OrderLine

KEYS = st.sampled_from(["OC 90", "oc-90", "GDB1330", "W 712/75"])
BRANDS = st.sampled_from(["MAHLE", "Mahle", "KNECHT", "TRW"])
QUANTITIES = st.sampled_from([1.0, 2.0, 4.0])


def line(reference, number="OC 90", brand="MAHLE", quantity=1.0):
    return OrderLine(reference, brand, number, quantity, {})


def position(number="OC 90", brand="MAHLE", quantity=1.0, reference=""):
    return OrderedPosition(brand, number, quantity, reference=reference)


def test_our_reference_wins_over_everything():
    answer = position("OTHER", "OTHER", reference="b")
    found, left = match_positions([line("a"), line("b")], [answer])
    assert found == {"a": [], "b": [answer]}
    assert not left


def test_other_spelling_of_the_number_is_the_same_part():
    found, left = match_positions([line("a")], [position("oc-90", "Mahle")])
    assert len(found["a"]) == 1
    assert not left


def test_brand_in_the_suppliers_words_is_no_hindrance():
    found, left = match_positions([line("a")], [position(brand="KNECHT")])
    assert len(found["a"]) == 1
    assert not left


def test_brand_tells_namesakes_apart():
    lines = [line("a", brand="TRW"), line("b", brand="MAHLE")]
    found, _left = match_positions(lines, [position(brand="MAHLE")])
    assert (len(found["a"]), len(found["b"])) == (0, 1)


def test_quantity_tells_lines_of_one_part_apart():
    lines = [line("a", quantity=1.0), line("b", quantity=4.0)]
    found, _left = match_positions(
        lines, [position(quantity=4.0), position(quantity=1.0)]
    )
    assert [row.quantity for row in found["a"]] == [1.0]
    assert [row.quantity for row in found["b"]] == [4.0]


def test_position_that_the_supplier_split_stays_together():
    found, left = match_positions(
        [line("a", quantity=3.0)], [position(quantity=1.0), position(quantity=2.0)]
    )
    assert len(found["a"]) == 2
    assert not left


def test_what_fits_nothing_is_never_guessed():
    stranger = position("GDB1330")
    found, left = match_positions([line("a")], [stranger])
    assert found == {"a": []}
    assert left == [stranger]


@given(
    st.lists(st.tuples(KEYS, BRANDS, QUANTITIES), max_size=6),
    st.lists(
        st.tuples(KEYS, BRANDS, QUANTITIES, st.sampled_from(["", "0", "1", "x"])),
        max_size=8,
    ),
)
def test_every_position_goes_to_one_line_or_is_left_over(lines, positions):
    lines = [line(str(index), *row) for index, row in enumerate(lines)]
    positions = [position(*row) for row in positions]
    found, left = match_positions(lines, positions)
    given_out = [row for rows in found.values() for row in rows]
    assert sorted(map(id, given_out + left)) == sorted(map(id, positions))
    for order_line in lines:
        for row in found[order_line.reference]:
            same = "".join(filter(str.isalnum, row.number.upper())) == "".join(
                filter(str.isalnum, order_line.number.upper())
            )
            assert row.reference == order_line.reference or same
