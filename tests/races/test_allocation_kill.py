"""A worker that dies in the middle of a booking leaves nothing of it behind."""

import os
import re
import signal
import threading
import time

import gate
import harness
import pytest
import requests
from conftest import ServerError
from crowd import double_bookings, slow_rows, wait_for_writer
from garage_board import Garage

#: So long a row takes to be written: time to kill who writes it.
SECONDS = 0.4
#: The server says which worker sends which statement.
TELL = ("--log-handler", "odoo.sql_db:DEBUG")
LOCKED = re.compile(r"^\S+ \S+ (\d+) DEBUG .*pg_advisory_xact_lock", re.M)


@pytest.fixture(scope="module")
def mortal_server(make_db, suite_template):
    """A server of its own, whose workers are killed."""
    database = make_db("mortal", suite_template)
    log = harness.TEST_LOGS / "mortal_server.log"
    with harness.OdooServer(database, log, 2, TELL) as server:
        server.expected_log += [r"cursor already closed", r"is taken from"]
        yield server
    problems = gate.log_problems(log, server.expected_log)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def board(board_sessions, mortal_server):
    database = mortal_server.database
    return Garage(board_sessions(2, mortal_server, database), database)


def start_writing(action):
    """Do it in a thread of its own.

    :return: the thread; once it is over its ``outcome`` is the result or the error
    """

    def run():
        try:
            thread.outcome = action()
        except (ServerError, requests.RequestException, ValueError) as error:
            thread.outcome = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def start_booking(board, resources):
    return start_writing(board.booking(board.sessions[1], resources, start=9))


def find_writer(board, server):
    """Who is writing rows at this moment.

    :return: process id of the database's backend, and of the worker, which was the
        last one to get a lock
    """
    backend = wait_for_writer(board.database)
    worker = LOCKED.findall(server.log.read_text(errors="replace"))[-1]
    return backend, int(worker)


def wait_until_gone(board, backend):
    """The database notices that the worker is gone when its statement is over."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not board.query(f"SELECT 1 FROM pg_stat_activity WHERE pid = {backend}"):
            return
        time.sleep(0.05)
    raise AssertionError("the transaction of the dead worker lives on")


def wait_for_lock(board):
    """Somebody waits for an advisory lock."""
    sql = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        f" AND wait_event = 'advisory' AND datname = '{board.database}'"
    )
    deadline = time.monotonic() + 20
    while not board.query(sql):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)


def test_killed_worker_leaves_nothing_half_booked(board, mortal_server):
    bays = board.create_bays(3)
    with slow_rows(board.database, SECONDS):
        thread = start_booking(board, bays)
        backend, worker = find_writer(board, mortal_server)
        os.kill(worker, signal.SIGKILL)
        thread.join()
        wait_until_gone(board, backend)
    assert isinstance(thread.outcome, Exception)
    assert board.count_rows(bays) == 0
    # Its locks are gone with it: the next one has the time at once.
    assert len(board.book(bays, start=9)) == 3


def test_who_waits_for_a_worker_that_dies_gets_the_bay(board, mortal_server):
    bays = board.create_bays(2)
    with slow_rows(board.database, SECONDS):
        victim = start_booking(board, bays)
        _backend, worker = find_writer(board, mortal_server)
        heir = start_booking(board, bays)
        wait_for_lock(board)
        os.kill(worker, signal.SIGKILL)
        victim.join()
        heir.join()
    assert isinstance(victim.outcome, Exception)
    assert len(heir.outcome) == 2
    assert board.count_rows(bays) == 2
    assert double_bookings(board.database) == 0


def test_lost_connection_to_the_database_leaves_nothing_half_booked(
    board, mortal_server
):
    bays = board.create_bays(3)
    with slow_rows(board.database, SECONDS):
        thread = start_booking(board, bays)
        backend, _worker = find_writer(board, mortal_server)
        board.query(f"SELECT pg_terminate_backend({backend})")
        thread.join()
    assert isinstance(thread.outcome, Exception)
    assert board.count_rows(bays) == 0
    assert len(board.book(bays, start=9)) == 3


def test_booking_stays_where_it_was_when_its_worker_dies_on_the_move(
    board, mortal_server
):
    """The old time was given back already, of the new one half was written."""
    board.close_all()
    day = next(board.days)
    board.create_bays(1)
    board.create_technicians(1)
    [booking] = board.create_bookings(1, hours=2.0)
    board.give_time(booking, day, 8)
    before = read_plan(board, booking)
    with slow_rows(board.database, SECONDS):
        thread = start_writing(board.timing(board.sessions[1], booking, day, 14))
        backend, worker = find_writer(board, mortal_server)
        os.kill(worker, signal.SIGKILL)
        thread.join()
        wait_until_gone(board, backend)
    assert isinstance(thread.outcome, Exception)
    assert read_plan(board, booking) == before
    board.give_time(booking, day, 14)
    assert board.count_live([booking]) == {booking: 2}


def read_plan(board, booking):
    """All that is kept of a booking: its rows, its own times, its history."""
    return [
        board.query(sql.format(booking=booking))
        for sql in (
            "SELECT id, resource_id, start, stop, state FROM auto_service_allocation"
            " WHERE booking_id = {booking} ORDER BY id",
            "SELECT state, start, stop FROM auto_service_booking WHERE id = {booking}",
            "SELECT id FROM auto_service_booking_log WHERE booking_id = {booking}",
        )
    ]
