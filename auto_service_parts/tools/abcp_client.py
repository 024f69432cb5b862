"""Client of the ABCP protocol (https://www.abcp.ru/d/docs/api/docs), plain Python.

Shops differ: lists come as lists or as objects with the keys "0", "1", …; numbers come
as texts; texts hold HTML. The client reads all of it.
"""

import re
from contextlib import suppress
from html import unescape
from itertools import chain

from .offer import BrandHit, PlainOffer
from .part_number import brand_key, number_key
from .part_price import parse_price
from .part_quantity import parse_quantity
from .part_term import MAX_HOURS
from .supplier_client import (
    OrderedPosition,
    OrderResult,
    SupplierClient,
    SupplierError,
)
from .supplier_http import SupplierHttp

NOT_FOUND = 301
LOCKED = 303
#: Error numbers of the protocol.
ERRORS = {
    1: "request",
    2: "request",
    3: "unsupported",
    4: "request",
    13: "server",
    102: "auth",
    103: "denied",
    104: "auth",
    201: "request",
    202: "request",
    302: "server",
    NOT_FOUND: "request",
    LOCKED: "locked",
}
STATUSES = {401: "auth", 403: "denied", 404: "unsupported", 423: "locked", 429: "limit"}
LOCK_PAUSE = 0.7  # seconds before the one more try
BATCH_SIZE = 100
MAX_POSITIONS = 500
ORDERS_OF_A_PAGE = 100
MAX_PAGES = 10
LISTED_ORDERS = 50
NO_VALUES = ("", "0", "false", "no", "none", "null")
OPTIONS = {
    "payment": "basket/paymentMethods",
    "shipment": "basket/shipmentMethods",
    "address": "basket/shipmentAddresses",
    "office": "basket/shipmentOffices",
}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANKS = re.compile(r"\s+")


