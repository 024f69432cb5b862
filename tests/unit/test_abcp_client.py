"""What the client of the ABCP protocol makes of answers."""

from auto_service_parts.tools.abcp_client import AbcpClient, read_offers
from auto_service_parts.tools.supplier_client import OrderLine
from auto_service_parts.tools.supplier_http import HttpAnswer


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
