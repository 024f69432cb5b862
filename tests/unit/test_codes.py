"""Plates and VINs: what must hold for whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.plate import fold, normalize_plate, only_digits
from auto_service_base.tools.vin import check_digit, check_vin

VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
vins = st.text(VIN_LETTERS, min_size=17, max_size=17)
separators = st.text(" -./·_\u00a0", max_size=3)


# What plates, names and numbers are written with: Latin, Cyrillic, Greek.
KINDS = ("Lu", "Ll", "Nd", "Zs", "Pd", "Po")
typed = st.one_of(
    *(
        st.text(st.characters(codec=codec, categories=KINDS))
        for codec in ("cp1250", "cp1251", "cp1253")
    )
)


@pytest.mark.parametrize("function", [normalize_plate, fold, only_digits])
@given(text=typed)
def test_normal_form_is_stable(function, text):
    once = function(text)
    assert function(once) == once


@pytest.mark.parametrize("sign, plain", [("№ 12", "NO12"), ("ª1", "A1"), ("ß", "SS")])
def test_signs_that_stand_for_letters_are_letters(sign, plain):
    assert normalize_plate(sign) == plain
    assert normalize_plate(plain) == plain


@given(plate=st.text("ABCXYZ0123456789", min_size=1, max_size=10), data=st.data())
def test_case_and_separators_do_not_matter(plate, data):
    written = "".join(char + data.draw(separators) for char in plate)
    assert normalize_plate(written.lower()) == plate


@given(text=st.text())
def test_any_text_is_read_without_an_error(text):
    check = check_vin(text, 2027)
    assert (check is None) == (normalize_plate(text) == "")


@given(vin=vins)
def test_right_check_digit_is_accepted_and_others_are_hinted_at(vin):
    american = "1" + vin[1:]
    digit = check_digit(american)
    right = american[:8] + digit + american[9:]
    wrong = american[:8] + ("0" if digit != "0" else "1") + american[9:]
    assert check_vin(right, 2027).issue == ""
    assert check_vin(wrong, 2027).issue == "check_digit"


@given(vin=vins)
def test_candidate_years_are_thirty_apart_and_not_in_the_future(vin):
    years = check_vin(vin, 2027).years
    assert list(years) == sorted(years)
    assert all(year <= 2027 for year in years)
    assert all(
        later - year == 30 for year, later in zip(years, years[1:], strict=False)
    )
