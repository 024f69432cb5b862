"""Rows of files of cross references, whatever is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools.part_cross_row import (
    KIND_WORDS,
    CrossParser,
    Refused,
    guess_columns,
)
from auto_service_parts.tools.part_match import PartMatch, get_cross_rank

COLUMNS = guess_columns([])


@pytest.mark.parametrize(
    "header",
    [
        ["brand", "number", "to_brand", "to_number"],
        ["Brand", "Number", "Brand2", "Number2"],
        ["Brand", "Article", "Brand", "Article"],
        ["Производитель", "Артикул", "Производитель замены", "Артикул замены"],
        ["Бренд", "Номер", "Кросс бренд", "Кросс номер"],
        [],
    ],
)
def test_headers_are_understood(header):
    columns = guess_columns(header)
    assert [columns[key] for key in ("brand", "number", "to_brand", "to_number")] == [
        *range(4)
    ]


@pytest.mark.parametrize("header", [["brand", "number"], ["colour", "size"]])
def test_header_without_two_parts_is_refused(header):
    with pytest.raises(Refused, match="header"):
        guess_columns(header)


def test_columns_may_be_in_any_order():
    columns = guess_columns(["to_number", "kind", "number", "x", "to_brand", "brand"])
    row = CrossParser(columns).parse(1, ["N2", "same", "N1", "", "B2", "B1"])
    assert (row.brand_key, row.number_key) == ("B1", "N1")
    assert (row.to_brand_key, row.to_number_key, row.kind) == ("B2", "N2", "same")


@given(st.lists(st.text(max_size=80), max_size=8), st.booleans())
def test_no_row_crashes(cells, is_both_ways):
    try:
        row = CrossParser(COLUMNS, is_both_ways).parse(1, cells)
    except Refused as refused:
        assert refused.code
    else:
        keys = (row.brand_key, row.number_key, row.to_brand_key, row.to_number_key)
        assert all(0 < len(key) <= 60 for key in keys)
        # Nothing that COPY would take for the end of a cell or of a line.
        assert not set("\t\n\r\\") & set("".join(keys))
        assert row.kind in KIND_WORDS
        assert row.is_both_ways == is_both_ways


def test_close_kinds_and_trusted_sources_rank_first():
    ranks = [
        get_cross_rank("same", 0),
        get_cross_rank("analogue", 100),
        get_cross_rank("analogue", 10),
        get_cross_rank("part_of", 100),
        get_cross_rank("tuning", 100),
    ]
    assert ranks == sorted(set(ranks))


@given(st.sampled_from(["same", "analogue", "part_of", "tuning", "?"]), st.integers())
def test_cross_references_lie_between_newer_numbers_and_kits(kind, trust):
    assert 40 <= get_cross_rank(kind, trust) < 80


def test_the_same_part_has_the_same_key():
    known = PartMatch(7, frozenset({"A", "B"}), "1")
    assert known.key == (7, "1")
    unknown = PartMatch(False, frozenset({"NEW"}), "1")
    assert unknown.key == ("NEW", "1")
    assert PartMatch(False, frozenset(), "1").key == ("", "1")
