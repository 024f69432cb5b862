"""Brands, and what only the administrator of the API may ask."""

from . import catalogue
from .errors import AbcpError
from .registry import operation
from .search import part_of
from .shop import write_time
from .wire import fix_number


@operation("GET", "articles/brands")
def brands(_shop, _user, _params):
    return [
        {"name": name, "aliases": others} for name, others in catalogue.ALIASES.items()
    ]


@operation("GET", "articles/info", required=("brand", "number"), is_admin=True)
def article_info(_shop, _user, params):
    part = part_of(params["brand"], params["number"])
    if part not in catalogue.NAMES:
        raise AbcpError(301)
    brand, number = catalogue.SPELLINGS[part]
    formats = params.get("format", "bnpc")
    answer = {
        "brand": brand,
        "number": fix_number(number),
        "outer_number": number,
        "short_number": "",
        "alt_number": number.removeprefix("A ") if brand == "MERCEDES-BENZ" else "",
    }
    if "p" in formats:
        answer["properties"] = {"descr": catalogue.NAMES[part]}
    if "c" in formats:
        answer["crosses"] = [write_cross(other) for other in sorted_equivalents(part)]
    if "i" in formats:
        answer["images"] = []
    return answer


def sorted_equivalents(part):
    return sorted(catalogue.find_equivalents(part))


def write_cross(part):
    brand, number = catalogue.SPELLINGS[part]
    return {
        "brand": brand,
        "number": number,
        "numberFix": fix_number(number),
        "reliable": True,
    }


@operation("GET", "cp/articles/brandGroups", is_admin=True)
def brand_groups(_shop, _user, _params):
    return [
        {"name": name, "brands": [name, *aliases]}
        for name, aliases in catalogue.ALIASES.items()
        if aliases
    ]


@operation("GET", "cp/distributors", is_admin=True)
def distributors(shop, _user, _params):
    numbers = sorted({offer.distributor for offer in shop.offers})
    return [
        {
            "id": str(number),
            "name": f"Distributor {number}",
            "publicName": f"D{number}",
            "currencyDesignation": "RUB",
            "isEnabled": True,
            "updateTime": write_time(),
            "positionsNumber": sum(o.distributor == number for o in shop.offers),
            "updateRateInDays": 1,
        }
        for number in numbers
    ]


@operation("GET", "cp/routes", required=("distributorId",), is_admin=True)
def routes(shop, _user, params):
    wanted = params["distributorId"]
    offers = {o.route: o for o in shop.offers if str(o.distributor) == wanted}
    return [
        {
            "id": str(route),
            "deadline": offer.hours,
            "deadlineMax": offer.hours_max,
            "deadlineReplace": offer.deadline_replace,
            "normalTimeStart": "09:00",
            "normalTimeEnd": "18:00",
            "normalDaysOfWeek": "1,2,3,4,5",
            "abnormalDeadline": offer.hours + 24,
            "deliveryProbability": shop.write_probability(offer),
            "color": "ffe599",
            "noReturn": offer.is_no_return,
        }
        for route, offer in offers.items()
    ]


@operation("GET", "cp/users/profiles", is_admin=True)
def profiles(_shop, _user, _params):
    bands = [
        {"from": 0, "to": 1000, "priceUp": 40, "fixedMarkup": 0},
        {"from": 1000, "to": 10000, "priceUp": 25, "fixedMarkup": 50},
    ]
    return [
        {
            "profileId": 1,
            "code": "retail",
            "name": "Розница",
            "priceUp": 30,
            "matrixPriceUps": bands,
            "excludedBrands": [],
            "excludedProductGroups": [],
            "distributorsPriceUps": [],
        }
    ]


@operation("POST", "cp/distributor/pricelistUpdate", ("distributorId",), is_admin=True)
def price_list_update(_shop, _user, params):
    if not params.get("uploadFile"):
        raise AbcpError(2, "Required parameter 'uploadFile' is missing")
    return {"status": 1, "message": "Файл принят в обработку"}
