"""Two people load files of one supplier at the same moment.

Guard: the advisory lock of a load, and the row ``labour.import`` of the entry guard
behind it. Without the first one the second load waits for minutes; without the row it
goes on with an old view of the database and makes the same vehicle types again.
"""

import base64
import threading

import harness
import pytest
from conftest import ServerError

MODEL = "auto.service.labour.import"
ROWS = "".join(
    f"RACE{op};Work {op};{op % 9 + 1};Racemake;Racer {car}\n"
    for car in range(40)
    for op in range(500)
)
CONTENT = base64.b64encode(f"Code;Name;Hours;Make;Model\n{ROWS}".encode()).decode()


def prepare(session, source):
    """An import that was checked."""
    number = session.call(
        MODEL,
        "create",
        {"filename": "race.csv", "file": CONTENT, "source_id": source},
    )
    state = session.call(MODEL, "start_check", [number])["state"]
    while state == "checking":
        state = session.call(MODEL, "step_check", [number])["state"]
    assert state == "checked"
    return number


def load_both(sessions, numbers):
    """Load two imports at the same moment.

    :return: list of refusals, pairs (place, text)
    """
    barrier, refusals = threading.Barrier(2), []

    def load(place):
        barrier.wait()
        try:
            sessions[place].call(MODEL, "run_load", [numbers[place]])
        except ServerError as error:
            refusals.append((place, str(error)))

    threads = [threading.Thread(target=load, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


@pytest.fixture
def sessions(sign_in, suite_db):
    """Two sessions of a manager."""
    group = harness.query(
        suite_db,
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'auto_service_base' AND name = 'group_manager'",
    )
    admin = sign_in()
    admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
    return [admin, sign_in()]


def test_two_loads_at_once(sessions, odoo_server):
    odoo_server.expected_log.append("Another import is being loaded")
    source = sessions[0].call(
        "auto.service.labour.source", "create", {"name": "Race of imports"}
    )
    numbers = [prepare(session, source) for session in sessions]
    for place, text in load_both(sessions, numbers):
        assert "Another import is being loaded" in text
        sessions[place].call(MODEL, "run_load", [numbers[place]])

    count = sessions[0].call
    mine = [["source_id", "=", source]]
    assert count("auto.service.labour.time", "search_count", mine) == 20_000
    types = [["model_id.brand_id.name", "=", "Racemake"]]
    assert count("auto.service.vehicle.type", "search_count", types) == 40
    codes = [["code", "=like", "RACE%"]]
    assert count("auto.service.operation", "search_count", codes) == 500
    results = count(MODEL, "read", numbers, ["state", "counts"])
    assert [item["state"] for item in results] == ["done", "done"]
    # The second one found everything as it was.
    assert sorted(item["counts"]["new"] for item in results) == [0, 20_000]
