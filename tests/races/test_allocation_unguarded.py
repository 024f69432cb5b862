"""What the guard of the board is good for: the same clicks without it.

A database of its own, in which the lock, or the constraint, or both are taken away.
If one of these tests finds no damage any more, the tests with the guard prove nothing.
"""

import gate
import harness
import pytest
from crowd import at_once, deadlocks, double_bookings, refusals, slow_rows, winners
from garage_board import Board, Garage

CROWD = 6
DAMAGE = [
    r"is taken from",
    r"deadlock detected",
    r"DEADLOCK",
    r"could not serialize",
]

# The function that the addon takes its lock with, hidden behind one that does nothing.
NO_LOCK = """
    ALTER DATABASE {name} SET search_path = public, pg_catalog;
    CREATE OR REPLACE FUNCTION public.pg_advisory_xact_lock(bigint) RETURNS void
        LANGUAGE sql AS 'SELECT';
"""
NO_CONSTRAINT = """
    ALTER TABLE auto_service_allocation
        DROP CONSTRAINT auto_service_allocation_no_overlap
"""
CONSTRAINT = """
    SELECT format('ALTER TABLE auto_service_allocation ADD CONSTRAINT %I %s',
                  conname, pg_get_constraintdef(oid))
      FROM pg_constraint
     WHERE conrelid = 'auto_service_allocation'::regclass AND contype = 'x'
"""


@pytest.fixture(scope="module")
def unlocked_server(make_db, suite_template):
    """A server whose database grants every lock at once."""
    database = make_db("unguarded", suite_template)
    harness.query(database, NO_LOCK.format(name=database))
    log = harness.TEST_LOGS / "unguarded_server.log"
    with harness.OdooServer(database, log, workers=2) as server:
        server.expected_log += DAMAGE
        yield server
    problems = gate.log_problems(log, server.expected_log)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def board(board_sessions, unlocked_server):
    database = unlocked_server.database
    return Board(board_sessions(CROWD, unlocked_server, database), database)


@pytest.fixture
def no_constraint(board):
    """Without the constraint; it is back afterwards."""
    [[again]] = board.query(CONSTRAINT)
    board.query(NO_CONSTRAINT)
    yield
    board.query("TRUNCATE auto_service_allocation")
    board.query(again)


def test_without_the_lock_what_needs_two_ends_in_deadlocks(board):
    """The constraint holds, but somebody waits a second for nothing, at least."""
    before = deadlocks(board.database)
    bays = board.create_bays(2)
    first, second = board.sessions[:2]
    with slow_rows(board.database):
        answers = at_once(
            board.booking(first, bays, start=9),
            board.booking(second, bays[::-1], start=9),
        )
    assert deadlocks(board.database) > before
    assert len(winners(answers)) == 1
    assert double_bookings(board.database) == 0


def test_without_the_lock_the_reserve_is_promised_twice(board, unlocked_server):
    """Nobody sees what the other has not committed yet."""
    garage = Garage(board.sessions, board.database)
    garage.close_all()
    answers, bookings = garage.contend_for_reserve(next(garage.days))
    assert refusals(answers) == []
    assert len(garage.count_live(bookings)) == 3


def test_without_the_constraint_a_bay_is_given_to_all(board, no_constraint):
    [bay] = board.create_bays(1)
    answers = at_once(
        *(board.booking(session, [bay], start=9) for session in board.sessions)
    )
    assert refusals(answers) == []
    assert board.count_rows([bay]) == CROWD
    assert double_bookings(board.database) == CROWD * (CROWD - 1) / 2


def test_the_lock_alone_does_not_keep_a_bay(suite_db, board_sessions, odoo_server):
    """Who waited for the lock still sees the board as it was before."""
    board = Board(board_sessions(CROWD), suite_db)
    [[again]] = board.query(CONSTRAINT)
    board.query(NO_CONSTRAINT)
    [bay] = board.create_bays(1)
    try:
        answers = at_once(
            *(board.booking(session, [bay], start=9) for session in board.sessions)
        )
        assert len(winners(answers)) > 1
        assert double_bookings(suite_db) > 0
    finally:
        board.query(f"DELETE FROM auto_service_allocation WHERE resource_id = {bay}")
        board.query(again)
