"""Operations that look for parts."""

from datetime import datetime, timezone

from . import catalogue
from .errors import AbcpError
from .registry import operation
from .wire import fix_number, key_of, rows

BATCH_LIMIT = 100
HISTORY_LIMIT = 50


def is_on(params, name):
    """A flag; only "1" is on."""
    value = params.get(name, "0")
    if str(value) not in ("0", "1", "", "true", "false", "True", "False"):
        raise AbcpError(4, f"Invalid value of the parameter '{name}'")
    return str(value).lower() in ("1", "true")


def part_of(brand, number):
    return catalogue.brand_key(brand), key_of(number)


@operation("GET", "search/brands", required=("number",))
def search_brands(shop, _user, params):
    number = key_of(params["number"])
    online = is_on(params, "useOnlineStocks")
    found = {}
    for offer in shop.offers:
        if key_of(offer.number) == number and (online or not offer.is_online):
            found.setdefault(offer.part, []).append(offer)
    if not found:
        raise AbcpError(301)
    return [write_brand(offers) for offers in found.values()]


def write_brand(offers):
    first = offers[0]
    return {
        "brand": first.brand,
        "number": first.number,
        "numberFix": fix_number(first.number),
        "description": first.name,
        "availability": int(any(offer.availability for offer in offers)),
    }


@operation("GET", "search/articles", required=("number", "brand"))
def search_articles(shop, user, params):
    part = part_of(params["brand"], params["number"])
    online = is_on(params, "useOnlineStocks")
    hidden = is_on(params, "disableFiltering")
    offers = shop.find_offers({part}, online, hidden)
    answer = [shop.write_article(offer) for offer in offers]
    if not is_on(params, "withOutAnalogs"):
        others = catalogue.find_equivalents(part)
        offers = shop.find_offers(others, online, hidden)
        answer += [shop.write_article(offer, is_analog=True) for offer in offers]
    remember(user, params, answer)
    if not answer:
        raise AbcpError(301)
    return answer


def remember(user, params, answer):
    """A line of ``search/history``."""
    line = {
        "brand": params["brand"],
        "number": params["number"],
        "numberFix": fix_number(params["number"]),
        "description": answer[0]["description"] if answer else "",
        "datetime": datetime.now(timezone.utc).strftime("%Y%m%d%H%M%S"),
    }
    user.history.insert(0, line)
    del user.history[HISTORY_LIMIT:]


@operation("GET|POST", "search/batch", required=("search",))
def search_batch(shop, _user, params):
    """The numbers asked for only, and nothing that comes from other servers."""
    wanted = rows(params["search"])
    if len(wanted) > BATCH_LIMIT:
        raise AbcpError(4, f"No more than {BATCH_LIMIT} articles at once")
    parts = set()
    for row in wanted:
        if not isinstance(row, dict) or not row.get("number") or not row.get("brand"):
            raise AbcpError(2, "Required parameter 'search' is missing")
        parts.add(part_of(row["brand"], row["number"]))
    offers = shop.find_offers(parts, with_online=False, with_hidden=False)
    if not offers:
        raise AbcpError(301)
    return [shop.write_article(offer) for offer in offers]


@operation("GET", "search/history")
def search_history(_shop, user, _params):
    return list(user.history)


@operation("GET", "search/tips", required=("number",))
def search_tips(_shop, _user, params):
    begin = key_of(params["number"])
    return [
        {"brand": brand, "number": number, "description": name}
        for brand, number, name in catalogue.PARTS
        if key_of(number).startswith(begin)
    ]


@operation("GET", "advices", required=("brand", "number"))
def advices(_shop, _user, params):
    found = find_advices(params["number"], params.get("limit"))
    if not found:
        raise AbcpError(301)
    return found


def find_advices(number, limit):
    """Parts that are bought together with the number."""
    lines = catalogue.TOGETHER.get(key_of(number), [])
    return [
        {
            "brand": brand,
            "number": other,
            "total": total,
            "description": catalogue.NAMES[key_of(brand), key_of(other)],
        }
        for brand, other, total in lines[: int(limit or 5)]
    ]


@operation("POST", "advices/batch", required=("articles",))
def advices_batch(_shop, _user, params):
    """The only operation that takes its parameters as JSON."""
    return [
        {
            "brand": row.get("brand", ""),
            "number": row.get("number", ""),
            "advices": [
                {name: line[name] for name in ("brand", "number", "total")}
                for line in find_advices(row.get("number"), params.get("limit"))
            ],
        }
        for row in rows(params["articles"])
    ]
