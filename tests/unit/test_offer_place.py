"""Where an offer of a supplier belongs."""

import pytest

from auto_service_parts.tools.offer import PlainOffer
from auto_service_parts.tools.offer_place import SUPPLIER_RANK, OfferPlaces
from auto_service_parts.tools.part_match import PartMatch

MAHLE, MANN = 1, 2
BRANDS = {"MAHLE": MAHLE, "KNECHT": MAHLE, "MANN": MANN}


def make_places(brand_id=MAHLE, keys=("MAHLE", "KNECHT"), with_equivalents=True):
    matches = [
        PartMatch(brand_id, frozenset(keys), "OC90"),
        PartMatch(
            MANN, frozenset({"MANN"}), "W71275", found_by="cross", rank=40, note="Book"
        ),
    ]
    return OfferPlaces(matches, lambda key: BRANDS.get(key, False), with_equivalents)


@pytest.mark.parametrize(
    ("brand", "number", "place"),
    [
        ("Mahle", "OC 90", ("number", 0, MAHLE)),
        ("KNECHT", "oc-90", ("number", 0, MAHLE)),  # another name of the brand
        ("Mann", "W 712/75", ("cross", 40, MANN)),
        ("SCT", "SM 101", ("supplier", SUPPLIER_RANK, None)),
        ("Mann", "W 999", ("supplier", SUPPLIER_RANK, MANN)),
        ("SCT", "OC 90", None),  # a namesake
        ("Mahle", "", None),
    ],
)
def test_place(brand, number, place):
    found = make_places().get_place(PlainOffer(brand, number))
    assert (found and (found.found_by, found.rank, found.brand_id)) == place


def test_cross_reference_says_who_says_so():
    assert make_places().get_place(PlainOffer("Mann", "W71275")).note == "Book"


def test_without_equivalents_only_the_part_itself():
    places = make_places(with_equivalents=False)
    assert places.get_place(PlainOffer("Mahle", "OC90"))
    assert places.get_place(PlainOffer("SCT", "SM 101")) is None


def test_brand_that_nobody_knows_is_told_by_its_name():
    places = make_places(brand_id=False, keys=("KRAFT",))
    assert places.get_place(PlainOffer("Kraft", "OC 90")).found_by == "number"
    assert places.get_place(PlainOffer("Mahle", "OC 90")) is None
