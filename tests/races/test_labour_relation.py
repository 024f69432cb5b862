"""Two people cannot make two operations contain each other, not even at once.

Each of them sees a catalogue without the relation of the other one, so neither check
finds the circle. Only the row of the guard ``labour.relation`` brings them together:
without it both relations are saved (seen, with the guard taken out).
"""

import threading

import harness
import pytest
from conftest import ServerError

ROUNDS = 6


def relate_at_once(sessions, pairs, kind):
    """Save a relation for each pair of operations at the same moment.

    :return: ids of the relations, and the refusals
    """
    barrier, saved, refusals = threading.Barrier(len(pairs)), [], []

    def save(session, pair):
        barrier.wait()
        values = {
            "operation_id": pair[0],
            "other_operation_id": pair[1],
            "kind": kind,
        }
        try:
            saved.append(session.call("auto.service.labour.relation", "create", values))
        except ServerError as error:
            refusals.append(str(error))

    threads = [
        threading.Thread(target=save, args=args)
        for args in zip(sessions, pairs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saved, refusals


@pytest.mark.parametrize("kind", ["includes", "preliminary", "follow_up"])
def test_two_relations_at_once_make_no_circle(sessions, odoo_server, suite_db, kind):
    odoo_server.expected_log.append("go round in a circle")
    for number in range(ROUNDS):
        names = [f"{name} {kind} {number}" for name in ("Belt", "Pump")]
        belt, pump = (
            sessions[0].call("auto.service.operation", "create", {"name": name})
            for name in names
        )
        saved, refusals = relate_at_once(sessions, [(belt, pump), (pump, belt)], kind)
        assert len(saved) == 1, "both relations are there: a circle"
        assert "go round in a circle" in refusals[0]
        count = harness.query(
            suite_db,
            "SELECT count(*) FROM auto_service_labour_relation"
            f" WHERE operation_id IN ({belt}, {pump})",
        )
        assert count == [["1"]]
