"""The supplier's server of the tests, asked by a client that shares no code with ours.

What is asked here is what the public documentation of ABCP promises to customers.
"""

import hashlib
import sys
import time
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_abcp.process import FakeAbcp  # noqa: E402

DELIVERY = {"paymentMethod": "37", "shipmentMethod": "4323", "shipmentAddress": "788"}
PADS = {"number": "GDB1330", "brand": "TRW"}


class Customer:
    """A customer of a shop, as plain as possible."""

    def __init__(self, url, login="garage", password="secret"):
        self.url = url
        digest = hashlib.md5(password.encode()).hexdigest()
        self.login = {"userlogin": login, "userpsw": digest}

    def get(self, operation, timeout=10, **params):
        params |= self.login
        return requests.get(f"{self.url}/{operation}", params=params, timeout=timeout)

    def post(self, operation, timeout=10, **params):
        data = params | self.login
        return requests.post(f"{self.url}/{operation}", data=data, timeout=timeout)

    def order(self, *positions, timeout=10, **params):
        """``orders/instant`` of articles with quantities."""
        data = {**DELIVERY, **params}
        for number, (article, quantity) in enumerate(positions):
            for name in ("brand", "number", "itemKey", "supplierCode"):
                data[f"positions[{number}][{name}]"] = article[name]
            data[f"positions[{number}][quantity]"] = quantity
        return self.post("orders/instant", timeout, **data)

    def articles(self, number, brand, **params):
        params |= {"number": number, "brand": brand}
        return self.get("search/articles", **params).json()


@pytest.fixture(scope="module")
def server():
    with FakeAbcp() as server:
        yield server


@pytest.fixture
def customer(server):
    server.reset()
    return Customer(server.url_of("alpha"))


def error_of(answer):
    """HTTP status and number of the error."""
    return answer.status_code, answer.json()["errorCode"]


# Who may ask ------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["garage", "garage@example.com", "79000000001"])
def test_a_customer_has_several_names(server, login):
    answer = Customer(server.url_of("alpha"), login).get("user/info")
    assert answer.json()["code"] == "10001"


@pytest.mark.parametrize(
    ("login", "password", "operation", "error"),
    [
        ("garage", "wrong", "user/info", (403, 102)),
        ("nobody", "secret", "user/info", (403, 102)),
        ("denied", "secret", "user/info", (403, 103)),
        ("garage", "secret", "cp/distributors", (403, 103)),
        ("garage", "secret", "search/nothing", (400, 3)),
        ("garage", "secret", "search/articles", (400, 2)),
        ("garage", "secret", "orders/instant", (400, 3)),  # changing is POST
    ],
)
def test_errors_have_a_number(server, login, password, operation, error):
    customer = Customer(server.url_of("alpha"), login, password)
    assert error_of(customer.get(operation)) == error


def test_plain_password_is_refused(server):
    params = {"userlogin": "garage", "userpsw": "secret"}
    answer = requests.get(server.url_of("alpha/user/info"), params=params, timeout=5)
    assert error_of(answer) == (403, 102)


# Searching --------------------------------------------------------------------------


def test_namesakes_are_brands_of_their_own(customer):
    brands = customer.get("search/brands/", number="gdb-1330").json()
    assert [brand["brand"] for brand in brands] == ["TRW", "KRAFT"]


def test_nothing_found_is_404_with_301(customer):
    assert error_of(customer.get("search/brands", number="NO-SUCH-1")) == (404, 301)
    answer = customer.get("search/articles", number="NO-SUCH-1", brand="TRW")
    assert error_of(answer) == (404, 301)


def test_every_kind_of_stock_is_there(customer):
    offers = customer.articles(**PADS, useOnlineStocks=1, withOutAnalogs=1)
    assert {-1, -2, -3, -10, 0, 5} <= {offer["availability"] for offer in offers}
    assert {1, 2, 4} == {offer["packing"] for offer in offers}


def test_equivalents_come_unless_left_out(customer):
    numbers = {offer["numberFix"] for offer in customer.articles(**PADS)}
    assert numbers == {
        "GDB1330",
        "P85020",
        "FDB1083",
        "13046028802",
        "1H0698451A",
    }
    alone = customer.articles(**PADS, withOutAnalogs=1)
    assert {offer["numberFix"] for offer in alone} == {"GDB1330"}


def test_flags_of_the_search_widen_it(customer):
    usual = customer.articles(**PADS, withOutAnalogs=1)
    online = customer.articles(**PADS, withOutAnalogs=1, useOnlineStocks=1)
    full = customer.articles(**PADS, withOutAnalogs=1, disableFiltering=1)
    assert len(online) == len(full) == len(usual) + 1


