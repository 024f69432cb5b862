"""Units of labour times, and numbers as people and files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.labour_unit import (
    HOURS,
    UnitError,
    from_hours,
    parse_number,
    parse_unit,
    to_hours,
)


@pytest.mark.parametrize(
    "value, unit, hours",
    [
        (1.5, "h", 1.5),
        (90, "min", 1.5),
        (12, "aw5", 1.0),
        (10, "aw6", 1.0),
        (36, "ze", 0.36),  # one ZE is 36 seconds
        (1, "aw5", 0.083333),
    ],
)
def test_hours_of_a_unit(value, unit, hours):
    assert to_hours(value, unit) == hours


@given(
    value=st.integers(0, 100_000).map(lambda number: number / 100),
    unit=st.sampled_from(sorted(HOURS)),
)
def test_there_and_back(value, unit):
    assert from_hours(to_hours(value, unit), unit) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    "text, unit",
    [
        *((text, "h") for text in ("h", "Std.", "ч", "н/ч", "час", "óra", "tund")),
        *((text, "h") for text in ("HOURS", " Stunden ", "сағ.", "нормо-час", "н.ч.")),
        *((text, "min") for text in ("min", "мин.", "perc", "Minuten", "минут")),
        *((text, "aw5") for text in ("AW5", "AW 5", "5 AW", "aw (5 min)")),
        *((text, "aw6") for text in ("AW6", "aw-6", "6AW")),
        *((text, "ze") for text in ("ZE", "1/100 h", "Zeiteinheiten")),
    ],
)
def test_unit_in_any_language(text, unit):
    assert parse_unit(text) == unit


@pytest.mark.parametrize("text", ["AW", "aw", "Arbeitswerte"])
def test_length_of_an_aw_must_be_said(text):
    with pytest.raises(UnitError, match="5 or 6 minutes.*say AW5 or AW6") as error:
        parse_unit(text)
    assert error.value.reason == "ambiguous"


@pytest.mark.parametrize(
    "text, reason", [("km", "unit"), ("", "empty"), (None, "empty"), ("5", "unit")]
)
def test_what_is_no_unit_is_refused(text, reason):
    with pytest.raises(UnitError) as error:
        parse_unit(text)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    "text, number",
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234.567", 1234567),
        ("1 200", 1200),
        ("1\u00a0200,5", 1200.5),
        ("1\u202f200", 1200),
        ("1'200.5", 1200.5),
        (".5", 0.5),
        (",5", 0.5),
        ("2.", 2),
        ("-1,5", -1.5),
        ("\u22121,5", -1.5),
        ("+3", 3),
        (" 7 ", 7),
        (2, 2.0),
        (0.25, 0.25),
        ("0:45", 0.75),
        ("1:30", 1.5),
        ("1h30", 1.5),
        ("1 h 30 min", 1.5),
        ("2h", 2),
        ("45 min", 0.75),
        ("1ч30", 1.5),
        ("1 ч 15 мин", 1.25),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *(
            "abc",
            "1,2,3",
            "1.23.456,7.8",
            "1e5",
            "nan",
            "inf",
            "1:75",
            "12 34 x",
            "--1",
        ),
        *("1/2", "½", "h", ":", ",", "-", "1,5,0 h"),
        *(float("nan"), float("inf"), True),
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(UnitError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["", None, "  "])
def test_missing_number_is_said(text):
    with pytest.raises(UnitError, match="missing"):
        parse_number(text)


@given(text=st.text())
def test_any_text_is_a_number_or_a_clear_error(text):
    try:
        assert isinstance(parse_number(text), float)
    except UnitError as error:
        assert str(error)


@given(
    number=st.integers(0, 10**9).map(lambda cents: cents / 100),
    decimal=st.sampled_from(",."),
)
def test_decimal_comma_and_point_are_the_same(number, decimal):
    assert parse_number(f"{number:.2f}".replace(".", decimal)) == number
