"""Many who want the same part: everybody gets his turn, nobody gets an error."""

import functools
import time

import gate
import harness
import pytest
from conftest import WebClient, open_stock_windows
from crowd import at_once, refusals, slow_rows
from stock_desk import StockDesk

CROWD = 16
#: Deliveries of each.
ROUNDS = 2
# The lock that a queue is made of, hidden behind one that lets everybody through.
NO_QUEUE = """
    ALTER DATABASE {name} SET search_path = public, pg_catalog;
    CREATE OR REPLACE FUNCTION public.pg_advisory_lock(integer, integer)
        RETURNS void LANGUAGE sql AS 'SELECT';
    CREATE OR REPLACE FUNCTION public.pg_advisory_xact_lock(integer, integer)
        RETURNS void LANGUAGE sql AS 'SELECT';
    CREATE OR REPLACE FUNCTION public.pg_try_advisory_xact_lock(integer, integer)
        RETURNS boolean LANGUAGE sql AS 'SELECT true';
"""
CRON = "ir.cron"


def open_desk(server):
    desk = StockDesk(open_stock_windows(WebClient, CROWD, server), server)
    desk.switch(True)
    return desk


@pytest.fixture(scope="module")
def make_server(make_db, apps_template):
    """A function that prepares a server with threads, and one for scheduled actions."""

    def make(name, sql="", expected=()):
        database = make_db(name, apps_template)
        if sql:
            harness.query(database, sql.format(name=database))
        log = harness.TEST_LOGS / f"{name}_server.log"
        arguments = ("--max-cron-threads", 1)
        server = harness.OdooServer(database, log, 0, arguments)
        server.expected_log += expected
        return server

    return make


@pytest.fixture(scope="module")
def queue_server(make_server):
    with make_server("stock_turn") as server:
        yield server
    problems = gate.log_problems(server.log, server.expected_log)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def desk(queue_server):
    return open_desk(queue_server)


def deliver_one_part(desk):
    """Everybody takes some of the same part, one after the other.

    :return: the part, and what the server refused
    """
    [part] = desk.create_parts(1, quantity=CROWD * ROUNDS)

    def deliver(session):
        for _round in range(ROUNDS):
            values = desk.prepare([(part, 1)])
            [transfer] = session.call("stock.picking", "create", [values])
            session.call("stock.picking", "action_confirm", [transfer])
            desk.validating(session, transfer)()

    with slow_rows(desk.database, 0.02, "stock_quant"):
        answers = at_once(
            *(functools.partial(deliver, session) for session in desk.sessions)
        )
    return part, refusals(answers)


def count_pauses(server):
    """How often the host gave a request up, to try it again after a pause."""
    text = server.log.read_text(encoding="utf-8", errors="replace")
    return text.count("tries left, try again in")


def test_everybody_gets_there(desk, queue_server):
    before = count_pauses(queue_server)
    part, refused = deliver_one_part(desk)
    assert refused == []
    assert count_pauses(queue_server) == before
    assert desk.on_hand(part) == 0
    assert desk.problems([part]) == []


def test_without_the_queue_they_get_in_each_others_way(make_server):
    """The rows' locks alone keep the stock right, but many begin again and again."""
    noise = [r"could not serialize", r"deadlock detected", r"maximum number of tries"]
    with make_server("stock_no_queue", NO_QUEUE, noise) as server:
        desk = open_desk(server)
        part, _refused = deliver_one_part(desk)
        assert count_pauses(server) > CROWD
        assert desk.problems([part]) == []


# --- scheduled actions ----------------------------------------------------------------


def create_job(desk, code):
    """A scheduled action that is due now."""
    model = desk.find_id("stock.model_stock_picking")
    values = {
        "name": "Deliver what is due",
        "model_id": model,
        "state": "code",
        "code": code,
        "interval_number": 1,
        "interval_type": "days",
    }
    [job] = desk.call(CRON, "create", [values])
    return job


def wait_for_job(desk, job, seconds=90):
    """How often it failed, once it has run."""
    deadline = time.monotonic() + seconds
    sql = f"SELECT lastcall IS NOT NULL, failure_count FROM ir_cron WHERE id = {job}"
    while time.monotonic() < deadline:
        [[has_run, failures]] = desk.query(sql)
        if has_run == "t":
            return int(failures)
        time.sleep(0.2)
    raise AssertionError("the scheduled action did not run")


def test_scheduled_action_meets_people(desk):
    """It is not run again by the host: it has to get there by itself."""
    [part] = desk.create_parts(1, quantity=CROWD + 3)
    theirs = desk.deliveries(*[[(part, 1)]] * CROWD)
    own = desk.deliveries(*[[(part, 1)]] * 3)
    with slow_rows(desk.database, 0.1, "stock_quant"):
        job = create_job(
            desk,
            f"for transfer in env['stock.picking'].browse({own}):\n"
            "    transfer.with_context(skip_backorder=True).button_validate()",
        )
        pairs = zip(desk.sessions, theirs, strict=True)
        answers = at_once(*(desk.validating(*pair) for pair in pairs))
        failures = wait_for_job(desk, job)
    assert refusals(answers) == []
    assert failures == 0
    assert set(desk.states(own)) == {"done"}
    assert desk.on_hand(part) == 0
    assert desk.problems([part]) == []
