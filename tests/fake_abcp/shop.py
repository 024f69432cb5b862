"""One shop on the platform: who may come in, what it sells, what was ordered."""

import hashlib
import itertools
import threading
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timezone

from . import catalogue
from .errors import AbcpError
from .wire import digits, fix_number, key_of, keyed, stringly

PASSWORD = "secret"

#: (statusId, name, color, final, code) as the administrators of shops invent them.
STATUSES = {
    "russian": [
        (144920, "Новый", "ffffff", False, "new"),
        (144921, "В работе", "ffe599", False, "work"),
        (144922, "Заказ подтверждён", "b6d7a8", False, "confirmed"),
        (144923, "В пути", "9fc5e8", False, "transit"),
        (144924, "Готово к выдаче", "6aa84f", False, "ready"),
        (144925, "Выдано", "38761d", True, "issued"),
        (144926, "Отказ поставщика", "e06666", True, "refused"),
    ],
    "english": [
        (9, "Accepted", "", False, "1"),
        (12, "Purchased", "", False, "2"),
        (15, "Shipped", "", False, "3"),
        (20, "Arrived at branch", "", True, "4"),
        (31, "Not available", "", True, "5"),
    ],
}


@dataclass
class Settings:
    """How the shop is set up and how its server writes answers.

    :param str shape: ``list``, or ``keyed`` for objects with the keys "0", "1", …
    :param str values: ``mixed`` as most, ``strings`` for all, ``digits`` for 0 and 1
    :param float markup: prices of the fixtures are multiplied by it
    :param bool is_percent: probability as 0..100, else 0..1
    :param bool has_analog_flag: articles say ``isAnalog`` themselves
    :param bool is_split: each supplier of the shop gets an order of its own
    """

    shape: str = "list"
    values: str = "mixed"
    statuses: str = "russian"
    markup: float = 1.0
    is_percent: bool = False
    has_analog_flag: bool = True
    is_split: bool = False
    wants_shipment_date: bool = False
    shipment_methods: list = field(default_factory=lambda: [("4323", "Курьер")])
    payment_methods: list = field(default_factory=lambda: [("37", "Наличный расчёт")])
    shipment_addresses: list = field(
        default_factory=lambda: [("788", "г. Москва, ул. Ленина, д. 2")]
    )
    shipment_offices: list = field(default_factory=lambda: [("21", "Склад")])
    max_parallel: int = 0


#: Shops with a character of their own; any other name gets the usual settings.
CHARACTERS = {
    "alpha": {},
    "beta": {
        "shape": "keyed",
        "values": "strings",
        "statuses": "english",
        "markup": 0.96,
        "is_percent": True,
        "has_analog_flag": False,
        "shipment_methods": [],
        "shipment_addresses": [],
        "payment_methods": [("1", "Invoice")],
    },
    "gamma": {
        "values": "digits",
        "markup": 1.07,
        "has_analog_flag": False,
        "is_split": True,
        "wants_shipment_date": True,
    },
}


@dataclass
class User:
    """Somebody who may log in, by any of his names."""

    user_id: int
    code: str
    email: str
    mobile: str
    password: str = PASSWORD
    name: str = "Гараж"
    is_admin: bool = False
    is_denied: bool = False
    history: list = field(default_factory=list)
    baskets: dict = field(default_factory=dict)
    garage: dict = field(default_factory=dict)
    addresses: list = field(default_factory=list)

    @property
    def names(self):
        return {self.code, self.email, self.email.partition("@")[0], self.mobile}

    @property
    def password_hash(self):
        return hashlib.md5(self.password.encode()).hexdigest()


