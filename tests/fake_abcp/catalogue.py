"""Parts, equivalents and offers of the shops; every quirk of the protocol is in here.

Prices are made up; numbers and brands are the ones of real parts.
"""

from dataclasses import dataclass, field

from .wire import key_of

#: Brand -> its other names; the server takes one for the other.
ALIASES = {
    "TRW": ["TRW AUTOMOTIVE", "LUCAS TRW"],
    "KYB": ["KAYABA"],
    "GM": ["GENERAL MOTORS"],
    "VAG": ["VW", "VOLKSWAGEN", "AUDI", "SKODA", "SEAT"],
    "MANN-FILTER": ["MANN"],
    "MERCEDES-BENZ": ["MB", "MERCEDES"],
    "KNECHT": ["MAHLE", "MAHLE FILTER"],
    "FEBI": ["FEBI BILSTEIN"],
    "BREMBO": [],
    "FERODO": [],
    "ATE": [],
    "HEPU": [],
    "LYNX": ["LYNXAUTO"],
    "ASAM": [],
    "STELLOX": [],
    "KRAFT": [],
}

#: (brand, number, name)
PARTS = [
    ("TRW", "GDB1330", "Колодки тормозные задние"),
    ("KRAFT", "GDB 1330", "Хомут шланга, 40-60 мм"),  # a namesake
    ("BREMBO", "P 85 020", "Колодки тормозные, дисковые"),
    ("FERODO", "FDB1083", "Комплект тормозных колодок"),
    ("ATE", "13.0460-2880.2", "Колодки торм. задн."),
    ("VAG", "1H0 698 451 A", "Комплект колодок"),
    ("LYNX", "402", "Щётка стеклоочистителя 400 мм"),
    ("ASAM", "402", "Подушка двигателя"),
    ("STELLOX", "402", "Свеча зажигания"),
    ("FEBI", "01089", "Антифриз 1.5 л синий"),
    ("HEPU", "P999", "Антифриз [синий] 1,5л."),
    ("KYB", "333305", "Амортизатор передний левый"),
    ("MANN-FILTER", "W 712/75", "Фильтр масляный"),
    ("KNECHT", "OC 456", "Фильтр масляный"),
    ("MERCEDES-BENZ", "A 205 835 01 47", "Фильтр салона"),
    ("GM", "93185674", "Фильтр масляный"),
]

#: Groups of parts that stand for each other.
EQUIVALENTS = [
    {
        ("TRW", "GDB1330"),
        ("BREMBO", "P85020"),
        ("FERODO", "FDB1083"),
        ("ATE", "13046028802"),
        ("VAG", "1H0698451A"),
    },
    {("FEBI", "01089"), ("HEPU", "P999")},
    {("MANNFILTER", "W71275"), ("KNECHT", "OC456"), ("GM", "93185674")},
]

#: Bought together: number -> (numbers, times).
TOGETHER = {
    "GDB1330": [("BREMBO", "P 85 020", 3), ("KYB", "333305", 2)],
    "W71275": [("HEPU", "P999", 41), ("FEBI", "01089", 17)],
    "01089": [("MANN-FILTER", "W 712/75", 17)],
}


@dataclass
class Offer:
    """One line of a price list of the shop.

    :param int hours: until it is in the shop, ``hours_max`` 0 when not told
    :param bool is_online: from a supplier's own server: only with ``useOnlineStocks``
    :param bool is_hidden: shown only with ``disableFiltering``
    :param str key_group: offers of one group have the same ``itemKey``
    """

    brand: str
    number: str
    name: str
    price: float
    availability: int = 10
    hours: int = 24
    hours_max: int = 0
    packing: int = 1
    route: int = 54325
    distributor: int = 1001
    probability: float = 95
    description: str = ""
    deadline_replace: str = ""
    max_price: float = 0
    code: str = ""
    weight: float = 0
    additional_price: float = 0
    is_no_return: bool = False
    is_used: bool = False
    is_online: bool = False
    is_hidden: bool = False
    key_group: str = ""
    version: int = field(default=1, repr=False)

    @property
    def part(self):
        return key_of(self.brand), key_of(self.number)