class AbcpClient(SupplierClient):
    """One account at an ABCP shop.

    :param dict options: besides the usual ones ``has_partner_stocks`` (ask the stocks
        of the shop's own suppliers, too) and ``payment``, ``shipment``, ``address``,
        ``office`` (codes for orders)
    """

    def __init__(self, options):
        super().__init__(options)
        self.http = SupplierHttp(options, secrets=[options.get("password")])

    # --- questions
    def get_brands(self, number):
        rows = self._get_rows("search/brands", number=number, **self._get_stocks())
        return [
            BrandHit(
                brand=plain(row.get("brand")),
                number=plain(row.get("number") or row.get("numberFix") or number),
                name=plain(row.get("description")),
                is_available=is_true(row.get("availability")),
            )
            for row in rows
            if plain(row.get("brand"))
        ]

    def get_offers(self, number, brand, with_equivalents=True):
        rows = self._get_rows(
            "search/articles",
            number=number,
            brand=brand,
            withOutAnalogs=0 if with_equivalents else 1,
            **self._get_stocks(),
        )
        offers = read_offers(rows, {number_key(number)})
        if with_equivalents:
            return offers
        return [offer for offer in offers if not offer.is_equivalent]

    def get_offers_of_many(self, parts):
        """As the base says; stocks of partners are only known one by one."""
        if self.options.get("has_partner_stocks"):
            return super().get_offers_of_many(parts)
        offers = []
        for start in range(0, len(parts), BATCH_SIZE):
            some = parts[start : start + BATCH_SIZE]
            try:
                rows = self._get_batch(some)
            except SupplierError as error:
                if error.code != "unsupported":
                    raise
                return super().get_offers_of_many(parts)
            offers += read_offers(rows, {number_key(number) for number, _brand in some})
        return [offer for offer in offers if not offer.is_equivalent]

    def _get_batch(self, parts):
        data = {}
        for index, (number, brand) in enumerate(parts):
            data[f"search[{index}][number]"] = number
            data[f"search[{index}][brand]"] = brand
        return read_rows(self._ask("POST", "search/batch", data), "brand")

    def _get_stocks(self):
        return {"useOnlineStocks": 1 if self.options.get("has_partner_stocks") else 0}

    # --- orders
    def place_order(self, number, lines, comment=""):
        if len(lines) > MAX_POSITIONS:
            raise SupplierError("request", "Too many positions.", was_sent=False)
        data = {
            **self._prepare_positions(lines),
            **self._prepare_choices(),
            **self._get_shipment_date(lines),
            "comment": comment,
            "wholeOrderOnly": 0,
            "clientOrderNumber": number,
        }
        answer = self._ask("POST", "orders/instant", data)
        if not isinstance(answer, dict):
            raise SupplierError("answer", "not to be read")
        return self._with_positions(read_result(answer, lines), lines)

    def _with_positions(self, result, lines):
        """The result with the numbers of the positions.

        The documented answer to an order lacks them; the order, looked up, has them.
        The order is placed: whatever happens here, the result counts.
        """
        numbers = {row.order_number for row in result.positions if not row.position}
        if not numbers - {""}:
            return result
        with suppress(SupplierError):
            found = read_result({"orders": self._get_listed(numbers - {""})}, lines)
            known = {row.reference: row for row in found.positions if row.reference}
            result.positions = [
                known.get(row.reference, row) if not row.position else row
                for row in result.positions
            ]
        return result

    @staticmethod
    def _prepare_positions(lines):
        """Positions as the protocol wants them; our reference leads the comment."""
        data = {}
        for index, line in enumerate(lines):
            token = line.order_token or {}
            values = {
                "brand": token.get("brand") or line.brand,
                "number": token.get("number") or line.number,
                "supplierCode": token.get("supplierCode"),
                "itemKey": token.get("itemKey"),
                "quantity": f"{line.quantity:g}",
                "comment": f"{line.reference} {line.comment}".strip(),
            }
            for name, value in values.items():
                if value not in (None, ""):
                    data[f"positions[{index}][{name}]"] = value
        return data

    def _prepare_choices(self):
        """Payment and delivery; address 0 means that we fetch it."""
        options = self.options
        values = {
            "paymentMethod": options.get("payment"),
            "shipmentMethod": options.get("shipment"),
            "shipmentAddress": options.get("address") or "0",
            "shipmentOffice": options.get("office"),
        }
        return {name: value for name, value in values.items() if value}

    def _get_shipment_date(self, lines):
        """The first day of delivery, where the shop wants one.

        :raise SupplierError: nothing of the order is sent yet
        """
        hours = [
            value
            for line in lines
            for value in (line.order_token or {}).get("hours", [])
        ]
        asked = {"shipmentAddress": self._prepare_choices()["shipmentAddress"]}
        if hours:
            asked |= {"minDeadlineTime": min(hours), "maxDeadlineTime": max(hours)}
        try:
            rows = self._get_rows("basket/shipmentDates", "date", **asked)
        except SupplierError as error:
            if error.code in ("request", "unsupported", "answer"):
                return {}  # the shop does not know days of delivery
            error.was_sent = False
            raise
        dates = [plain(row.get("date")) for row in rows]
        return {"shipmentDate": dates[0]} if dates and dates[0] else {}

    def find_order(self, number, lines=()):
        """Newest orders first, by our number, or by our references in the comments."""
        references = {line.reference for line in lines if line.reference}
        found = []
        for page in range(MAX_PAGES):
            orders, total = self._get_orders(page)
            here = [order for order in orders if is_ours(order, number, references)]
            found += here
            if found and not here:
                break
            if not orders or (page + 1) * ORDERS_OF_A_PAGE >= total:
                break
        return read_result({"status": 1, "orders": found}, lines) if found else None

    def _get_orders(self, page):
        """One page of all orders, with how many orders there are."""
        answer = self._ask(
            "GET",
            "orders/",
            {
                "format": "p",
                "skip": page * ORDERS_OF_A_PAGE,
                "limit": ORDERS_OF_A_PAGE,
            },
        )
        if isinstance(answer, dict) and "items" in answer:
            orders = read_rows(answer["items"], "number")
            return orders, to_int(answer.get("count")) or 0
        orders = read_rows(answer, "number")
        more = len(orders) >= ORDERS_OF_A_PAGE
        return orders, (page + 1) * ORDERS_OF_A_PAGE + more

    def get_positions(self, order_numbers):
        orders = self._get_listed(order_numbers)
        return list(chain.from_iterable(read_positions(order) for order in orders))

    def _get_listed(self, order_numbers):
        """Orders of those numbers."""
        orders, numbers = [], sorted(order_numbers)
        for start in range(0, len(numbers), LISTED_ORDERS):
            some = numbers[start : start + LISTED_ORDERS]
            asked = {f"orders[{index}]": name for index, name in enumerate(some)}
            orders += read_rows(self._ask("GET", "orders/list", asked), "number")
        return orders

    def cancel_position(self, position):
        answer = self._ask("POST", "orders/cancelPosition", {"positionId": position})
        if not isinstance(answer, dict):
            return plain(answer)
        message = plain(answer.get("message") or answer.get("errorMessage"))
        if "status" in answer and not is_true(answer["status"]):
            raise SupplierError("request", message)
        return message

    # --- lists
    def get_statuses(self):
        return [
            {
                "code": plain(row.get("id")),
                "name": plain(row.get("name")),
                "is_final": is_true(row.get("isFinalStatus")),
            }
            for row in self._get_rows("orders/statuses", "id")
            if plain(row.get("id"))
        ]

    def get_brand_names(self):
        names = []
        for row in self._get_rows("articles/brands", "name"):
            name = plain(row.get("name"))
            if name:
                names.append((name, read_names(row.get("aliases"))))
        return names

    def get_order_options(self):
        rows = []
        for kind, operation in OPTIONS.items():
            rows += [
                {"kind": kind, "code": plain(row["id"]), "name": plain(row.get("name"))}
                for row in self._get_rows(operation, "id")
                if plain(row.get("id")) and plain(row.get("name"))
            ]
        return rows

    def check(self):
        answer = self._ask("GET", "user/info", {})
        user = answer if isinstance(answer, dict) else {}
        return plain(user.get("organization") or user.get("name") or user.get("email"))

    # --- transport
    def _get_rows(self, operation, key="brand", **params):
        return read_rows(self._ask("GET", operation, params), key)

    def _ask(self, method, operation, values):
        """Ask; a locked resource is asked for once more.

        :return: what the answer holds, ``[]`` when nothing is found
        """
        try:
            return self._ask_once(method, operation, values)
        except SupplierError as error:
            pause = error.retry_after or LOCK_PAUSE
            if error.code != "locked" or not self.http.pause(pause):
                raise
        return self._ask_once(method, operation, values)

    def _ask_once(self, method, operation, values):
        values = {
            "userlogin": self.options.get("login") or "",
            "userpsw": self.options.get("password") or "",
            **values,
        }
        body = {"params": values} if method == "GET" else {"data": values}
        answer = self.http.request(
            method, operation, headers={"Accept": "application/json"}, **body
        )
        is_question = method == "GET" or operation.startswith("search/")
        return self._read(answer, is_question)

    def _read(self, answer, is_question=True):
        """What the answer holds.

        :raise SupplierError: it is an error
        """
        try:
            data = answer.json()
        except SupplierError:
            if answer.status < 400:
                raise
            data = None  # a page for people
        number = to_int(data.get("errorCode")) if isinstance(data, dict) else None
        if isinstance(data, dict) and data.get("orders"):
            return data  # what was ordered counts, whatever else is said
        if number == NOT_FOUND and is_question:
            return []
        if number or answer.status >= 400:
            raise self._get_error(answer, number, data)
        return data

    def _get_error(self, answer, number, data):
        if number:
            code = ERRORS.get(number, "server")
            message = plain(data.get("errorMessage")) or f"errorCode {number}"
        else:
            fallback = "server" if answer.status >= 500 else "request"
            code = STATUSES.get(answer.status, fallback)
            message = f"HTTP {answer.status}"
        message = self.http.hide(message)[:300]
        return SupplierError(code, message, retry_after=answer.retry_after)