class Shop:
    """State of a shop; every operation runs under its lock."""

    def __init__(self, name):
        self.name = name
        self.lock = threading.RLock()
        self.settings = Settings(**deepcopy(CHARACTERS.get(name, {})))
        self.numbers = itertools.count(70_000_001)
        self.position_ids = itertools.count(232_000_001)
        self.ids = itertools.count(14_201)
        self.orders = {}
        self.refused = {}
        self.offers = catalogue.make_offers()
        self.users = [
            User(501, "10001", "garage@example.com", "79000000001"),
            User(502, "10002", "second@example.com", "79000000002"),
            User(503, "10003", "denied@example.com", "79000000003", is_denied=True),
            User(1, "api", f"api@{name}", "79000000000", name="API", is_admin=True),
        ]

    # Who asks -----------------------------------------------------------------------

    def authenticate(self, login, password_hash):
        """The user; what is after a ``+`` in the login is no part of the name."""
        name, _plus, rest = str(login or "").partition("+")
        if "@" in rest:  # garage+slow2@example.com
            name += "@" + rest.partition("@")[2]
        for user in self.users:
            if name and name in user.names and password_hash == user.password_hash:
                return user
        raise AbcpError(102)

    # What it sells ------------------------------------------------------------------

    def price_of(self, offer):
        return round(offer.price * self.settings.markup, 2)

    def item_key(self, offer):
        """Changes with the price; offers of one group have the same."""
        what = offer.key_group or f"{offer.route}|{offer.version}"
        text = f"{self.name}|{offer.brand}|{offer.number}|{what}|{offer.price}"
        if offer.key_group:
            text = f"{self.name}|{offer.part}|{what}"
        return hashlib.sha256(text.encode()).hexdigest()[:48]

    def find_offers(self, parts, with_online=True, with_hidden=True):
        """Offers of the parts (pairs of keys) in the order of the price list."""
        return [
            offer
            for offer in self.offers
            if (catalogue.brand_key(offer.brand), key_of(offer.number)) in parts
            and (with_online or not offer.is_online)
            and (with_hidden or not offer.is_hidden)
        ]

    def write_probability(self, offer):
        factor = 1 if self.settings.is_percent else 0.01
        return round(offer.probability * factor, 4)

    def write_article(self, offer, is_analog=False):
        """One item of ``search/articles``."""
        article = {
            "distributorId": offer.distributor,
            "grp": None,
            "code": offer.code,
            "nonliquid": False,
            "brand": offer.brand,
            "number": offer.number,
            "numberFix": fix_number(offer.number),
            "description": offer.name,
            "availability": offer.availability,
            "packing": offer.packing,
            "deliveryPeriod": offer.hours,
            "deliveryPeriodMax": offer.hours_max or "",
            "deadlineReplace": offer.deadline_replace,
            "distributorCode": f"D{offer.distributor}",
            "supplierCode": str(offer.route),
            "supplierColor": "ffe599",
            "supplierDescription": offer.description,
            "itemKey": self.item_key(offer),
            "price": self.price_of(offer),
            "additionalPrice": offer.additional_price,
            "maxPrice": offer.max_price,
            "weight": f"{offer.weight:g}",
            "volume": "0",
            "deliveryProbability": self.write_probability(offer),
            "descriptionOfDeliveryProbability": "за 30 дней",
            "lastUpdateTime": write_time(),
            "noReturn": offer.is_no_return,
            "isUsed": offer.is_used,
            "meta": {"tnved": "", "okpd2": "", "gtin": "", "certificateEAEU": ""},
        }
        if self.settings.has_analog_flag:
            article["isAnalog"] = is_analog
        return article

    def bend(self, action):
        """Apply what a fault says of prices, stock and refused numbers.

        Prices and stock stay as they are then; refusals hold for one request.
        """
        self.refused = {
            key_of(number): text for number, text in action.get("refuse", {}).items()
        }
        for number, values in action.get("change", {}).items():
            self.change(number, values)

    def change(self, number, values):
        """Change all offers of a number; with the price their ``itemKey`` changes.

        :param dict values: fields of Offer; ``factor`` multiplies the price,
            ``gone`` takes the offers away
        :return: how many offers
        """
        found = [o for o in self.offers if key_of(o.number) == key_of(number)]
        values = dict(values)
        brand, factor = values.pop("brand", None), values.pop("factor", 1)
        if brand:
            key = catalogue.brand_key(brand)
            found = [o for o in found if catalogue.brand_key(o.brand) == key]
        if values.pop("gone", False):
            self.offers = [offer for offer in self.offers if offer not in found]
            return len(found)
        for offer in found:
            offer.price = round(offer.price * factor, 2)
            for name, value in values.items():
                setattr(offer, name, value)
            offer.version += 1
        return len(found)

    # How it writes ------------------------------------------------------------------

    def write(self, value, shape=None, values=None):
        """The answer in the manner of the shop."""
        values = values or self.settings.values
        if values == "strings":
            value = stringly(value)
        elif values == "digits":
            value = digits(value)
        return keyed(value) if (shape or self.settings.shape) == "keyed" else value

    # Statuses -----------------------------------------------------------------------

    @property
    def statuses(self):
        names = ("id", "name", "color", "isFinalStatus", "code")
        return [
            dict(zip(names, row, strict=True))
            for row in STATUSES[self.settings.statuses]
        ]

    def find_status(self, wanted=None):
        """A status by id, code or name; the first one when nothing is wanted."""
        for status in self.statuses:
            known = (str(status["id"]), status["code"], status["name"])
            if wanted is None or str(wanted) in known:
                return status
        raise AbcpError(301, f"No status {wanted}")


def write_time(moment=None):
    return (moment or datetime.now(timezone.utc)).strftime("%Y-%m-%d %H:%M:%S")
