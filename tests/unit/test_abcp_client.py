"""The client of ABCP reads what shops really answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools import abcp_client
from auto_service_parts.tools.abcp_client import AbcpClient, read_offers
from auto_service_parts.tools.supplier_client import OrderLine, SupplierError
from auto_service_parts.tools.supplier_http import HttpAnswer

ITEM = {
    "brand": "KYB",
    "number": "333305",
    "numberFix": "333305",
    "description": "Shock absorber",
    "availability": 4,
    "packing": 2,
    "deliveryPeriod": 24,
    "deliveryPeriodMax": 48,
    "distributorCode": "W1",
    "supplierCode": 7,
    "itemKey": "key",
    "price": 100.5,
}


class Net:
    """Plays the shop: ``answers`` one after the other, the last one stays."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.pauses = []

    def request(self, method, path, params=None, data=None, headers=None):
        self.asked.append((method, path, params if data is None else data))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        if not isinstance(body, bytes):
            body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return HttpAnswer(status, {}, body)

    def pause(self, seconds):
        self.pauses.append(seconds)
        return True

    def hide(self, text):
        return text


def make_client(*answers, **options):
    client = AbcpClient({"url": "http://shop.invalid", "login": "me", **options})
    client.http = Net(*answers)
    return client


def get_offer(**values):
    [offer] = make_client([{**ITEM, **values}]).get_offers("333305", "KYB")
    return offer


# --- offers
def test_all_fields_of_an_offer():
    offer = get_offer(
        maxPrice="150,00",
        noReturn="1",
        isUsed=0,
        deliveryProbability=0.93,
        supplierDescription="<b>Main</b>&nbsp;store",
        deadlineReplace="<i>1-2 days</i>",
    )
    assert (offer.brand, offer.number, offer.name) == (
        "KYB",
        "333305",
        ITEM["description"],
    )
    assert (offer.price, offer.price_cap) == (100.5, 150.0)
    assert (offer.quantity, offer.quantity_sign, offer.is_on_order) == (4, "=", False)
    assert (offer.multiplicity, offer.min_quantity) == (2, 2)
    assert (offer.hours_min, offer.hours_max, offer.term_text) == (24, 48, "1-2 days")
    assert (offer.is_no_return, offer.is_used, offer.probability) == (True, False, 93)
    assert (offer.warehouse, offer.note) == ("W1", "Main store")
    assert offer.order_token["itemKey"] == "key"
    assert offer.order_token["supplierCode"] == "7"


@pytest.mark.parametrize(
    ("availability", "sign", "quantity", "is_on_order"),
    [
        (5, "=", 5, False),
        ("12", "=", 12, False),
        ("-1", "~", 1, False),
        (-2, "~", 1, False),
        ("-3", "~", 1, False),
        ("-10", "~", 0, True),
        (0, "=", 0, True),
        (">10", ">", 10, False),
        (None, "=", 0, True),
        ({"odd": 1}, "=", 0, True),
    ],
)
def test_stock(availability, sign, quantity, is_on_order):
    offer = get_offer(availability=availability)
    assert (offer.quantity_sign, offer.quantity) == (sign, quantity)
    assert offer.is_on_order == is_on_order


@pytest.mark.parametrize(
    ("value", "per_cent"),
    [(0.5, 50), ("0.95", 95), (1, 100), (95, 95), ("97,5", 97.5), ("", 0), (-3, 0)],
)
def test_probability(value, per_cent):
    assert get_offer(deliveryProbability=value).probability == per_cent


@pytest.mark.parametrize("value", [1, "1", True, "true"])
def test_yes(value):
    assert get_offer(noReturn=value).is_no_return


@pytest.mark.parametrize("value", [0, "0", False, "false", None, "", "null"])
def test_no(value):
    assert not get_offer(noReturn=value).is_no_return


def test_terms_are_hours_and_may_be_missing():
    offer = get_offer(deliveryPeriod="36", deliveryPeriodMax=None)
    assert (offer.hours_min, offer.hours_max) == (36, 36)
    offer = get_offer(deliveryPeriod="", deliveryPeriodMax="", deadlineReplace="ask us")
    assert (offer.hours_min, offer.hours_max, offer.term_text) == (None, None, "ask us")
    offer = get_offer(deliveryPeriod=0, deliveryPeriodMax=0)
    assert (offer.hours_min, offer.hours_max) == (0, 0)


