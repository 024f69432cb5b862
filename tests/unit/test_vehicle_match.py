"""Does a description fit a car: what must hold for any description and any car."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.vehicle_match import (
    engine_key,
    format_name,
    match,
    split_codes,
)

GOLF = {
    "brand_id": 1,
    "model_id": 10,
    "generation": "5K",
    "engine_code": "CBDC",
    "capacity": 1968,
    "power": 81,
    "fuel_type": "diesel",
    "transmission": "manual",
    "drive": "front",
    "body": "hatchback",
    "category_id": 3,
    "year": 2010,
}
EXACT = {
    "brand_id": 1,
    "model_id": 10,
    "generation": "5k",
    "engine_code": "cbd-c, CBDB",
    "capacity_from": 1968,
    "capacity_to": 1968,
    "power_from": 81.4,
    "power_to": 81.4,
    "fuel_type": "diesel",
    "year_from": 2009,
    "year_to": 2012,
}


def test_description_that_says_nothing_fits_every_car():
    assert match({}, {}) == match({"model_id": False, "year_from": 0}, GOLF)
    assert match({}, GOLF).fits
    assert match({}, GOLF).level == "class"


@pytest.mark.parametrize(
    "conditions, level",
    [
        (EXACT, "exact"),
        ({"model_id": 10, "engine_code": "CBDC"}, "exact"),
        ({"model_id": 10, "year_from": 2009}, "exact"),
        ({"brand_id": 1, "model_id": 10}, "model"),
        ({"model_id": 10, "category_id": 3}, "model"),
        ({"engine_code": "CBDC"}, "model"),
        ({"brand_id": 1}, "class"),
        ({"brand_id": 1, "fuel_type": "diesel"}, "class"),
        ({"category_id": 3}, "class"),
    ],
)
def test_level_says_how_specific_a_description_is(conditions, level):
    result = match(conditions, GOLF)
    assert result.fits
    assert result.level == level


def test_more_specific_description_scores_higher():
    order = [
        {"brand_id": 1},
        {"brand_id": 1, "fuel_type": "diesel"},
        {"brand_id": 1, "model_id": 10},
        {"brand_id": 1, "model_id": 10, "fuel_type": "diesel"},
        {"brand_id": 1, "model_id": 10, "engine_code": "CBDC"},
        EXACT,
    ]
    scores = [match(conditions, GOLF).score for conditions in order]
    assert scores == sorted(set(scores))


@pytest.mark.parametrize("name", ["engine_code", "drive", "body", "year"])
def test_unknown_attribute_of_the_car_never_matches(name):
    conditions = {
        "engine_code": "CBDC",
        "drive": "front",
        "body": "hatchback",
        "year_from": 2009,
    }
    result = match(conditions, {**GOLF, name: False})
    assert not result.fits
    assert result.missing == (name,)
    assert result.differing == ()


@pytest.mark.parametrize(
    "change, differing",
    [
        ({"engine_code": "CAXA"}, "engine_code"),
        ({"power": 90}, "power"),
        ({"capacity": 1390}, "capacity"),
        ({"year": 2013}, "year"),
        ({"fuel_type": "gasoline"}, "fuel_type"),
        ({"model_id": 11}, "model_id"),
    ],
)
def test_difference_is_named(change, differing):
    conditions = dict(EXACT)
    if differing != "engine_code":
        del conditions["engine_code"]
    result = match(conditions, {**GOLF, **change})
    assert not result.fits
    assert result.differing == (differing,)


@pytest.mark.parametrize("value", [None, 0, "stale"])
@pytest.mark.parametrize("name", ["capacity", "power", "fuel_type"])
def test_engine_code_settles_what_belongs_to_the_engine(name, value):
    stale = "gasoline" if name == "fuel_type" else 55
    result = match(EXACT, {**GOLF, name: stale if value == "stale" else value})
    assert result.fits
    assert result.level == "exact"


def test_engine_code_settles_neither_year_nor_gearbox():
    assert not match(EXACT, {**GOLF, "year": 2015}).fits
    automatic = {**EXACT, "transmission": "automatic"}
    assert not match(automatic, GOLF).fits
    assert match(automatic, {**GOLF, "transmission": None}).missing == ("transmission",)


def test_kilowatts_may_be_rounded_in_both_directions():
    conditions = {"power_from": 77, "power_to": 77}
    assert match(conditions, {"power": 77.2}).fits
    assert match(conditions, {"power": 76.4}).fits
    assert not match(conditions, {"power": 78}).fits


def test_one_of_several_engine_codes_is_enough():
    for text in ("BKC, BXE", "bxe/BLS", "BLS;BXE", "B-XE"):
        assert match({"engine_code": text}, {"engine_code": "bxe"}).fits
    assert not match({"engine_code": "BXEX"}, {"engine_code": "BXE"}).fits
    assert split_codes("bkc, BXE BKC") == ("BKC", "BXE")
    assert engine_key("bkc, BXE") == "|BKC|BXE|"
    assert engine_key(" ") is False


def test_same_ktype_settles_what_the_catalogue_knows():
    conditions = {"ktype": "19089", **EXACT}
    result = match(conditions, {"ktype": "19089"})
    assert result.fits
    assert result.level == "exact"
    assert result.missing == ("engine_code",)
    # Even where the garage calls the model otherwise.
    assert match(conditions, {**GOLF, "ktype": "19089", "model_id": 99}).fits


def test_same_ktype_does_not_settle_engine_and_gearbox():
    car = {"ktype": "19089", "engine_code": "CAXA"}
    assert match({"ktype": "19089", "engine_code": "CBDC"}, car).differing == (
        "engine_code",
    )
    automatic = {"ktype": "19089", "transmission": "automatic"}
    assert not match(automatic, {"ktype": "19089"}).fits
    assert not match(automatic, {"ktype": "19089", "transmission": "manual"}).fits
    assert match(automatic, {"ktype": "19089", "transmission": "automatic"}).fits


def test_other_ktype_never_fits():
    assert not match({"ktype": "19089", **EXACT}, {**GOLF, "ktype": "1"}).fits


def test_type_with_ktype_fits_a_car_without_only_through_its_engine():
    assert match({"ktype": "19089", **EXACT}, GOLF).fits
    assert match({"ktype": "19089", **EXACT}, GOLF).level == "exact"
    assert match({"ktype": "19089", "engine_code": "CBDC"}, GOLF).level == "model"
    result = match({"ktype": "19089", "model_id": 10}, GOLF)
    assert not result.fits
    assert result.missing == ("ktype",)


cars = st.fixed_dictionaries(
    {},
    optional={
        "ktype": st.sampled_from(["1", "2"]),
        "brand_id": st.integers(0, 2),
        "model_id": st.integers(0, 2),
        "engine_code": st.sampled_from(["A", "B", "A, B"]),
        "generation": st.sampled_from(["I", "II"]),
        "capacity": st.integers(0, 3),
        "power": st.integers(0, 3),
        "fuel_type": st.sampled_from(["diesel", "gasoline"]),
        "transmission": st.sampled_from(["manual", "automatic"]),
        "year": st.integers(0, 3),
    },
)


def describe(car):
    """Description of exactly this car."""
    ranges = {"capacity", "power", "year"}
    result = {name: value for name, value in car.items() if name not in ranges}
    for name in ranges & car.keys():
        result[f"{name}_from"] = result[f"{name}_to"] = car[name]
    return result


@given(car=cars)
def test_a_car_fits_its_own_description(car):
    result = match(describe(car), car)
    assert result.fits
    assert not result.missing and not result.differing


@given(car=cars, other=cars)
def test_fits_means_that_nothing_differs(car, other):
    result = match(describe(other), car)
    assert not (result.fits and result.differing)
    if result.fits and "ktype" not in other:
        assert not result.missing


@given(car=cars, other=cars)
def test_saying_less_never_makes_a_description_unfit(car, other):
    conditions = describe(other)
    if {"ktype", "engine_code"} & set(conditions) or not match(conditions, car).fits:
        return
    for name in conditions:
        shorter = {key: value for key, value in conditions.items() if key != name}
        assert match(shorter, car).fits


def test_name_of_a_type_is_short():
    values = {
        **EXACT,
        **{"brand": "Volkswagen", "model": "Golf", "engine_code": "CBDC"},
        "power_from": 81,
        "power_to": 81,
    }
    name = format_name(values, {"diesel": "Diesel"})
    assert name == "Volkswagen Golf 5k 2.0 l CBDC 81 kW Diesel 2009–2012"
    assert format_name({"year_from": 2012}, {}) == "2012–"
    assert format_name({"ktype": "19089"}, {}) == "K-type 19089"
    assert format_name({}, {}) == ""
