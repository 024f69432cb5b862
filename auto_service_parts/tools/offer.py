"""An offer of a part as plain data: the shape that every source is brought to.

Own stock, price lists and suppliers' systems all give ``PlainOffer``; the ORM comes
after. Plain Python.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PlainOffer:
    """One offer; names and units as in ``auto.service.parts.offer``.

    :param str brand: as the source writes it
    :param str number: as the source writes it
    :param bool is_equivalent: another part than the one asked for, says the source
    :param float quantity: pieces; ``quantity_sign`` one of ``= > < ~``
    :param float price: of one piece in ``currency``, without taxes
    :param str currency: ISO code, empty for the one of the account or list
    :param int hours_min: until the part is here, ``None`` when not known
    :param float probability: per cent, 0 when not known
    :param dict order_token: what an order has to name again
    """

    brand: str
    number: str
    name: str = ""
    is_equivalent: bool = False
    is_used: bool = False
    quantity: float = 0.0
    quantity_sign: str = "="
    is_on_order: bool = False
    multiplicity: float = 1.0
    min_quantity: float = 0.0
    price: float = 0.0
    currency: str = ""
    core_price: float = 0.0
    price_cap: float = 0.0
    hours_min: int | None = None
    hours_max: int | None = None
    term_text: str = ""
    probability: float = 0.0
    is_no_return: bool = False
    warehouse: str = ""
    note: str = ""
    order_token: dict = field(default_factory=dict)


@dataclass(slots=True)
class BrandHit:
    """A brand that has the number, in the words of a source."""

    brand: str
    number: str
    name: str = ""
    is_available: bool = False
