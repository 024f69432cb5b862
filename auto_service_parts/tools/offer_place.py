"""How an offer belongs to the number that was asked for. Plain Python, no ORM."""

from typing import NamedTuple

from .part_number import brand_key, number_key

#: Equivalents that only a supplier knows come after analogues that we know ourselves.
SUPPLIER_RANK = 60


class OfferPlace(NamedTuple):
    """Where an offer stands in the answer.

    :param str found_by: as in ``auto.service.parts.offer``
    :param int rank: 0 the number asked for, greater is further away
    :param str note: the numbers between, and who says so
    :param int brand_id: of the brand, ``None`` when it is not known
    """

    found_by: str
    rank: int
    note: str = ""
    brand_id: int | None = None


class OfferPlaces:
    """The numbers that answer a question, to tell where offers of suppliers belong.

    :param matches: list of PartMatch, the number asked for among them
    :param resolve: function of the key of a brand's name to the id of the brand
    :param bool with_equivalents: whether other parts are wanted at all
    """

    def __init__(self, matches, resolve, with_equivalents=True):
        self.resolve = resolve
        self.with_equivalents = with_equivalents
        self.asked = {
            match.number_key for match in matches if match.found_by == "number"
        }
        self.by_part = {
            match.key: OfferPlace(
                match.found_by, match.rank, match.note, match.brand_id or None
            )
            for match in matches
        }

    def get_place(self, offer):
        """Place of a supplier's offer.

        A number that is the one asked for, under another brand, is a namesake: very
        often another part. It is left out unless a cross reference knows it.

        :param offer: PlainOffer
        :return: OfferPlace, ``None`` when the offer does not belong here
        """
        key = number_key(offer.number)
        brand = brand_key(offer.brand)
        brand_id = self.resolve(brand) or None
        place = self.by_part.get((brand_id or brand, key))
        if place:
            return place
        if key in self.asked or not key or not self.with_equivalents:
            return None
        return OfferPlace("supplier", SUPPLIER_RANK, brand_id=brand_id)
