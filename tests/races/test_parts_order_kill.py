"""A worker that dies while it orders: the order is never lost and never sent twice."""

import signal
import threading
import time

import gate
import harness
import pytest
import requests
from conftest import ServerError
from parts_desk import PLACED, Desk, FakeAbcp


@pytest.fixture(scope="module")
def shops():
    with FakeAbcp() as shops:
        yield shops


@pytest.fixture(scope="module")
def mortal_server(make_db, suite_template):
    """A server of its own, whose workers are killed."""
    database = make_db("mortal_parts", suite_template)
    log = harness.TEST_LOGS / "mortal_parts_server.log"
    with harness.OdooServer(database, log, 2) as server:
        server.expected_log += [r"cursor already closed"]
        yield server
    problems = gate.log_problems(log, server.expected_log)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def desk(board_sessions, mortal_server, shops):
    sessions = board_sessions(2, mortal_server, mortal_server.database)
    desk = Desk(sessions, mortal_server, shops)
    desk.create_account("alpha")
    return desk


@pytest.fixture(autouse=True)
def no_faults(shops):
    yield
    shops.clear_faults()


def order_and_die(desk, line, operation):
    """Order, and kill the worker while the shop is busy with ``operation``."""
    dialog = desk.open_dialog(line)
    seen = len(desk.shops.requests(operation=operation))

    def order():
        try:
            desk.sessions[1].call("auto.service.parts.order", "action_order", [dialog])
        except (ServerError, requests.RequestException, ValueError):
            pass

    person = threading.Thread(target=order)
    person.start()
    wait_until(lambda: len(desk.shops.requests(operation=operation)) > seen)
    time.sleep(0.2)  # the shop has carried it out by now
    workers = desk.find_talking_workers()
    assert workers
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
    person.join()
    desk.shops.clear_faults()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def settle(desk, order, minutes=10):
    """So many minutes later the scheduled action runs."""
    desk.age_order(order, minutes)
    desk.run_cron()
    return desk.read(PLACED, order, "state")


def is_surely_absent(desk, order):
    """Whether the shop said so; the places of dead workers are taken for a while."""
    settle(desk, order, 60)
    return desk.read(PLACED, order, "can_be_placed_again")


def test_killed_after_the_shop_took_the_order(desk):
    line = desk.create_line()
    desk.shops.add_fault(operation="orders/instant", hang=True, after=True, times=1)
    order_and_die(desk, line, "orders/instant")
    order, name, state = desk.read_order(line)
    assert state == "sending"
    assert len(desk.read_placed(name=name)) == 1
    settle(desk, order)
    assert settle(desk, order) == "placed"
    assert len(desk.read_placed(name=name)) == 1
    assert desk.read("sale.order.line", line, "part_state") == "ordered"


def test_killed_before_the_shop_heard_of_the_order(desk):
    line = desk.create_line()
    desk.shops.add_fault(operation="basket/shipmentDates", hang=True, times=1)
    order_and_die(desk, line, "basket/shipmentDates")
    order, name, state = desk.read_order(line)
    assert state == "sending"
    assert not desk.read_placed(name=name)
    # It is looked up until it is clear that the shop does not have it …
    settle(desk, order)
    wait_until(lambda: is_surely_absent(desk, order), 90)
    assert not desk.read_placed(name=name), "nobody sends it blindly"
    # … and then somebody places it again.
    desk.call(PLACED, "action_place_again", [order])
    assert desk.read(PLACED, order, "state") == "placed"
    assert len(desk.read_placed(name=name)) == 1


def test_while_it_is_being_placed_nobody_else_places_it(desk):
    """The scheduled action of another worker leaves the order alone."""
    line = desk.create_line()
    desk.shops.add_fault(operation="orders/instant", latency=3, times=1)
    dialog = desk.open_dialog(line)
    person = threading.Thread(target=desk.ordering(desk.sessions[1], dialog))
    person.start()
    wait_until(lambda: desk.query(
        "SELECT 1 FROM auto_service_supplier_order o JOIN purchase_order_line l"
        f" ON l.order_id = o.purchase_id WHERE l.sale_line_id = {line}"
        " AND o.state = 'sending'"
    ))  # fmt: skip
    desk.run_cron()
    person.join()
    _order, name, state = desk.read_order(line)
    assert state == "placed"
    assert len(desk.read_placed(name=name)) == 1
