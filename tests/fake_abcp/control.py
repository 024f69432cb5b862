"""The side entrance of tests: ``/__control__/…``, JSON in and out."""

from .catalogue import Offer
from .errors import AbcpError
from .orders import find_position, write_order, write_time
from .wire import key_of

ROOT = "/__control__"
ENTRIES = {}


def entry(method, path):
    def register(function):
        ENTRIES[method, path] = function
        return function

    return register


def answer(world, method, path, params):
    """Result of a call of the side entrance."""
    function = ENTRIES.get((method, path.removeprefix(ROOT).strip("/")))
    if not function:
        raise AbcpError(3, status=404)
    return function(world, params)


@entry("GET", "ping")
def ping(world, _params):
    return {"started": world.started, "requests": len(world.log)}


@entry("POST", "reset")
def reset(world, _params):
    world.reset()
    return True


# Faults -----------------------------------------------------------------------------


@entry("GET", "faults")
def show_faults(world, _params):
    return world.faults.show()


@entry("POST", "faults")
def add_faults(world, params):
    rules = params if isinstance(params, list) else [params]
    return [world.faults.add(rule) for rule in rules]


@entry("DELETE", "faults")
def clear_faults(world, _params):
    world.faults.clear()
    return True


@entry("POST", "release")
def release(world, _params):
    world.faults.release()
    return True


# What was asked ---------------------------------------------------------------------


@entry("GET", "requests")
def requests(world, params):
    """Lines of the log; the parameters choose by shop, login, operation, method."""
    return [
        line
        for line in list(world.log)
        if all(str(line.get(name)) == str(value) for name, value in params.items())
    ]


@entry("DELETE", "requests")
def forget_requests(world, _params):
    with world.lock:
        world.log.clear()
        world.most.clear()
    return True


@entry("GET", "load")
def load(world, _params):
    """Requests under way at once, by shop and login: now, and at most so far."""
    with world.lock:
        return {"now": +world.now, "most": +world.most}


# The shops --------------------------------------------------------------------------


@entry("GET", "orders")
def orders(world, params):
    """All orders of a shop, the oldest first."""
    shop = world.shop(params["shop"])
    with shop.lock:
        return [write_order(shop, order) for order in shop.orders.values()]


@entry("POST", "status")
def set_status(world, params):
    """Give a position, or all of an order, another status.

    Without ``status`` it is the next one in the list. ``quantity`` is what the shop
    can deliver in the end, ``answer`` its sentence.
    """
    shop = world.shop(params["shop"])
    with shop.lock:
        positions = chosen_positions(shop, params)
        for position in positions:
            wanted = params.get("status") or next_status(shop, position)
            position.status = shop.find_status(wanted)
            position.quantity = params.get("quantity", position.quantity)
            position.answer = params.get("answer", position.answer)
        return [position.position_id for position in positions]


def chosen_positions(shop, params):
    if params.get("position"):
        return [find_position(shop, params["position"])]
    wanted = params.get("order")
    return [
        position
        for order in shop.orders.values()
        if wanted in (None, order.number, order.client_number)
        for position in order.positions
    ]


def next_status(shop, position):
    ids = [status["id"] for status in shop.statuses if not is_refusal(status)]
    place = ids.index(position.status["id"]) if position.status["id"] in ids else 0
    return ids[min(place + 1, len(ids) - 1)]


def is_refusal(status):
    return status["code"] in ("refused", "5")


@entry("POST", "offers")
def change_offers(world, params):
    """Add offers, or change those of a number; see README.md."""
    shop = world.shop(params["shop"])
    with shop.lock:
        for values in params.get("add", []):
            shop.offers.append(Offer(**values))
        if params.get("many"):
            add_many(shop, params)
        if params.get("change"):
            return shop.change(params["number"], params["change"])
        return len(shop.offers)


def add_many(shop, params):
    """So many offers of a number, each a little dearer and slower than the last."""
    for index in range(params["many"]):
        shop.offers.append(
            Offer(
                brand=params["brand"],
                number=params["number"],
                name=params.get("name", ""),
                price=100 + index,
                hours=index % 240,
                route=100_000 + index,
            )
        )


@entry("POST", "settings")
def settings(world, params):
    """Change how a shop is set up: fields of Settings."""
    shop = world.shop(params["shop"])
    with shop.lock:
        for name, value in params.items():
            if name != "shop":
                setattr(shop.settings, name, value)
        return vars(shop.settings)


@entry("POST", "users")
def users(world, params):
    """Change a user who has the name ``login``: password, is_denied, …"""
    shop = world.shop(params["shop"])
    with shop.lock:
        for user in shop.users:
            if params["login"] in user.names:
                for name, value in params.items():
                    if name not in ("shop", "login"):
                        setattr(user, name, value)
                return True
    raise AbcpError(301)


@entry("GET", "shop")
def show_shop(world, params):
    """Offers of a number as they are kept, with the time of the server."""
    shop = world.shop(params["shop"])
    wanted = key_of(params.get("number"))
    with shop.lock:
        return {
            "time": write_time(),
            "offers": [
                vars(offer) | {"itemKey": shop.item_key(offer)}
                for offer in shop.offers
                if not wanted or key_of(offer.number) == wanted
            ],
        }
