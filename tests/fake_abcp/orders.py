"""Operations of orders. What was ordered twice is delivered twice: nobody checks."""

from dataclasses import dataclass, field
from datetime import datetime, timezone

from .basket import (
    PositionError,
    check_quantity,
    describe,
    find_offer,
    get_basket,
    read_quantity,
)
from .errors import AbcpError
from .registry import operation
from .shop import write_time
from .wire import key_of, rows

POSITION_LIMIT = 500
PAGE_LIMIT = 1000


@dataclass
class Position:
    position_id: int
    offer: object
    quantity: float
    price: float
    item_key: str
    comment: str
    status: dict
    quantity_ordered: float = 0
    answer: str = ""
    is_cancel_asked: bool = False
    changed: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass
class Order:
    number: str
    user_id: int
    params: dict
    positions: list
    date: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def client_number(self):
        return self.params.get("clientOrderNumber", "")

    @property
    def total(self):
        return round(sum(p.price * p.quantity for p in self.positions), 2)

    @property
    def status(self):
        """That of the positions when they all have the same."""
        first = self.positions[0].status
        same = all(p.status["id"] == first["id"] for p in self.positions)
        return first if same else {"id": "", "code": "", "name": "", "color": ""}


# Placing ----------------------------------------------------------------------------


@operation("POST", "orders/instant", required=("positions",))
def instant(shop, user, params):
    """Order the positions, whatever lies in the basket."""
    wanted = rows(params["positions"])
    if len(wanted) > POSITION_LIMIT:
        raise AbcpError(4, f"No more than {POSITION_LIMIT} positions in an order")
    check_delivery(shop, user, params)
    taken, problems = [], []
    for row in wanted:
        try:
            taken.append(take(shop, row))
        except PositionError as error:
            problems.append(f"{row.get('brand')} {row.get('number')}: {error}")
    return place(shop, user, params, taken, problems)


@operation("POST", "basket/order")
def from_basket(shop, user, params):
    check_delivery(shop, user, params)
    basket = get_basket(user, params)
    chosen = [str(number) for number in rows(params.get("positionIds"))]
    taken, problems = [], []
    for key, line in list(basket.items()):
        if chosen and str(line["positionId"]) not in chosen:
            continue
        try:
            taken.append(take_line(shop, line))
        except PositionError as error:
            problems.append(f"{line['offer'].number}: {error}")
            continue
        del basket[key]
    if not taken and not problems:
        problems.append("Корзина пуста")
    return place(shop, user, params, taken, problems)


def check_delivery(shop, user, params):
    """What must be said of payment and delivery in this shop."""
    settings = shop.settings
    addresses = [*settings.shipment_addresses, *user.addresses]
    wanted = [
        ("paymentMethod", settings.payment_methods, ()),
        ("shipmentMethod", settings.shipment_methods, ()),
        ("shipmentAddress", addresses, ("0",)),
    ]
    for name, choices, others in wanted:
        value = params.get(name, "")
        if choices and value == "":
            raise AbcpError(2, f"Required parameter '{name}' is missing")
        if value and choices and value not in [c[0] for c in choices] + list(others):
            raise AbcpError(4, f"Invalid value of the parameter '{name}'")
    if settings.wants_shipment_date and not params.get("shipmentDate"):
        raise AbcpError(2, "Required parameter 'shipmentDate' is missing")


def take(shop, row):
    """A position of an order, or PositionError."""
    if not isinstance(row, dict):
        raise PositionError("Товар не найден, повторите поиск")
    quantity = read_quantity(row)
    if not quantity:
        raise PositionError("Не указано количество")
    offer = find_offer(shop, row)
    if key_of(offer.number) in shop.refused:
        raise PositionError(shop.refused[key_of(offer.number)])
    check_quantity(offer, quantity)
    return make_position(shop, offer, quantity, row.get("comment", ""))


def take_line(shop, line):
    if line["offer"] not in shop.offers:
        raise PositionError("Товар не найден, повторите поиск")
    check_quantity(line["offer"], line["quantity"])
    position = make_position(shop, line["offer"], line["quantity"], line["comment"])
    position.position_id = line["positionId"]
    return position


def make_position(shop, offer, quantity, comment):
    return Position(
        position_id=next(shop.position_ids),
        offer=offer,
        quantity=quantity,
        quantity_ordered=quantity,
        price=shop.price_of(offer),
        item_key=shop.item_key(offer),
        comment=comment,
        status=shop.find_status(),
    )


def place(shop, user, params, taken, problems):
    """Make the orders; ``status`` is 0 when any position was not taken."""
    if problems and str(params.get("wholeOrderOnly", "0")) == "1":
        taken = []
    parcels = {}
    for position in taken:
        key = position.offer.distributor if shop.settings.is_split else None
        parcels.setdefault(key, []).append(position)
    orders = [create(shop, user, params, group) for group in parcels.values()]
    return {
        "status": int(not problems),
        "errorMessage": "; ".join(problems),
        "clientOrderNumber": params.get("clientOrderNumber", ""),
        "orders": [write_placed(order) for order in orders],
    }


def create(shop, user, params, positions):
    for position in positions:
        if position.offer.availability > 0:
            position.offer.availability -= position.quantity
    order = Order(str(next(shop.numbers)), user.user_id, dict(params), positions)
    shop.orders[order.number] = order
    return order