def test_lists_may_be_objects_with_numbers_for_keys():
    rows = {str(index): {**ITEM, "price": index + 1} for index in range(12)}
    offers = make_client(rows).get_offers("333305", "KYB")
    assert [offer.price for offer in offers] == list(range(1, 13))


def test_the_same_key_of_an_item_is_not_the_same_offer():
    rows = [
        ITEM,
        dict(ITEM),  # the same twice: one offer
        {**ITEM, "supplierCode": 8},
        {**ITEM, "price": 99},
        {**ITEM, "availability": 9},
    ]
    assert len(make_client(rows).get_offers("333305", "KYB")) == 4


@pytest.mark.parametrize(
    "values",
    [{"price": 0}, {"price": "call"}, {"price": None}, {"number": ""}, {"brand": None}],
)
def test_what_cannot_be_ordered_is_left_out(values):
    row = {**ITEM, **values}
    if "number" in values:
        row.pop("numberFix")
    assert make_client([row, ITEM]).get_offers("333305", "KYB")[0].price == 100.5
    assert len(make_client([row, ITEM]).get_offers("333305", "KYB")) == 1


def test_equivalents_are_other_numbers_unless_the_shop_knows_better():
    rows = [
        {**ITEM, "number": "333-305"},
        {**ITEM, "number": "G7351", "brand": "MONROE"},
        {**ITEM, "number": "333305", "brand": "KAYABA", "isAnalog": True},
        {**ITEM, "number": "NEW", "isAnalog": 0},
    ]
    offers = make_client(rows).get_offers("333305", "KYB")
    assert [offer.is_equivalent for offer in offers] == [False, True, True, False]
    offers = make_client(rows).get_offers("333305", "KYB", with_equivalents=False)
    assert [offer.number for offer in offers] == ["333-305", "NEW"]


def test_nothing_found_is_an_empty_list():
    client = make_client((404, {"errorCode": 301, "errorMessage": "not found"}))
    assert client.get_offers("1", "X") == []
    assert client.get_brands("1") == []
    assert client.get_offers_of_many([("1", "X")]) == []
    assert client.get_positions(["1"]) == []
    assert client.find_order("N1") is None
    for empty in (None, [], {}, ""):
        assert make_client(json.dumps(empty)).get_brands("1") == []


def test_brands():
    rows = [
        {
            "brand": "KYB",
            "number": "333305",
            "description": "<br>Shock",
            "availability": "1",
        }
    ]
    [hit] = make_client(rows).get_brands("333305")
    assert (hit.brand, hit.number, hit.name, hit.is_available) == (
        "KYB",
        "333305",
        "Shock",
        True,
    )


def test_many_parts_are_asked_in_hundreds():
    client = make_client([ITEM])
    offers = client.get_offers_of_many([("333305", "KYB")] * 230)
    assert len(client.http.asked) == 3
    method, path, data = client.http.asked[0]
    assert (method, path, data["search[99][brand]"]) == ("POST", "search/batch", "KYB")
    assert len(offers) == 3


def test_shops_without_batch_are_asked_one_by_one():
    client = make_client((400, {"errorCode": 3}), [ITEM])
    assert len(client.get_offers_of_many([("333305", "KYB"), ("X", "Y")])) == 1
    assert [asked[1] for asked in client.http.asked] == ["search/batch"] + [
        "search/articles"
    ] * 2


def test_partners_are_asked_when_the_account_says_so():
    client = make_client([ITEM], has_partner_stocks=True)
    client.get_offers("333305", "KYB")
    assert client.http.asked[0][2]["useOnlineStocks"] == 1
    client.get_offers_of_many([("333305", "KYB")])  # a batch would leave them out
    assert client.http.asked[1][1] == "search/articles"


# --- errors
@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"errorCode": 2, "errorMessage": "missing"}, "request"),
        (400, {"errorCode": "2"}, "request"),
        (404, {"errorCode": 3}, "unsupported"),
        (403, {"errorCode": 102}, "auth"),
        (403, {"errorCode": 103}, "denied"),
        (403, {"errorCode": 104}, "auth"),
        (500, {"errorCode": 13}, "server"),
        (500, {"errorCode": 302}, "server"),
        (200, {"errorCode": 102}, "auth"),
        (500, "<html><h1>Fatal error</h1>", "server"),
        (502, "", "server"),
        (401, "no", "auth"),
        (403, "<html>your address is not allowed", "denied"),
        (429, "", "limit"),
        (200, "<html>maintenance", "answer"),
        (200, '[{"brand": "K', "answer"),
        (200, "", "answer"),
        (200, '"a text"', "answer"),
        (200, "17", "answer"),
    ],
)
def test_errors(status, body, code):
    with pytest.raises(SupplierError) as caught:
        make_client((status, body)).get_brands("1")
    assert caught.value.code == code
    assert "<" not in caught.value.message


