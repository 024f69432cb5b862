"""A scan that is sent again while the first request still runs counts once.

A tablet on bad Wi-Fi gives up waiting and sends the scan anew, with the same token:
both requests run at the same moment in two worker processes of a real server.
"""

import uuid

import pytest
from crowd import at_once, refusals, slow_rows
from stock_desk import StockDesk

SCAN = "auto.service.scan"
COUNT = "auto.service.stock.count"
#: So long the row of a shelf takes to be written: both requests are there by then.
SECONDS = 0.3


@pytest.fixture(scope="module")
def desk(stock_sessions, stock_server):
    desk = StockDesk(stock_sessions(2, stock_server), stock_server)
    desk.warm_up()
    return desk


def handle(session, token, mode, event, state):
    return session.call(SCAN, "handle", token, mode, event, state)


def test_a_move_that_is_sent_twice_at_once_moves_once(desk):
    [part] = desk.create_parts(1, quantity=0)
    source, target = desk.create_bin("SCAN-1"), desk.create_bin("SCAN-2")
    desk.put([part], 5, source)
    state = {
        "from": source,
        "lines": [{"product": part, "lot": False, "quantity": 1.0}],
    }
    event = {"action": "choose", "args": {"kind": "location", "id": target}}
    token = str(uuid.uuid4())
    with slow_rows(desk.database, SECONDS, "stock_quant"):
        answers = at_once(
            *(
                lambda session=session: handle(session, token, "move", event, state)
                for session in desk.sessions
            )
        )
    assert refusals(answers) == []
    assert answers[0].result == answers[1].result
    assert answers[0].result["tone"] == "ok", answers[0].result["message"]
    rows = desk.query(
        f"SELECT quantity FROM stock_quant WHERE product_id = {part} "
        f"AND location_id = {target}"
    )
    assert [float(quantity) for (quantity,) in rows] == [1.0]
    assert desk.problems([part]) == []


def test_a_count_that_is_applied_twice_at_once_is_applied_once(desk):
    [part] = desk.create_parts(1, quantity=0)
    place = desk.create_bin("SCAN-3")
    desk.put([part], 5, place)
    count = desk.call(COUNT, "create", {"location_id": place})
    desk.call(
        COUNT + ".line",
        "create",
        {
            "count_id": count,
            "location_id": place,
            "product_id": part,
            "quantity_expected": 5.0,
            "quantity_counted": 3.0,
            "is_counted": True,
        },
    )
    with slow_rows(desk.database, SECONDS, "stock_quant"):
        answers = at_once(
            *(
                lambda session=session: session.call(COUNT, "action_apply", [count])
                for session in desk.sessions
            )
        )
    assert len(refusals(answers)) == 1, "the second one reads that it is over"
    rows = desk.query(
        f"SELECT sum(quantity) FROM stock_quant WHERE product_id = {part} "
        f"AND location_id = {place}"
    )
    assert float(rows[0][0]) == 3.0
