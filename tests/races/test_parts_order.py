"""Two people order the same part at the same moment: it is ordered once.

Guards: the lines of the estimate are written before the purchase order is made, so
that the second one starts again and sees it; the order at the supplier is claimed in a
committed transaction of its own, with a partial unique index behind it.
"""

import pytest
from crowd import at_once, deadlocks, refusals, slow_rows, winners
from parts_desk import PLACED, Desk, FakeAbcp


@pytest.fixture(scope="module")
def shops():
    with FakeAbcp() as shops:
        yield shops


@pytest.fixture(autouse=True)
def full_shelves(shops):
    """What earlier tests bought is in stock again."""
    shops.reset()


@pytest.fixture(scope="module")
def desk(board_sessions, odoo_server, shops):
    desk = Desk(board_sessions(2), odoo_server, shops)
    desk.create_account("alpha")
    odoo_server.expected_log += [
        r"Ordered already by",
        r"could not serialize access",
        r"may be at Alpha already",
        r"already executing",
    ]
    return desk


def test_two_people_order_the_same_line(desk):
    line = desk.create_line()
    dialogs = [desk.open_dialog(line, session) for session in desk.sessions]
    before = deadlocks(desk.server.database)
    # Both have looked whether it is ordered before the first one is committed.
    with slow_rows(desk.server.database, 0.6, "purchase_order"):
        answers = at_once(
            *(
                desk.ordering(session, dialog)
                for session, dialog in zip(desk.sessions, dialogs, strict=True)
            )
        )
    assert len(winners(answers)) == 1
    assert "Ordered already by" in refusals(answers)[0]
    assert len(desk.read_purchases(line)) == 1
    _order, name, state = desk.read_order(line)
    assert state == "placed"
    assert len(desk.read_placed(name=name)) == 1
    assert deadlocks(desk.server.database) == before


def test_two_windows_with_the_same_dialog(desk):
    line = desk.create_line()
    dialog = desk.open_dialog(line)
    at_once(*(desk.ordering(session, dialog) for session in desk.sessions))
    assert len(desk.read_purchases(line)) == 1
    _order, name, _state = desk.read_order(line)
    assert len(desk.read_placed(name=name)) == 1


def test_the_same_part_into_two_estimates_is_one_product(desk):
    desk.shops.control(
        "POST",
        "offers",
        {"shop": "alpha", "brand": "Racebrand", "number": "RACE-1", "many": 1},
    )
    visits = [desk.create_visit() for _session in desk.sessions]
    offers = [
        desk.enquire(number="RACE-1", brand="Racebrand", order_id=visit)[0]["id"]
        for visit in visits
    ]
    with slow_rows(desk.server.database, 0.4, "product_template"):
        answers = at_once(
            *(
                desk.adding(*triple)
                for triple in zip(desk.sessions, offers, visits, strict=True)
            )
        )
    assert not refusals(answers)
    products = desk.query(
        "SELECT DISTINCT product_id FROM auto_service_part_number"
        " WHERE number_key = 'RACE1' AND kind = 'main'"
    )
    assert len(products) == 1
    lines = [answer.result["line_id"] for answer in answers]
    ids = {desk.read("sale.order.line", line, "product_id")[0] for line in lines}
    assert ids == {int(products[0][0])}


def test_two_people_look_the_same_order_up(desk):
    """Both find it at the supplier; the positions are kept once, nothing is sent."""
    line = desk.create_line()
    desk.shops.add_fault(operation="orders/instant", reset=True, after=True, times=1)
    desk.ordering(desk.sessions[0], desk.open_dialog(line))()
    order, name, state = desk.read_order(line)
    assert state == "unknown"
    desk.shops.add_fault(operation="orders", latency=0.3, times=2)
    at_once(*(desk.looking_up(session, order) for session in desk.sessions))
    assert desk.read(PLACED, order, "state") == "placed"
    assert len(desk.read_placed(name=name)) == 1
    assert len(desk.read_purchases(line)) == 1


def test_order_that_may_be_placed_again_is_placed_once(desk):
    line = desk.create_line()
    desk.shops.add_fault(operation="orders/instant", reset=True, times=1)
    desk.ordering(desk.sessions[0], desk.open_dialog(line))()
    order, name, _state = desk.read_order(line)
    desk.age_order(order)
    desk.looking_up(desk.sessions[0], order)()
    assert desk.read(PLACED, order, "can_be_placed_again")
    at_once(
        *(
            lambda session=session: session.call(PLACED, "action_place_again", [order])
            for session in desk.sessions
        )
    )
    assert desk.read(PLACED, order, "state") == "placed"
    assert len(desk.read_placed(name=name)) == 1


def test_scheduled_action_started_twice_places_once(desk):
    """The shop was locked; later two processes find the order waiting."""
    line = desk.create_line()
    desk.shops.add_fault(operation="orders/instant", error=303, times=2)
    desk.ordering(desk.sessions[0], desk.open_dialog(line))()
    order, name, state = desk.read_order(line)
    assert state == "waiting"
    desk.query("DELETE FROM auto_service_supplier_health")
    desk.age_order(order)
    desk.shops.add_fault(operation="basket/shipmentDates", latency=0.3)
    at_once(*(lambda s=session: desk.run_cron(s) for session in desk.sessions))
    desk.shops.clear_faults()
    assert desk.read(PLACED, order, "state") == "placed"
    assert len(desk.read_placed(name=name)) == 1


def test_two_people_ask_for_the_statuses(desk):
    """Both write the same line; it is where the shop says, and nobody is refused."""
    line = desk.create_line()
    desk.ordering(desk.sessions[0], desk.open_dialog(line))()
    order, name, _state = desk.read_order(line)
    desk.shops.set_status("alpha", order=name, status="В пути")
    desk.shops.add_fault(operation="orders/list", latency=0.3, times=2)
    with slow_rows(desk.server.database, 0.2, "purchase_order_line"):
        answers = at_once(*(desk.looking_up(s, order) for s in desk.sessions))
    assert not refusals(answers)
    assert desk.read("sale.order.line", line, "part_state") == "transit"
    assert len(desk.read_purchases(line)) == 1