def test_a_locked_resource_is_asked_for_once_more():
    locked = (400, {"errorCode": 303, "errorMessage": "locked"})
    client = make_client(locked, [ITEM])
    assert len(client.get_offers("333305", "KYB")) == 1
    assert client.http.pauses
    client = make_client(locked)
    with pytest.raises(SupplierError) as caught:
        client.get_offers("333305", "KYB")
    assert caught.value.code == "locked"
    assert len(client.http.asked) == 2


# --- orders
def make_line(reference="P1-1", **values):
    token = {"brand": "KYB", "number": "333305", "supplierCode": "7", "itemKey": "key"}
    line = {
        "brand": "Kayaba",
        "number": "333 305",
        "quantity": 2.0,
        "order_token": token,
    }
    return OrderLine(reference, **{**line, **values})


def make_position(**values):
    return {
        "brand": "KYB",
        "number": "333305",
        "quantity": "2",
        "price": "100.5",
        "positionId": 11,
        "statusId": 1,
        "status": "New",
        **values,
    }


def answer_of(*positions, status=1, **values):
    order = {"number": 5001, "positions": list(positions)}
    return {"status": status, "orders": [order] if positions else [], **values}


def place(answer, *lines):
    client = make_client([], answer, payment="37", shipment="4323")
    return client.place_order("P1", list(lines or [make_line()]), "hurry"), client


def test_an_order_is_sent_as_documented():
    result, client = place(answer_of(make_position(comment="P1-1")))
    method, path, data = client.http.asked[1]
    assert (method, path) == ("POST", "orders/instant")
    assert data["positions[0][brand]"] == "KYB"
    assert data["positions[0][number]"] == "333305"
    assert data["positions[0][supplierCode]"] == "7"
    assert data["positions[0][itemKey]"] == "key"
    assert data["positions[0][quantity]"] == "2"
    assert data["positions[0][comment]"].startswith("P1-1")
    assert (data["paymentMethod"], data["shipmentMethod"]) == ("37", "4323")
    assert data["shipmentAddress"] == "0", "we fetch it"
    assert (data["clientOrderNumber"], data["comment"]) == ("P1", "hurry")
    [position] = result.positions
    assert (position.order_number, position.position) == ("5001", "11")
    assert (position.status_code, position.reference) == ("1", "P1-1")
    assert not result.refused


def test_numbers_of_positions_are_looked_up_where_the_answer_has_none():
    bare = [make_position(positionId=None, comment=f"P1-{n}") for n in (1, 2)]
    full = [make_position(positionId=20 + n, comment=f"P1-{n}") for n in (2, 1)]
    lines = [make_line(), make_line("P1-2")]
    listed = [{"number": 5001, "positions": full}]
    client = make_client([], answer_of(*bare), listed)
    result = client.place_order("P1", lines)
    assert [(row.reference, row.position) for row in result.positions] == [
        ("P1-1", "21"),
        ("P1-2", "22"),
    ]
    assert client.http.asked[2][1:] == (
        "orders/list",
        {"userlogin": "me", "userpsw": "", "orders[0]": "5001"},
    )
    client = make_client([], answer_of(*bare), SupplierError("timeout"))
    result = client.place_order("P1", lines)
    assert [row.position for row in result.positions] == ["", ""], "it is placed"
    assert [row.order_number for row in result.positions] == ["5001", "5001"]


def test_orders_count_whatever_the_status_says():
    lines = [
        make_line(),
        make_line("P1-2", number="GDB1330", brand="TRW", order_token={}),
    ]
    answer = answer_of(make_position(), status=0, errorMessage="GDB1330 is <b>gone</b>")
    result, _client = place(answer, *lines)
    assert [position.reference for position in result.positions] == ["P1-1"]
    [refused] = result.refused
    assert (refused.reference, refused.error) == ("P1-2", "GDB1330 is gone")


def test_nothing_ordered_is_refused_with_the_sentence():
    result, _client = place({"status": "0", "errorMessage": "No limit", "orders": {}})
    assert not result.positions
    assert result.refused[0].error == "No limit"