def test_another_name_of_the_brand_finds_the_same(customer):
    assert customer.articles("333305", "Kayaba") == customer.articles("333305", "KYB")
    assert customer.articles("93185674", "General Motors", withOutAnalogs=1)


def test_item_key_is_not_unique(customer):
    offers = customer.articles(**PADS, withOutAnalogs=1)
    keys = [offer["itemKey"] for offer in offers]
    assert len(set(keys)) == len(keys) - 1


def test_batch_knows_no_equivalents_and_no_online_stock(customer):
    answer = customer.post(
        "search/batch",
        **{
            "search[0][number]": "GDB1330",
            "search[0][brand]": "TRW",
            "search[1][number]": "01089",
            "search[1][brand]": "Febi",
        },
    ).json()
    assert {offer["numberFix"] for offer in answer} == {"GDB1330", "01089"}
    assert not any(offer["deadlineReplace"] for offer in answer)


def test_batch_takes_a_hundred(customer):
    search = {f"search[{i}][number]": "01089" for i in range(101)}
    search |= {f"search[{i}][brand]": "Febi" for i in range(101)}
    assert error_of(customer.post("search/batch", **search)) == (400, 4)


def test_history_has_the_newest_first(customer):
    for number, brand in (("01089", "Febi"), ("P999", "Hepu")):
        customer.articles(number, brand)
    history = customer.get("search/history").json()
    assert [line["number"] for line in history] == ["P999", "01089"]
    assert len(history[0]["datetime"]) == 14


def test_tips_and_advices(customer):
    tips = customer.get("search/tips", number="GDB").json()
    assert {tip["brand"] for tip in tips} == {"TRW", "KRAFT"}
    advices = customer.get("advices", brand="Mann", number="W712/75", limit=1).json()
    assert [line["number"] for line in advices] == ["P999"]


def test_advices_of_many_are_asked_as_json(customer):
    body = {**customer.login, "articles": [{"brand": "TRW", "number": "GDB1330"}]}
    answer = requests.post(f"{customer.url}/advices/batch", json=body, timeout=5)
    assert [line["total"] for line in answer.json()[0]["advices"]] == [3, 2]


def test_beta_answers_objects_and_texts(server):
    articles = Customer(server.url_of("beta")).articles(**PADS)
    assert list(articles) == [str(number) for number in range(len(articles))]
    first = articles["0"]
    assert (first["availability"], first["noReturn"]) == ("5", "0")
    assert first["deliveryProbability"] == "95"


# Basket -----------------------------------------------------------------------------


def put(customer, article, quantity):
    names = ("brand", "number", "itemKey", "supplierCode")
    data = {f"positions[0][{name}]": article[name] for name in names}
    return customer.post("basket/add", **data, **{"positions[0][quantity]": quantity})


def quantities(customer):
    return [line["quantity"] for line in customer.get("basket/content").json()]


def test_the_same_again_adds_and_zero_deletes(customer):
    article = customer.articles("01089", "Febi")[0]
    put(customer, article, 3)
    put(customer, article, 4)
    assert quantities(customer) == [7]
    put(customer, article, 0)
    assert quantities(customer) == []


def test_basket_refuses_what_does_not_fit(customer):
    article = customer.articles("333305", "KYB")[0]  # sold in twos
    answer = put(customer, article, 3).json()
    assert (answer["status"], answer["positions"][0]["status"]) == (0, 0)
    assert answer["positions"][0]["errorMessage"]


def test_ordering_the_basket_empties_it(customer):
    put(customer, customer.articles("01089", "Febi")[0], 3)
    answer = customer.post("basket/order", **DELIVERY).json()
    assert (answer["status"], len(answer["orders"])) == (1, 1)
    assert quantities(customer) == []


def test_baskets_are_separate(customer):
    put(customer, customer.articles("01089", "Febi")[0], 3)
    assert customer.get("basket/content", basketId=2).json() == []
    assert len(customer.get("basket/multibasket").json()) == 2


# Orders -----------------------------------------------------------------------------


def test_an_order_can_be_found_by_our_number(customer):
    article = customer.articles(**PADS)[0]
    answer = customer.order((article, 2), clientOrderNumber="P00017").json()
    assert answer["status"] == 1
    assert answer["clientOrderNumber"] == "P00017"
    found = customer.get("orders", format="p").json()["items"]
    assert [order["clientOrderNumber"] for order in found] == ["P00017"]
    position = found[0]["positions"][0]
    assert position["positionId"] == answer["orders"][0]["positions"][0]["positionId"]
    assert (position["quantityOrdered"], position["price"]) == (2, article["price"])


def test_good_positions_are_ordered_though_the_status_is_zero(customer):
    article = customer.articles(**PADS)[0]
    stale = {**article, "itemKey": "gone"}
    answer = customer.order((article, 1), (stale, 1)).json()
    assert answer["status"] == 0
    assert answer["errorMessage"]
    assert answer["orders"][0]["positionsQuantity"] == 1


