"""Two people buy, give back and settle the same at the same moment: it happens once.

Guards: who orders or returns a part writes a row of the part first, who settles a
deposit the deposit's own row; the second one starts again and sees the first.
"""

import pytest
from crowd import at_once, refusals, slow_rows, winners
from stock_desk import StockDesk

SECONDS = 0.4


@pytest.fixture(scope="module")
def desk(stock_sessions, stock_server):
    stock_server.expected_log += [
        r"ordered meanwhile",
        r"on a return already",
        r"old parts are outstanding",
    ]
    return StockDesk(stock_sessions(2, stock_server), stock_server)


@pytest.fixture
def supplier(desk):
    return desk.call("res.partner", "create", [{"name": "Race Wholesale"}])[0]


def create_part(desk, supplier, **values):
    seller = [0, 0, {"partner_id": supplier, "price": 10.0}]
    return desk.create_parts(1, seller_ids=[seller], **values)[0]


def calling(session, model, method, ids):
    return lambda: session.call(model, method, ids)


def at_both(desk, model, method, ids):
    """Each of two people does the same to a record of their own."""
    pairs = zip(desk.sessions, ids, strict=True)
    return at_once(*(calling(session, model, method, [key]) for session, key in pairs))


def test_two_buyers_order_the_same_part(desk, supplier):
    part = create_part(desk, supplier)
    desk.deliveries([(part, 10)])
    [row] = desk.call(
        "auto.service.buy.proposal", "search", [["product_id", "=", part]]
    )
    dialogs = [
        session.call("auto.service.buy.proposal", "action_order", [row])["res_id"]
        for session in desk.sessions
    ]
    # Both have looked what is on order before the first one is committed.
    with slow_rows(desk.database, SECONDS, "purchase_order"):
        answers = at_both(desk, "auto.service.buy.order", "action_confirm", dialogs)
    assert len(winners(answers)) == 1
    assert "ordered meanwhile" in refusals(answers)[0]
    lines = desk.call(
        "purchase.order.line",
        "search_read",
        [["product_id", "=", part]],
        ["product_qty"],
    )
    assert [line["product_qty"] for line in lines] == [10]


def test_two_people_return_the_same_part(desk, supplier):
    part = create_part(desk, supplier, quantity=3)
    purchase = desk.call(
        "purchase.order",
        "create",
        [
            {
                "partner_id": supplier,
                "order_line": [
                    [0, 0, {"product_id": part, "product_qty": 2, "price_unit": 10}]
                ],
            }
        ],
    )
    desk.call("purchase.order", "button_confirm", purchase)
    [receipt] = desk.call("purchase.order", "read", purchase, ["picking_ids"])
    desk.call("stock.picking", "button_validate", receipt["picking_ids"])
    [row] = desk.call("auto.service.idle.part", "search", [["product_id", "=", part]])
    with slow_rows(desk.database, SECONDS, "auto_service_supplier_return"):
        answers = at_both(desk, "auto.service.idle.part", "action_return", [row, row])
    assert len(winners(answers)) == 1
    assert "on a return already" in refusals(answers)[0]
    lines = desk.call(
        "auto.service.supplier.return.line",
        "search_read",
        [["product_id", "=", part]],
        ["quantity"],
    )
    assert sum(line["quantity"] for line in lines) == 5


def test_two_people_settle_the_same_old_part(desk, supplier):
    part = create_part(desk, supplier)
    [core] = desk.call(
        "auto.service.core",
        "create",
        [
            {
                "direction": "given",
                "partner_id": supplier,
                "product_id": part,
                "amount_unit": 30,
            }
        ],
    )
    with slow_rows(desk.database, SECONDS, "auto_service_core_settlement"):
        answers = at_both(desk, "auto.service.core", "action_settle", [core, core])
    assert len(winners(answers)) == 1
    assert "old parts are outstanding" in refusals(answers)[0]
    [core] = desk.call("auto.service.core", "read", [core], ["quantity_settled"])
    assert core["quantity_settled"] == 1