def test_positions_find_their_lines_by_reference_then_by_part_and_quantity():
    lines = [
        make_line("P1-1", quantity=1.0),
        make_line("P1-2", quantity=4.0),
        make_line("P1-3", quantity=9.0),
    ]
    answer = answer_of(
        make_position(positionId=1, quantity=4),
        make_position(positionId=2, quantity=1),
        make_position(positionId=3, quantity=8, comment="P1-3 urgent"),
    )
    result, _client = place(answer, *lines)
    references = {row.position: row.reference for row in result.positions}
    assert references == {"1": "P1-2", "2": "P1-1", "3": "P1-3"}
    assert not result.refused


def test_several_orders_come_from_one():
    orders = {
        "0": {"number": "1", "positions": {"0": make_position(comment="P1-1")}},
        "1": {"number": "2", "positions": [make_position(comment="P1-2")]},
    }
    result, _client = place(
        {"status": "1", "orders": orders}, make_line(), make_line("P1-2")
    )
    assert [row.order_number for row in result.positions] == ["1", "2"]


def test_a_day_of_delivery_is_chosen_where_the_shop_has_them():
    line = make_line(order_token={"hours": [24, 72]})
    dates = [{"date": "2026-11-23"}, {"date": "2026-11-24"}]
    client = make_client(dates, answer_of(make_position()))
    client.place_order("P1", [line])
    asked = client.http.asked[0]
    assert (asked[1], asked[2]["minDeadlineTime"], asked[2]["maxDeadlineTime"]) == (
        "basket/shipmentDates",
        24,
        72,
    )
    assert client.http.asked[1][2]["shipmentDate"] == "2026-11-23"
    client = make_client((404, {"errorCode": 3}), answer_of(make_position()))
    client.place_order("P1", [line])
    assert "shipmentDate" not in client.http.asked[1][2]


def test_an_error_before_the_order_leaves_no_doubt():
    client = make_client(SupplierError("timeout"))
    with pytest.raises(SupplierError) as caught:
        client.place_order("P1", [make_line()])
    assert not caught.value.is_doubtful


@pytest.mark.parametrize(
    ("answer", "is_doubtful"),
    [
        (SupplierError("timeout"), True),
        (SupplierError("connection", was_sent=False), False),
        ((500, "<html>"), True),
        ((200, "<html>"), True),
        ((200, "null"), True),
        ((403, {"errorCode": 102}), False),
        ((404, {"errorCode": 301}), False),
        ((400, {"errorCode": 4}), False),
    ],
)
def test_doubt_whether_an_order_was_taken(answer, is_doubtful):
    client = make_client([], answer)
    with pytest.raises(SupplierError) as caught:
        client.place_order("P1", [make_line()])
    assert caught.value.is_doubtful == is_doubtful


def make_orders(first, count, **values):
    return [
        {"number": str(number), "clientOrderNumber": "", "positions": [], **values}
        for number in range(first, first - count, -1)
    ]


def test_an_order_is_found_on_a_later_page():
    ours = {"number": "7", "clientOrderNumber": "P1", "positions": [make_position()]}
    client = make_client(
        {"count": "250", "items": make_orders(900, 100)},
        {"count": "250", "items": [*make_orders(800, 99), ours]},
        {"count": "250", "items": make_orders(700, 50)},
    )
    result = client.find_order("P1", [make_line()])
    assert [row.order_number for row in result.positions] == ["7"]
    assert not result.refused
    assert [asked[2]["skip"] for asked in client.http.asked] == [0, 100, 200]


def test_an_order_is_found_by_our_reference_where_the_shop_drops_our_number():
    other = {"number": "8", "positions": [make_position(comment="P10-1")]}
    ours = {"number": "7", "positions": {"0": make_position(comment="P1-1 hurry")}}
    client = make_client({"count": 2, "items": {"0": other, "1": ours}})
    result = client.find_order("P1", [make_line()])
    assert [row.order_number for row in result.positions] == ["7"]


def test_an_order_that_is_not_there_is_not_there():
    client = make_client({"count": 100, "items": make_orders(900, 100)})
    assert client.find_order("P1", [make_line()]) is None
    assert len(client.http.asked) == 1


