"""From what a part costs to what the customer pays. Plain Python, no ORM.

Prices are of one piece, without taxes, all in one currency.
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """What is added to parts from a cost on.

    :param float from_cost: the band counts from this cost on
    :param float percent: of the cost, or of the price (see ``mark_up``)
    :param float fixed: added after the per cent
    """

    from_cost: float
    percent: float = 0.0
    fixed: float = 0.0


@dataclass(frozen=True, slots=True)
class Markup:
    """Price that came of a cost, with the band that made it.

    ``is_held``: the bands alone would make the part cheaper than a cheaper part.
    """

    price: float
    band: Band | None = None
    is_held: bool = False


def sort_bands(bands):
    """Bands in the order in which ``find_band`` and ``mark_up`` want them.

    :return: list of Band
    """
    return sorted(bands, key=lambda band: band.from_cost)


def find_band(bands, cost):
    """Band that counts for ``cost``; the lowest one counts for cheaper parts as well.

    :param list bands: sorted
    :return: Band, ``None`` when there are no bands
    """
    if not bands:
        return None
    place = bisect_right(bands, cost, key=lambda band: band.from_cost)
    return bands[max(place - 1, 0)]


def price_in_band(band, cost, is_margin=False):
    """Price of a part that costs ``cost`` in one band.

    :param bool is_margin: the per cent are of the price, not of the cost
    """
    if is_margin:
        return cost / (1 - band.percent / 100) + band.fixed
    return cost * (1 + band.percent / 100) + band.fixed


def mark_up(bands, cost, is_margin=False, is_steady=False):
    """Price of a part by the bands of a rule.

    :param list bands: sorted
    :param bool is_margin: the per cent are of the price, not of the cost
    :param bool is_steady: a dearer part never gets cheaper than a cheaper one, as it
        would where a lower per cent begins
    :return: Markup
    """
    band = find_band(bands, cost)
    if band is None:
        return Markup(cost)
    price = price_in_band(band, cost, is_margin)
    if not is_steady:
        return Markup(price, band)
    held = max(
        (
            price_in_band(lower, upper.from_cost, is_margin)
            for lower, upper in zip(bands, bands[1:], strict=False)
            if upper.from_cost <= cost
        ),
        default=price,
    )
    return Markup(max(price, held), band, held > price)


def limit(price, cap):
    """The price, at most the one that the supplier allows.

    :param float cap: highest price, 0 for none
    """
    return min(price, cap) if cap else price