NAMES = {(key_of(brand), key_of(number)): name for brand, number, name in PARTS}
SPELLINGS = {
    (key_of(brand), key_of(number)): (brand, number) for brand, number, _name in PARTS
}


def offer(brand, number, price, **values):
    name = NAMES[key_of(brand), key_of(number)]
    return Offer(brand, number, name, price, **values)


HTML = 'Склад <b>Москва</b>, <a href="http:\\/\\/x">условия</a><br>до 14:00'


def make_offers():
    """A fresh list of offers, the same for every shop but for prices and routes."""
    return [*_brake_pads(), *_equivalents(), *_namesakes(), *_others()]


def _brake_pads():
    """The part that is asked for most: all kinds of stock, terms and flags."""
    pads = ("TRW", "GDB1330")
    return [
        offer(*pads, 1890.5, availability=5, hours=2, hours_max=4, code="TR-1330"),
        offer(*pads, 1750, availability=-1, hours=24, route=54326, probability=87),
        offer(*pads, 1749.99, availability=-2, hours=36, hours_max=72, route=54327),
        offer(*pads, 1731.2, availability=-3, hours=48, route=54328, probability=0),
        offer(*pads, 1602, availability=-10, hours=240, hours_max=336, route=54329),
        offer(*pads, 1500, availability=0, hours=96, route=54330),
        offer(
            *pads, 1810, packing=2, availability=8, route=54331, max_price=2500,
            description=HTML, is_no_return=True,
        ),
        offer(*pads, 1795, packing=4, availability=12, route=54332, is_online=True,
              deadline_replace="<b>завтра</b> после 15:00", distributor=1002),
        offer(*pads, 1820, availability=3, route=54333, key_group="twin"),
        offer(*pads, 1830, availability=3, route=54334, hours=12, key_group="twin"),
        offer(*pads, 700, availability=1, route=54335, is_used=True),
        offer(*pads, 2950, availability=1, route=54336, is_hidden=True),
    ]  # fmt: skip


def _equivalents():
    return [
        offer("BREMBO", "P 85 020", 2100, availability=4, hours=2),
        offer("BREMBO", "P 85 020", 1980, availability=-1, hours=48, route=54326),
        offer("FERODO", "FDB1083", 1640, availability=16, hours=24, route=54327),
        offer("ATE", "13.0460-2880.2", 2240, availability=2, hours=24, route=54327),
        offer("VAG", "1H0 698 451 A", 4380, availability=1, hours=72, route=54329,
              additional_price=350),
    ]  # fmt: skip


def _namesakes():
    return [
        offer("KRAFT", "GDB 1330", 45, availability=200, hours=24),
        offer("LYNX", "402", 310, availability=30, hours=24),
        offer("ASAM", "402", 1240, availability=2, hours=48, route=54326),
        offer("STELLOX", "402", 265, availability=-1, hours=24, route=54327),
    ]


def _others():
    return [
        offer("FEBI", "01089", 233, availability=1943, hours=3, weight=1.76),
        offer("HEPU", "P999", 231, availability=-1, hours=3),
        offer("KYB", "333305", 3120, availability=6, hours=24, packing=2),
        offer("KYB", "333305", 2990, availability=-2, hours=72, route=54327),
        offer("MANN-FILTER", "W 712/75", 540, availability=25, hours=2),
        offer("KNECHT", "OC 456", 510, availability=8, hours=24, route=54326),
        offer("GM", "93185674", 980, availability=3, hours=24, route=54327),
        offer("MERCEDES-BENZ", "A 205 835 01 47", 2870, availability=2, hours=48),
    ]


def find_equivalents(part):
    """Parts that stand for this one, without it: pairs of keys."""
    for group in EQUIVALENTS:
        if part in group:
            return group - {part}
    return set()


#: Key of any name of a brand -> key of the brand.
BRAND_KEYS = {
    key_of(alias): key_of(brand)
    for brand, aliases in ALIASES.items()
    for alias in [brand, *aliases]
}


def brand_key(name):
    key = key_of(name)
    return BRAND_KEYS.get(key, key)