# --- reading of answers
def plain(value):
    """Text without HTML."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    text = str(value)
    if "<" in text or "&" in text:
        text = unescape(_TAG.sub(" ", text))
        text = _TAG.sub(" ", text)
    return _BLANKS.sub(" ", text.replace("\0", "")).strip()


def is_true(value):
    """Yes or no: 0/1, "0"/"1", true/false; a stock of -1 is a yes."""
    return str(value).strip().lower() not in NO_VALUES if value else False


def to_float(value):
    """Number, ``None`` when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        number = float(value)
        return number if abs(number) < 1e12 else None
    return parse_price(str(value))


def to_int(value):
    """Whole number, ``None`` when it is none."""
    try:
        number = int(float(str(value).strip()))
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1 << 31 else None


def to_hours(value):
    """Term in hours, ``None`` when it is none: shops write -1 or 999999 for unknown."""
    hours = to_int(value)
    return hours if hours is not None and 0 <= hours <= MAX_HOURS else None


def read_rows(data, key):
    """Rows of a list, or of an object that stands for one.

    :param str key: a name that a single row has
    :return: list of dicts
    """
    if isinstance(data, dict):
        if key in data:
            data = [data]
        else:
            data = [data[name] for name in sorted(data, key=_place) if name.isdigit()]
    if data is None or data == "":
        return []
    if not isinstance(data, list):
        raise SupplierError("answer", "not to be read")
    return [row for row in data if isinstance(row, dict)]


