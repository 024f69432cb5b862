"""A part that may be offered, and how it was found. Plain Python, no ORM."""

from dataclasses import dataclass

#: Places of the ways to find a part: the number asked for comes first.
RANKS = {"number": 0, "alternate": 10, "supersession": 20, "cross": 40, "kit": 80}
#: Closer kinds of cross references first.
CROSS_RANKS = {"same": 0, "duplicate": 0, "analogue": 10, "part_of": 20, "tuning": 30}
#: Kinds that hold in the direction given only.
ONE_WAY_KINDS = ("part_of", "tuning")


@dataclass(slots=True)
class PartMatch:
    """One brand and number to look for.

    :param int brand_id: of ``auto.service.part.brand``; ``False`` when not known
    :param frozenset brand_keys: every way to write the brand, as keys
    :param str number_key: number as it is compared
    :param str number: number as printed, the key when it is not known
    :param str found_by: as in ``auto.service.parts.offer``
    :param int rank: the number asked for has 0, closer matches come first
    :param str note: the numbers between the one asked for and this one
    :param int trust: of the source that says so, 0 to 100
    :param float quantity: pieces of it for one piece of the number asked for
    """

    brand_id: int | bool
    brand_keys: frozenset
    number_key: str
    number: str = ""
    found_by: str = "number"
    rank: int = 0
    note: str = ""
    trust: int = 100
    quantity: float = 1.0
    brand_name: str = ""

    @property
    def key(self):
        """What makes two matches the same part."""
        return self.brand_id or min(self.brand_keys, default=""), self.number_key


def get_cross_rank(kind, trust):
    """Rank of a cross reference: close kinds first, then who is trusted more.

    :param str kind: of ``auto.service.part.cross``
    :param int trust: of its source, 0 to 100
    :return: int
    """
    distrust = 9 - min(max(trust, 0), 99) // 10
    return RANKS["cross"] + CROSS_RANKS.get(kind, 10) + distrust
