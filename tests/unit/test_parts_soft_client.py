"""The client of Parts-Soft shops reads what they answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools.parts_soft_client import PartsSoftClient
from auto_service_parts.tools.supplier_client import SupplierError
from auto_service_parts.tools.supplier_http import HttpAnswer

ROW = {
    "oem": "333-305",
    "make_name": "KYB",
    "detail_name": "Shock &amp; absorber",
    "cost": "61,20",
    "qnt": "10<",
    "min_qnt": 2,
    "min_delivery_day": 1,
    "max_delivery_day": "3",
    "system_hash": "abc",
    "sup_logo": "W1",
}


class Net:
    def __init__(self, status, body):
        self.status = status
        self.body = body if isinstance(body, str) else json.dumps(body)
        self.asked = []

    def request(self, method, path, params):
        self.asked.append((method, path, params))
        return HttpAnswer(self.status, {}, self.body.encode())

    def hide(self, text):
        return text.replace("key", "***")


def make_client(body, status=200, url="https://shop.invalid"):
    client = PartsSoftClient({"url": url, "password": "key"})
    client.http = Net(status, body)
    return client


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://shop.invalid", "https://shop.invalid/api/v1/"),
        ("https://shop.invalid/", "https://shop.invalid/api/v1/"),
        ("https://x.invalid/backend/price_items/api/v1", None),
    ],
)
def test_the_address_may_name_the_path(url, base):
    client = PartsSoftClient({"url": url, "password": "key"})
    assert client.http.base == (base or f"{url}/")


def test_offers():
    other = {**ROW, "oem": "G7351", "make_name": "MONROE", "qnt": 0}
    broken = {**ROW, "cost": "ask"}
    client = make_client({"result": "ok", "data": [ROW, other, broken]})
    first, second = client.get_offers("333305", "KYB")
    assert (first.brand, first.number, first.name) == (
        "KYB",
        "333-305",
        "Shock & absorber",
    )
    assert (first.price, first.quantity_sign, first.quantity) == (61.2, ">", 10)
    assert (first.hours_min, first.hours_max, first.multiplicity) == (24, 72, 2)
    assert first.order_token == {"hash": "abc"}
    assert (first.is_equivalent, second.is_equivalent) == (False, True)
    assert second.is_on_order
    method, path, params = client.http.asked[0]
    assert (method, path) == ("GET", "search/get_offers_by_oem_and_make_name")
    assert (params["api_key"], params["without_cross"]) == ("key", 0)
    assert len(client.get_offers("333305", "KYB", with_equivalents=False)) == 1


def test_brands():
    data = {"0": {"number": "333305", "brand": "KYB", "des_text": "Shock"}}
    [hit] = make_client({"result": "ok", "data": data}).get_brands("333305")
    assert (hit.brand, hit.number, hit.name) == ("KYB", "333305", "Shock")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"result": "error", "error": "Wrong api_key"}, "auth"),
        (200, {"result": "error", "error": "Превышен лимит запросов"}, "limit"),
        (200, {"result": "error", "error": "Доступ к API закрыт"}, "denied"),
        (200, {"result": "error", "error": "?"}, "request"),
        (200, {"data": []}, "answer"),
        (200, "<html>", "answer"),
        (429, "", "limit"),
        (401, "", "auth"),
        (500, "<html>", "server"),
    ],
)
def test_errors(status, body, code):
    with pytest.raises(SupplierError) as caught:
        make_client(body, status).get_brands("1")
    assert caught.value.code == code
    assert "key" not in caught.value.message


def test_nothing_found_is_an_empty_list():
    assert make_client({"result": "error", "error": "Не найдено"}).get_brands("1") == []
    assert make_client({"result": "ok", "data": []}).get_offers("1", "X") == []
    assert make_client({"result": "ok"}).get_offers("1", "X") == []


def test_it_takes_no_orders():
    with pytest.raises(SupplierError) as caught:
        make_client({}).place_order("P1", [])
    assert (caught.value.code, caught.value.is_doubtful) == ("unsupported", False)


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ROW, anything)))
def test_no_row_breaks_the_others(row):
    client = make_client({"result": "ok", "data": [row, ROW]})
    assert any(offer.price == 61.2 for offer in client.get_offers("333305", "KYB"))
