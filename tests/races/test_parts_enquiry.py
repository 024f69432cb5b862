"""Many enquiries at once, one supplier that never answers: nobody else waits."""

import time

import pytest
from crowd import at_once, refusals
from parts_desk import ENQUIRY, Desk, FakeAbcp


@pytest.fixture(scope="module")
def shops():
    with FakeAbcp() as shops:
        yield shops


@pytest.fixture(scope="module")
def desk(board_sessions, odoo_server, shops):
    desk = Desk(board_sessions(4), odoo_server, shops)
    desk.call("auto.service.supplier.account", "write", desk.call(
        "auto.service.supplier.account", "search", []
    ), {"active": False})  # fmt: skip
    desk.create_account("alpha", timeout_seconds=6, max_parallel=10)
    desk.create_account("omega", timeout_seconds=6, max_parallel=10)
    odoo_server.expected_log += [r"could not serialize access"]
    return desk


def start(session):
    """Ask, as the screen does; id of the enquiry."""
    params = {"number": "GDB1330", "brand_name": "TRW"}
    enquiry = session.call(ENQUIRY, "start_enquiry", params)["id"]
    session.call(ENQUIRY, "run_live", [enquiry])
    return enquiry


def read_states(desk, enquiry):
    progress = desk.call(ENQUIRY, "get_progress", [enquiry])
    sources = progress["sources"]
    return {source["name"]: source["state"] for source in sources}


def test_supplier_that_hangs_keeps_no_worker(desk):
    """More enquiries than workers wait for it; a colleague's click is quick."""
    limit = desk.patience(3)
    desk.shops.add_fault(shop="omega", operation="search/articles", hang=True)
    answers = at_once(*(lambda s=session: start(s) for session in desk.sessions))
    assert not refusals(answers)
    begin = time.monotonic()
    for _click in range(3):
        desk.call("res.users", "read", [2], ["name"])
    assert time.monotonic() - begin < limit
    for answer in answers:
        desk.wait_for_answers(answer.result)
        states = read_states(desk, answer.result)
        assert (states["Alpha"], states["Omega"]) == ("done", "timeout")
    desk.shops.clear_faults()


def test_asked_twice_at_the_same_moment_suppliers_are_asked_once(desk):
    """Two windows show the same enquiry; both tell the server to ask."""
    params = {"number": "01089", "brand_name": "FEBI"}
    enquiry = desk.call(ENQUIRY, "start_enquiry", params)["id"]
    at_once(
        *(
            lambda s=session: s.call(ENQUIRY, "run_live", [enquiry])
            for session in desk.sessions[:2]
        )
    )
    desk.wait_for_answers(enquiry)
    asked = desk.shops.requests(shop="alpha", operation="search/articles")
    numbers = [line["params"]["number"] for line in asked]
    assert numbers.count("01089") == 1
