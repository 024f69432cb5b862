"""The board does not run without the constraint that keeps it from double bookings.

Odoo itself only logs a constraint that it could not make, and goes on without it.
"""

import gate
import harness
import pytest

LOGS = harness.TEST_LOGS
ADDON = "auto_service_booking"
GUARD = """
    SELECT count(*) FROM pg_constraint
     WHERE conrelid = 'auto_service_allocation'::regclass AND contype = 'x'
"""
NO_GUARD = """
    ALTER TABLE auto_service_allocation
        DROP CONSTRAINT auto_service_allocation_no_overlap
"""
BAY = """
    INSERT INTO resource_resource (name, resource_type, tz, time_efficiency, active,
                                   company_id, auto_service_role)
    VALUES ('Lift', 'material', 'UTC', 100, TRUE, 1, 'bay') RETURNING id
"""
ROW = """
    INSERT INTO auto_service_allocation
           (resource_id, start, stop, state, block, company_id)
    VALUES ({bay}, '2030-01-07 {start}', '2030-01-07 {stop}', 'planned', 1, 1)
    RETURNING id
"""


@pytest.fixture
def database(make_db, suite_template):
    return make_db("booking_guard", suite_template)


def upgrade(database, name):
    """Upgrade the addon; exit code, and the log."""
    log = LOGS / f"booking_guard_{name}.log"
    arguments = ("-d", database, "-u", ADDON, "--stop-after-init", "--no-http")
    return harness.run_odoo(*arguments, log=log), log


def insert(database, sql):
    return int(harness.query(database, sql)[0][0])


def test_upgrade_refuses_a_board_that_is_not_guarded(database):
    assert harness.query(database, GUARD) == [["1"]]
    bay = insert(database, BAY)
    harness.query(database, NO_GUARD)
    first = insert(database, ROW.format(bay=bay, start="09:00", stop="11:00"))
    second = insert(database, ROW.format(bay=bay, start="10:00", stop="12:00"))

    code, log = upgrade(database, "refused")
    assert code, "the upgrade went through without the guard"
    text = log.read_text(errors="replace")
    assert "does not guard the board against double bookings" in text
    assert f"{first}/{second}" in text, "the rows that overlap are not named"

    # As the message says: one of the pair is cancelled, the upgrade goes through.
    harness.query(
        database,
        f"UPDATE auto_service_allocation SET state = 'cancelled' WHERE id = {second}",
    )
    code, log = upgrade(database, "mended")
    assert code == 0, log.read_text(errors="replace")[-3000:]
    assert harness.query(database, GUARD) == [["1"]]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def test_upgrade_puts_a_lost_guard_back(database):
    """Restored without the extension, for example."""
    harness.query(database, "DROP EXTENSION btree_gist CASCADE")
    assert harness.query(database, GUARD) == [["0"]]
    code, log = upgrade(database, "back")
    assert code == 0, log.read_text(errors="replace")[-3000:]
    assert harness.query(database, GUARD) == [["1"]]