# Answers ----------------------------------------------------------------------------


def write_status(status):
    return {
        "status": status["name"],
        "statusId": str(status["id"]),
        "statusCode": status["code"],
    }


def write_placed(order):
    """An order as placing it answers."""
    return {
        "number": order.number,
        **write_status(order.status),
        "positionsQuantity": len(order.positions),
        "sum": order.total,
        "date": write_time(order.date),
        "comment": order.params.get("comment", ""),
        "wholeOrderOnly": int(order.params.get("wholeOrderOnly") or 0),
        "positions": [write_placed_position(p) for p in order.positions],
    }


def write_placed_position(position):
    return {
        **describe({}, position.offer),
        "itemKey": position.item_key,
        "quantity": position.quantity,
        "price": position.price,
        "deadline": position.offer.hours,
        "deadlineMax": position.offer.hours_max,
        "comment": position.comment,
        **write_status(position.status),
        "positionId": str(position.position_id),
    }


def name_of(pairs, number):
    return dict(pairs).get(number, "")


def write_order(shop, order, with_positions=True):
    """An order as it is looked up later."""
    params, settings = order.params, shop.settings
    address = params.get("shipmentAddress", "")
    office = params.get("shipmentOffice", "")
    method = params.get("shipmentMethod", "")
    payment = params.get("paymentMethod", "")
    answer = {
        "number": order.number,
        **write_status(order.status),
        "statusColor": order.status["color"],
        "positionsQuantity": len(order.positions),
        "deliveryAddressId": address,
        "deliveryAddress": name_of(settings.shipment_addresses, address),
        "deliveryOfficeId": office,
        "deliveryOffice": name_of(settings.shipment_offices, office),
        "deliveryTypeId": method,
        "deliveryType": name_of(settings.shipment_methods, method),
        "paymentTypeId": payment,
        "paymentType": name_of(settings.payment_methods, payment),
        "deliveryCost": 0,
        "shipmentDate": params.get("shipmentDate", ""),
        "sum": order.total,
        "date": write_time(order.date),
        "debt": order.total,
        "comment": params.get("comment", ""),
        "clientOrderNumber": order.client_number,
    }
    if with_positions:
        answer["positions"] = [write_position(p) for p in order.positions]
    return answer


def write_position(position):
    return {
        **write_placed_position(position),
        "quantityOrdered": position.quantity_ordered,
        "priceRate": 1,
        "priceInSiteCurrency": position.price,
        "commentAnswer": position.answer,
        "statusColor": position.status["color"],
        "statusDate": write_time(position.changed),
        "noReturn": int(position.offer.is_no_return),
        "reference": "",
    }


# Looking up -------------------------------------------------------------------------


def orders_of(shop, user):
    """Orders of the user, the newest first; the administrator sees all."""
    return [
        order
        for order in reversed(shop.orders.values())
        if user.is_admin or order.user_id == user.user_id
    ]


@operation("GET", "orders")
def list_orders(shop, user, params):
    skip = read_number(params, "skip", 0, 0, 10**9)
    limit = read_number(params, "limit", 100, 1, PAGE_LIMIT)
    found = orders_of(shop, user)
    with_positions = params.get("format") == "p"
    page = found[skip : skip + limit]
    items = [write_order(shop, order, with_positions) for order in page]
    return {"count": len(found), "items": items}


def read_number(params, name, default, low, high):
    text = str(params.get(name, "") or default)
    if not text.isdigit() or not low <= int(text) <= high:
        raise AbcpError(4, f"Invalid value of the parameter '{name}'")
    return int(text)


@operation("GET", "orders/list", required=("orders",))
def read_orders(shop, user, params):
    wanted = params["orders"]
    numbers = [wanted] if isinstance(wanted, str) else rows(wanted)
    mine = {order.number: order for order in orders_of(shop, user)}
    found = [mine[str(number)] for number in numbers if str(number) in mine]
    if not found:
        raise AbcpError(301, "Orders not found")
    return [{**write_order(shop, order), "code": "", "notes": []} for order in found]


@operation("GET", "orders/statuses")
def statuses(shop, _user, _params):
    return [
        {
            "id": str(status["id"]),
            "name": status["name"],
            "color": status["color"],
            "isFinalStatus": int(status["isFinalStatus"]),
        }
        for status in shop.statuses
    ]


@operation("POST", "orders/cancelPosition", required=("positionId",))
def cancel_position(shop, user, params):
    """Ask to cancel; the people of the shop decide, it only says that it was asked."""
    position = find_position(shop, params["positionId"], user)
    moved = [status["id"] for status in shop.statuses[2:]]
    if position.status["id"] in moved:
        raise AbcpError(201, "Отмена позиции в этом статусе невозможна")
    if position.is_cancel_asked:
        raise AbcpError(201, "Запрос на отмену уже отправлен")
    position.is_cancel_asked = True
    return {"message": "Запрос на отмену позиции отправлен"}


def find_position(shop, number, user=None):
    orders = orders_of(shop, user) if user else shop.orders.values()
    for order in orders:
        for position in order.positions:
            if str(position.position_id) == str(number):
                return position
    raise AbcpError(301, "Position not found")


@operation("GET", "orders/version")
def version(_shop, _user, _params):
    return {"version": 1}