def test_positions_tell_their_status():
    order = {
        "number": 7,
        "status": "In work",
        "statusId": 3,
        "positions": [
            make_position(statusId=4, status="Sent", commentAnswer="tomorrow"),
            make_position(statusId="", status="", deadline=24, deadlineMax=48),
        ],
    }
    first, second = make_client([order]).get_positions(["7"])
    assert (first.status_code, first.status, first.comment) == ("4", "Sent", "tomorrow")
    assert (second.status_code, second.status, second.hours_max) == ("3", "In work", 48)


def test_cancelling():
    assert make_client({"message": "<p>Asked</p>"}).cancel_position("1") == "Asked"
    with pytest.raises(SupplierError) as caught:
        make_client({"status": 0, "errorMessage": "too late"}).cancel_position("1")
    assert caught.value.message == "too late"


def test_lists():
    rows = {"0": {"id": 1, "name": "Новый", "isFinalStatus": "0"}}
    assert make_client(rows).get_statuses() == [
        {"code": "1", "name": "Новый", "is_final": False}
    ]
    rows = [
        {"name": "GM", "aliases": ["General Motors", ""]},
        {"name": "KYB", "aliases": {"0": "Kayaba"}},
        {"name": "VAG", "aliases": "VW, Audi"},
        {"name": "X", "aliases": None},
    ]
    assert make_client(rows).get_brand_names() == [
        ("GM", ["General Motors"]),
        ("KYB", ["Kayaba"]),
        ("VAG", ["VW", "Audi"]),
        ("X", []),
    ]
    options = make_client([{"id": "37", "name": "Cash"}], []).get_order_options()
    assert options == [{"kind": "payment", "code": "37", "name": "Cash"}]


# --- whatever comes
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [*ITEM, "0", "1", "orders", "items", "positions", "name", "id"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(values)
def test_no_answer_breaks_the_client(data):
    client = make_client(json.dumps(data))
    for ask in (
        lambda: client.get_brands("1"),
        lambda: client.get_offers("1", "X"),
        lambda: client.get_offers_of_many([("1", "X")]),
        lambda: client.place_order("P1", [make_line()]),
        lambda: client.find_order("P1", [make_line()]),
        lambda: client.get_positions(["1"]),
        lambda: client.cancel_position("1"),
        client.get_statuses,
        client.get_brand_names,
        client.get_order_options,
        client.check,
    ):
        try:
            ask()
        except SupplierError as error:
            assert error.code in {
                "answer",
                "request",
                "server",
                "unsupported",
                "auth",
            } | {
                "denied",
                "locked",
            }


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ITEM, values)))
def test_no_item_breaks_the_others(row):
    offers = make_client([row, ITEM]).get_offers("333305", "KYB")
    assert any(offer.price == 100.5 for offer in offers)
    for offer in offers:
        assert offer.multiplicity >= 1
        assert offer.price > 0
        assert 0 <= offer.probability <= 100
        json.dumps(offer.order_token)


@given(st.text())
def test_plain_text_is_one_line_without_marks(text):
    result = abcp_client.plain(f"<b>{text}</b>")
    assert "\n" not in result
    assert "<b>" not in result


def test_orders_of_an_answer_with_an_error_are_read():
    """Who takes the order for refused orders the part a second time elsewhere."""
    body = (
        b'{"errorCode": 201, "errorMessage": "One position failed", "orders": '
        b'[{"number": "77", "positions": [{"brand": "MAHLE", "number": "OC90", '
        b'"quantity": 2, "price": 10, "positionId": 5, "comment": "A1"}]}]}'
    )
    client = AbcpClient({"url": "https://shop.example", "login": "l"})
    client.http.request = lambda *args, **values: HttpAnswer(400, {}, body)
    lines = [
        OrderLine("A1", "MAHLE", "OC 90", 2.0, {}),
        OrderLine("A2", "MAHLE", "OC 91", 1.0, {}),
    ]
    result = client.place_order("P1", lines)
    assert [row.order_number for row in result.positions] == ["77"]
    assert [row.reference for row in result.refused] == ["A2"]
    assert result.refused[0].error == "One position failed"


def test_terms_that_no_calendar_knows_are_not_known():
    row = {"brand": "MAHLE", "number": "OC90", "price": 10, "deliveryPeriod": 24}
    [offer] = read_offers([{**row, "deliveryPeriodMax": 999999999}], {"OC90"})
    assert (offer.hours_min, offer.hours_max) == (24, 24)
    [offer] = read_offers([{**row, "deliveryPeriod": "1000000000"}], {"OC90"})
    assert (offer.hours_min, offer.hours_max) == (None, None)
