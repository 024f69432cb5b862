"""Two people enter the same labour time at once: one of them is told, none is doubled.

Two sessions go to two workers of a real server. Guards: the exclusion constraint
``auto_service_labour_time_no_overlap`` for times with days of validity, and the unique
index ``auto_service_labour_time_key_uniq`` for the others. Without them both times are
stored, because neither transaction sees the other's row.
"""

import threading

import harness
import psycopg2
import pytest
from conftest import ServerError

ROUNDS = 6


@pytest.fixture
def catalogue(sign_in, suite_db):
    """Two sessions, an operation and a source."""
    group = harness.query(
        suite_db,
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'auto_service_base' AND name = 'group_manager'",
    )
    admin = sign_in()
    admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
    source = admin.call("auto.service.labour.source", "create", {"name": "Guide"})
    return [admin, sign_in()], source


def create_at_once(sessions, values_list):
    """Each session creates its time at the same moment.

    :return: ids, and the refusals
    """
    barrier, created, refusals = threading.Barrier(len(sessions)), [], []

    def create(session, values):
        barrier.wait()
        try:
            created.append(session.call("auto.service.labour.time", "create", values))
        except ServerError as error:
            refusals.append(str(error))

    threads = [
        threading.Thread(target=create, args=pair)
        for pair in zip(sessions, values_list, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return created, refusals


@pytest.mark.parametrize(
    "first, second, sentence",
    [
        (
            {"valid_from": "2026-01-01", "valid_to": "2026-06-30"},
            {"valid_from": "2026-06-01"},
            "valid on the same days",
        ),
        ({}, {}, "has a time of this kind"),
    ],
)
def test_overlapping_times_are_entered_once(
    catalogue, odoo_server, suite_db, first, second, sentence
):
    odoo_server.expected_log += ["labour_time_no_overlap", "labour_time_key_uniq"]
    odoo_server.expected_log.append(sentence)
    sessions, source = catalogue
    for number in range(ROUNDS):
        operation = sessions[0].call(
            "auto.service.operation", "create", {"name": f"Operation {number}"}
        )
        values = {"operation_id": operation, "source_id": source, "hours": 1.0}
        created, refusals = create_at_once(
            sessions, [{**values, **first}, {**values, **second}]
        )
        assert len(created) == 1, refusals
        assert sentence in refusals[0]
        times = f"auto_service_labour_time WHERE operation_id = {operation}"
        assert harness.query(suite_db, f"SELECT count(*) FROM {times}") == [["1"]]


def test_times_of_different_days_are_both_entered(catalogue, suite_db):
    sessions, source = catalogue
    for number in range(ROUNDS):
        operation = sessions[0].call(
            "auto.service.operation", "create", {"name": f"Other {number}"}
        )
        values = {"operation_id": operation, "source_id": source, "hours": 1.0}
        created, refusals = create_at_once(
            sessions,
            [
                {**values, "valid_from": "2026-01-01", "valid_to": "2026-06-30"},
                {**values, "valid_from": "2026-07-01"},
            ],
        )
        assert len(created) == 2, refusals


def test_second_transaction_waits_and_is_refused_by_the_database(catalogue, suite_db):
    """What two imports do: plain SQL, and neither sees what the other writes."""
    sessions, source = catalogue
    operation = sessions[0].call("auto.service.operation", "create", {"name": "Raw"})
    insert = (
        "INSERT INTO auto_service_labour_time"
        " (operation_id, source_id, kind, hours, active, valid_from, valid_to)"
        " VALUES (%s, %s, 'standard', 1, TRUE, %s, %s)"
    )
    first, second = (psycopg2.connect(dbname=suite_db) for _number in range(2))
    refusals = []
    try:
        for connection in (first, second):
            connection.set_isolation_level(2)  # REPEATABLE READ, as Odoo's
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM auto_service_labour_time")
        with first.cursor() as cursor:
            cursor.execute(insert, (operation, source, "2026-01-01", "2026-12-31"))

        def write_second():
            with second.cursor() as cursor:
                try:
                    cursor.execute(insert, (operation, source, "2026-12-31", None))
                # The second one is told so, or to start again and be told then.
                except (
                    psycopg2.errors.ExclusionViolation,
                    psycopg2.errors.SerializationFailure,
                ) as error:
                    refusals.append(error)

        thread = threading.Thread(target=write_second)
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "the second does not wait for the first"
        first.commit()
        thread.join(30)
    finally:
        first.close()
        second.close()
    assert refusals, "both times are stored"