def test_whole_order_or_nothing(customer):
    article = customer.articles(**PADS)[0]
    answer = customer.order((article, 1), (article, 99), wholeOrderOnly=1).json()
    assert (answer["status"], answer["orders"]) == (0, [])
    assert customer.get("orders").json()["count"] == 0


def test_stock_goes_down(customer):
    article = customer.articles(**PADS)[0]
    customer.order((article, 4))
    assert customer.articles(**PADS)[0]["availability"] == 1
    assert customer.order((article, 4)).json()["status"] == 0


def test_the_same_order_twice_is_two_orders(customer):
    article = customer.articles(**PADS)[0]
    for _time in range(2):
        customer.order((article, 1), clientOrderNumber="P00018")
    assert customer.get("orders").json()["count"] == 2


@pytest.mark.parametrize("missing", sorted(DELIVERY))
def test_delivery_must_be_told_where_there_is_a_choice(customer, server, missing):
    article = customer.articles(**PADS)[0]
    answer = customer.order((article, 1), **{missing: ""})
    assert error_of(answer) == (400, 2)
    if missing != "paymentMethod":
        beta = Customer(server.url_of("beta"))
        article = beta.articles(**PADS)["0"]
        assert beta.order((article, 1), paymentMethod="1", **{missing: ""}).ok


def test_pick_up_is_address_zero(customer):
    article = customer.articles(**PADS)[0]
    assert customer.order((article, 1), shipmentAddress="0").json()["status"] == 1


def test_gamma_wants_a_date_and_splits_orders(server):
    gamma = Customer(server.url_of("gamma"))
    offers = gamma.articles(**PADS, useOnlineStocks=1)
    first = offers[0]
    other = next(o for o in offers if o["distributorId"] != first["distributorId"])
    assert error_of(gamma.order((first, 1))) == (400, 2)
    date = gamma.get("basket/shipmentDates", minDeadlineTime=24).json()[0]["date"]
    answer = gamma.order((first, 1), (other, 4), shipmentDate=date).json()
    assert [order["positionsQuantity"] for order in answer["orders"]] == [1, 1]


def test_statuses_move_on(customer, server):
    article = customer.articles(**PADS)[0]
    order = customer.order((article, 1)).json()["orders"][0]
    statuses = customer.get("orders/statuses").json()
    assert order["statusId"] == statuses[0]["id"]
    server.set_status("alpha", order=order["number"], status="В пути")
    found = customer.get("orders/list", **{"orders[0]": order["number"]}).json()
    assert found[0]["positions"][0]["status"] == "В пути"


def test_cancelling_is_a_request_and_may_come_too_late(customer, server):
    article = customer.articles(**PADS)[0]
    order = customer.order((article, 1), (article, 2)).json()["orders"][0]
    first, second = (row["positionId"] for row in order["positions"])
    assert customer.post("orders/cancelPosition", positionId=first).json()["message"]
    server.set_status("alpha", position=second, status="transit")
    late = customer.post("orders/cancelPosition", positionId=second)
    assert error_of(late) == (400, 201)


def test_customers_see_their_own_orders(customer, server):
    article = customer.articles(**PADS)[0]
    customer.order((article, 1))
    second = Customer(server.url_of("alpha"), "second")
    assert second.get("orders").json() == {"count": 0, "items": []}


def test_pages_of_orders(customer):
    article = customer.articles("01089", "Febi")[0]
    numbers = [
        customer.order((article, 1)).json()["orders"][0]["number"] for _n in range(5)
    ]
    page = customer.get("orders", skip=1, limit=2).json()
    assert page["count"] == 5
    assert [order["number"] for order in page["items"]] == numbers[3:1:-1]
    assert error_of(customer.get("orders", limit=1001)) == (400, 4)


def test_more_than_500_positions_are_refused(customer):
    article = customer.articles("01089", "Febi")[0]
    assert error_of(customer.order(*[(article, 1)] * 501)) == (400, 4)


# Cars and brands --------------------------------------------------------------------


def test_garage(customer):
    car = customer.post("user/garage/add", name="Golf", manufacturerId="121").json()
    assert car["manufacturer"] == "VW"
    customer.post("user/garage/update", carId=car["id"], vehicleRegPlate="A001AA77")
    [found] = customer.get("user/garage").json()
    assert (found["name"], found["vehicleRegPlate"]) == ("Golf", "A001AA77")
    assert customer.post("user/garage/delete", carId=car["id"]).json() is True
    assert error_of(customer.get("user/garage/car", carId=car["id"])) == (404, 301)


