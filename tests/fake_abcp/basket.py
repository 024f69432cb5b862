"""Operations of the basket."""

from datetime import datetime, timedelta, timezone

from .errors import AbcpError
from .registry import operation
from .search import part_of
from .wire import fix_number, rows

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


class PositionError(Exception):
    """A position cannot be taken; the others can."""


def read_quantity(position):
    text = str(position.get("quantity", "")).replace(",", ".")
    try:
        quantity = float(text)
    except ValueError:
        raise PositionError("Не указано количество") from None
    if quantity < 0:
        raise PositionError("Не указано количество")
    return int(quantity) if quantity == int(quantity) else quantity


def find_offer(shop, position):
    """The offer that a position names: by part, key and route, or by code and key."""
    if position.get("code") and not position.get("number"):
        found = [offer for offer in shop.offers if offer.code == position["code"]]
    else:
        part = part_of(position.get("brand", ""), position.get("number", ""))
        found = shop.find_offers({part})
    key, route = position.get("itemKey"), str(position.get("supplierCode") or "")
    found = [
        offer
        for offer in found
        if (not key or shop.item_key(offer) == key)
        and (not route or str(offer.route) == route)
    ]
    if not found:
        raise PositionError("Товар не найден, повторите поиск")
    return found[0]


def check_quantity(offer, quantity):
    if quantity % offer.packing:
        raise PositionError(f"Количество должно быть кратно {offer.packing}")
    if offer.availability == 0 or 0 < offer.availability < quantity:
        raise PositionError("Недостаточное количество на складе")


def describe(position, offer=None):
    """What every answer says of a position."""
    number = offer.number if offer else position.get("number", "")
    return {
        "brand": offer.brand if offer else position.get("brand", ""),
        "number": number,
        "numberFix": fix_number(number),
        "code": offer.code if offer else position.get("code", ""),
        "supplierCode": str(offer.route if offer else position.get("supplierCode", "")),
        "description": offer.name if offer else "",
    }


def get_basket(user, params):
    """Lines of a basket by part, key and route."""
    basket_id = params.get("basketId") or "1"
    if basket_id not in ("1", "2"):
        raise AbcpError(301, "Basket not found")
    return user.baskets.setdefault(basket_id, {})


@operation("GET", "basket/multibasket")
def multibasket(_shop, _user, _params):
    return [{"id": "1", "name": "Основная"}, {"id": "2", "name": "Срочные"}]


@operation("POST", "basket/add", required=("positions",))
def add(shop, user, params):
    basket = get_basket(user, params)
    answers = [put(shop, basket, position) for position in rows(params["positions"])]
    status = int(all(answer["status"] for answer in answers))
    return {"status": status, "positions": answers}


def put(shop, basket, position):
    """Put one position into the basket; the answer says what came of it."""
    answer = {
        **describe(position),
        "quantity": position.get("quantity", ""),
        "comment": position.get("comment", ""),
    }
    try:
        offer = find_offer(shop, position)
        quantity = read_quantity(position)
        change_line(shop, basket, offer, quantity, position.get("comment", ""))
    except PositionError as error:
        return {**answer, "status": 0, "errorMessage": str(error)}
    return {**answer, **describe(position, offer), "status": 1, "errorMessage": ""}


def change_line(shop, basket, offer, quantity, comment):
    """The same position again adds to its quantity; 0 takes it out."""
    key = (offer.part, shop.item_key(offer), offer.route)
    if not quantity:
        basket.pop(key, None)
        return
    line = basket.get(key)
    total = quantity + (line["quantity"] if line else 0)
    check_quantity(offer, total)
    if not line:
        line = basket[key] = {"offer": offer, "positionId": next(shop.position_ids)}
    line.update(quantity=total, comment=comment or line.get("comment", ""))


@operation("POST", "basket/clear")
def clear(_shop, user, params):
    get_basket(user, params).clear()
    return {"status": 1, "errorMessage": ""}


@operation("GET", "basket/content")
def content(shop, user, params):
    lines = get_basket(user, params).values()
    return [write_line(shop, line) for line in lines]


def write_line(shop, line):
    offer = line["offer"]
    price = shop.price_of(offer)
    return {
        **describe({}, offer),
        "itemKey": shop.item_key(offer),
        "price": price,
        "priceRate": 1,
        "priceInSiteCurrency": price,
        "quantity": line["quantity"],
        "deadline": offer.hours,
        "deadlineMax": offer.hours_max,
        "comment": line["comment"],
        "status": 1,
        "positionId": line["positionId"],
        "packing": offer.packing,
        "errorMessage": "",
    }


@operation("GET", "basket/options")
def options(_shop, _user, _params):
    return {"options": {"disallow_new_shipment_address": 0, "self_shipment": 1}}


def write_pairs(pairs):
    return [{"id": number, "name": name} for number, name in pairs]


@operation("GET", "basket/paymentMethods")
def payment_methods(shop, _user, _params):
    return write_pairs(shop.settings.payment_methods)


@operation("GET", "basket/shipmentMethods")
def shipment_methods(shop, _user, _params):
    return write_pairs(shop.settings.shipment_methods)


@operation("GET", "basket/shipmentOffices")
def shipment_offices(shop, _user, _params):
    return write_pairs(shop.settings.shipment_offices)


@operation("GET", "basket/shipmentAddresses")
def shipment_addresses(shop, user, _params):
    return write_pairs([*shop.settings.shipment_addresses, *user.addresses])


@operation("POST", "basket/shipmentAddress", required=("address",))
def shipment_address(shop, user, params):
    number = str(next(shop.ids))
    user.addresses.append((number, params["address"]))
    return {"shipmentAddressId": number}


@operation("GET", "basket/shipmentDates")
def shipment_dates(shop, _user, params):
    """The next days that are no Sunday, after the longest term."""
    if not shop.settings.wants_shipment_date:
        return []
    hours = float(params.get("maxDeadlineTime") or params.get("minDeadlineTime") or 0)
    first = datetime.now(timezone.utc) + timedelta(hours=hours)
    days = [first + timedelta(days=number) for number in range(1, 6)]
    return [
        {
            "date": day.strftime("%Y-%m-%d"),
            "name": f"{day:%d.%m.%Y} ({WEEKDAYS[day.weekday()]})",
        }
        for day in days
        if day.weekday() != 6
    ]