def _place(name):
    return int(name) if name.isdigit() else -1


def read_names(value):
    """Names of a list, of an object, or of a text with commas."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        value = value.split(",")
    return [plain(name) for name in value or () if plain(name)]


def read_offers(rows, number_keys):
    """Offers of the rows, the same one only once.

    :param number_keys: keys of the numbers that were asked for
    """
    offers = {}
    for row in rows:
        offer = read_offer(row, number_keys)
        if offer:
            token = offer.order_token
            key = (token["supplierCode"], token["itemKey"], offer.brand, offer.number)
            key += (offer.price, offer.quantity, offer.hours_min)
            offers.setdefault(key, offer)
    return list(offers.values())


def read_offer(row, number_keys):
    """Offer of one row, ``None`` when it cannot be ordered by it."""
    number = plain(row.get("number") or row.get("numberFix"))
    price = to_float(row.get("price"))
    if not number or not plain(row.get("brand")) or not price or price <= 0:
        return None
    packing = max(to_float(row.get("packing")) or 1.0, 1.0)
    term = _read_term(row)
    return PlainOffer(
        brand=plain(row.get("brand")),
        number=number,
        name=plain(row.get("description")),
        is_equivalent=_is_equivalent(row, number, number_keys),
        is_used=is_true(row.get("isUsed")),
        multiplicity=packing,
        min_quantity=packing,
        price=price,
        price_cap=to_float(row.get("maxPrice")) or 0.0,
        probability=_read_probability(row.get("deliveryProbability")),
        is_no_return=is_true(row.get("noReturn")),
        warehouse=plain(row.get("distributorCode") or row.get("supplierCode")),
        note=plain(row.get("supplierDescription"))[:500],
        order_token={
            "brand": plain(row.get("brand")),
            "number": number,
            "supplierCode": plain(row.get("supplierCode")),
            "itemKey": plain(row.get("itemKey")),
            "code": plain(row.get("code")),
            "hours": [
                hours for hours in (term["hours_min"], term["hours_max"]) if hours
            ],
        },
        **_read_quantity(row.get("availability")),
        **term,
    )


def _is_equivalent(row, number, number_keys):
    """What the shop says, else whether it is another number."""
    if row.get("isAnalog") not in (None, ""):
        return is_true(row["isAnalog"])
    return number_key(number) not in number_keys


def _read_quantity(value):
    """-1, -2, -3: some, more, many; -10 and 0: the shop orders it itself first."""
    text = value if isinstance(value, str | int | float) else ""
    sign, quantity, is_on_order = parse_quantity(text) or ("~", 1.0, False)
    return {
        "quantity": quantity,
        "quantity_sign": sign,
        "is_on_order": is_on_order or not quantity,
    }


def _read_term(row):
    """Hours; the text only stands in for the longest term."""
    first = to_hours(row.get("deliveryPeriod"))
    last = to_hours(row.get("deliveryPeriodMax"))
    hours = [hours for hours in (first, last) if hours is not None]
    return {
        "hours_min": min(hours) if hours else None,
        "hours_max": max(hours) if hours else None,
        "term_text": plain(row.get("deadlineReplace"))[:200],
    }


def _read_probability(value):
    """Per cent; shops write 0..1 or 0..100."""
    number = to_float(value) or 0.0
    return round(min(max(number * 100 if number <= 1 else number, 0.0), 100.0), 1)


def is_ours(order, number, references):
    """Whether it is the order of our number."""
    if plain(order.get("clientOrderNumber")) == number:
        return True
    comments = [
        plain(row.get("comment")) for row in read_rows(order.get("positions"), "brand")
    ]
    return any(get_reference(comment, references) for comment in comments)


def get_reference(comment, references):
    """Our reference that leads the comment, else an empty text."""
    first = comment.split(" ", 1)[0]
    return first if first in references else ""


def read_positions(order, references=()):
    """Positions of one order of the supplier."""
    return [
        read_position(row, order, references)
        for row in read_rows(order.get("positions"), "brand")
    ]


def read_position(row, order, references=()):
    """One position; what it does not say about its status its order says."""
    source = row if plain(row.get("statusId")) or plain(row.get("status")) else order
    status_code = plain(source.get("statusId") or source.get("statusCode"))
    hours = [to_hours(row.get("deadlineMax")), to_hours(row.get("deadline"))]
    comment = plain(row.get("comment"))
    quantity = to_float(row.get("quantity"))
    if quantity is None:
        quantity = to_float(row.get("quantityOrdered")) or 0.0
    return OrderedPosition(
        brand=plain(row.get("brand")),
        number=plain(row.get("number") or row.get("numberFix")),
        quantity=quantity,
        reference=get_reference(comment, references),
        position=plain(row.get("positionId")),
        order_number=plain(order.get("number")),
        price=to_float(row.get("priceInSiteCurrency") or row.get("price")) or 0.0,
        status=plain(source.get("status")),
        status_code=status_code,
        hours_max=next((value for value in hours if value), None),
        comment=plain(row.get("commentAnswer")),
    )


def read_result(answer, lines):
    """What became of the lines; orders count whatever the status says."""
    references = {line.reference for line in lines if line.reference}
    orders = read_rows(answer.get("orders"), "number")
    positions = list(
        chain.from_iterable(read_positions(order, references) for order in orders)
    )
    message = plain(answer.get("errorMessage"))
    left = match_positions(positions, lines)
    errors = {
        number_key(plain(row.get("number"))): plain(row.get("errorMessage"))
        for row in read_rows(answer.get("positions"), "brand")
    }
    return OrderResult(
        positions=positions,
        refused=[
            OrderedPosition(
                brand=line.brand,
                number=line.number,
                quantity=line.quantity,
                reference=line.reference,
                error=errors.get(number_key(line.number)) or message,
            )
            for line in left
        ],
        message=message,
    )


def match_positions(positions, lines):
    """Give positions without our reference the one of the line that they fit.

    :return: lines that no position fits
    """
    taken = {position.reference for position in positions}
    left = [line for line in lines if line.reference not in taken]
    for same_quantity in (True, False):
        for position in positions:
            line = next(
                (
                    line
                    for line in left
                    if not position.reference and fits(position, line, same_quantity)
                ),
                None,
            )
            if line:
                position.reference = line.reference
                left.remove(line)
    return left


def fits(position, line, same_quantity):
    """Whether the position is of the part of the line."""
    numbers = {line.number, (line.order_token or {}).get("number")}
    brands = {line.brand, (line.order_token or {}).get("brand")}
    return (
        number_key(position.number) in {number_key(number) for number in numbers}
        and brand_key(position.brand) in {brand_key(brand) for brand in brands}
        and (not same_quantity or abs(position.quantity - line.quantity) < 1e-6)
    )