def test_tree_of_cars(customer):
    [make, *_others] = customer.get("cartree/manufacturers").json()
    params = {"manufacturerId": make["id"]}
    [model] = customer.get("cartree/models", **params).json()
    found = customer.get("cartree/modifications", **params, modelId=model["id"]).json()
    assert found[0]["fullName"] == "Audi A4 (8D) 1.8 T"


def test_brands_have_aliases(customer):
    brands = {
        row["name"]: row["aliases"] for row in customer.get("articles/brands").json()
    }
    assert "KAYABA" in brands["KYB"]


def test_registration_needs_no_login(server):
    data = {"name": "A", "mobile": "79001112233", "office": "1", "password": "x"}
    url = server.url_of("delta/user/new")
    assert requests.post(url, data=data, timeout=5).json()["status"] == 1
    assert requests.post(url, data=data, timeout=5).json()["status"] == 0


# What goes wrong --------------------------------------------------------------------


def test_hanging_ends_when_it_is_let_go(customer, server):
    server.add_fault(operation="search/brands", hang=True)
    with pytest.raises(requests.Timeout):
        customer.get("search/brands", number="402", timeout=0.3)
    server.clear_faults()
    assert customer.get("search/brands", number="402").ok


def test_after_the_order_the_answer_may_never_come(customer, server):
    article = customer.articles(**PADS)[0]
    server.add_fault(operation="orders/instant", hang=True, after=True, times=1)
    with pytest.raises(requests.Timeout):
        customer.order((article, 1), timeout=0.3, clientOrderNumber="P00019")
    assert customer.get("orders").json()["items"][0]["clientOrderNumber"] == "P00019"


def test_locked_a_few_times(customer, server):
    server.add_fault(operation="search/brands", error=303, times=2)
    answers = [customer.get("search/brands", number="402") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [409, 409, 200]


def test_price_changes_between_two_queries(customer, server):
    change = {"GDB1330": {"factor": 1.2}}
    server.add_fault(operation="search/articles", skip=1, times=1, change=change)
    before, after, later = (customer.articles(**PADS)[0] for _time in range(3))
    assert after["price"] == later["price"] == pytest.approx(before["price"] * 1.2)
    assert after["itemKey"] != before["itemKey"]
    assert customer.order((before, 1)).json()["orders"] == []


def test_a_position_is_refused_on_demand(customer, server):
    pads, cooler = customer.articles(**PADS)[0], customer.articles("01089", "Febi")[0]
    refuse = {"GDB1330": "Снято с продажи"}
    server.add_fault(operation="orders/instant", refuse=refuse, times=1)
    answer = customer.order((pads, 1), (cooler, 1)).json()
    assert "Снято с продажи" in answer["errorMessage"]
    assert [p["number"] for p in answer["orders"][0]["positions"]] == ["01089"]


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("reset", requests.ConnectionError),
        ("truncated", requests.exceptions.JSONDecodeError),
        ("broken", requests.exceptions.JSONDecodeError),
        ("redirect", requests.ConnectionError),
    ],
)
def test_words_of_the_login(server, word, error):
    customer = Customer(server.url_of("alpha"), f"garage+{word}")
    with pytest.raises(error):
        customer.get("search/brands", number="402").json()


def test_html_instead_of_json(server):
    answer = Customer(server.url_of("alpha"), "garage+html").get("user/info")
    assert answer.status_code == 500
    assert answer.text.startswith("<html>")


def test_numbers_break_too(customer):
    start = time.monotonic()
    answer = customer.get("search/brands", number="FAULT-SLOW0.4")
    assert answer.status_code == 404
    assert time.monotonic() - start > 0.4
    assert error_of(customer.get("search/brands", number="FAULT-LOCKED")) == (409, 303)


def test_a_drip_never_stops_for_long(customer, server):
    server.add_fault(operation="orders/version", drip=0.1)
    start = time.monotonic()
    answer = customer.get("orders/version", timeout=0.5)  # of silence
    assert answer.json() == {"version": 1}
    assert time.monotonic() - start > 1


def test_too_many_at_once(customer, server):
    server.set_up("alpha", max_parallel=1)
    server.add_fault(operation="search/history", latency=0.5)
    with pytest.raises(requests.Timeout):
        customer.get("search/history", timeout=0.1)
    assert server.control("GET", "load")["most"] == {"alpha/garage": 1}


def test_the_log_hides_passwords(customer, server):
    customer.get("search/brands", number="402")
    [line] = server.requests(operation="search/brands")
    assert (line["login"], line["status"], line["committed"]) == ("garage", 200, True)
    assert line["params"] == {"number": "402", "userlogin": "garage", "userpsw": "…"}


def test_it_ends_with_the_process_that_started_it():
    server = FakeAbcp().start()
    server.process.stdin.close()  # what the end of this process does
    assert server.process.wait(5) == 0
    server.process.stdout.close()
