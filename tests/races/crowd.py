"""Many people who click at the same moment, and what each of them is told."""

import contextlib
import threading
import time
from dataclasses import dataclass

import harness
from conftest import ServerError


@dataclass
class Answer:
    """What one click came to.

    :param result: what the server returned
    :param str refusal: its sentence when it refused, else empty
    :param seconds: until the answer was there
    """

    result: object = None
    refusal: str = ""
    seconds: float = 0.0


def at_once(*actions):
    """Call the functions at the same moment, each in a thread of its own.

    :return: list of Answer, in the order of the functions
    """
    barrier = threading.Barrier(len(actions))
    answers = [Answer() for _action in actions]

    def run(action, answer):
        barrier.wait()
        start = time.monotonic()
        try:
            answer.result = action()
        except ServerError as error:
            answer.refusal = str(error)
        answer.seconds = time.monotonic() - start

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(actions, answers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def winners(answers):
    return [answer for answer in answers if not answer.refusal]


def refusals(answers):
    return [answer.refusal for answer in answers if answer.refusal]


def slowest(answers):
    return max(answer.seconds for answer in answers)


def deadlocks(database):
    """How many deadlocks PostgreSQL has broken up in the database so far."""
    sql = f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database}'"
    return int(harness.query(database, sql)[0][0])


OVERLAPS = """
    SELECT count(*)
      FROM auto_service_allocation a
      JOIN auto_service_allocation b
        ON b.resource_id = a.resource_id AND b.id > a.id
       AND a.start < b.stop AND b.start < a.stop
       AND a.state <> 'cancelled' AND b.state <> 'cancelled'
"""


def double_bookings(database):
    """Pairs of live allocations that give one resource twice."""
    return int(harness.query(database, OVERLAPS)[0][0])


# A pause before each row is written: what happens by chance once in hundreds of clicks
# happens every time.
SLOW_ROWS = """
    CREATE OR REPLACE FUNCTION races_pause() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END';
    CREATE OR REPLACE TRIGGER races_pause
        BEFORE INSERT OR UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION races_pause();
"""
FAST_ROWS = """
    DROP TRIGGER IF EXISTS races_pause ON {table};
    DROP FUNCTION IF EXISTS races_pause();
"""


@contextlib.contextmanager
def slow_rows(database, seconds=0.1, table="auto_service_allocation"):
    """While inside, every row of the table takes ``seconds`` to be written."""
    names = {"seconds": seconds, "table": table}
    harness.query(database, SLOW_ROWS.format(**names))
    try:
        yield
    finally:
        harness.query(database, FAST_ROWS.format(**names))


WRITING = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = '{database}' AND wait_event = 'PgSleep' AND query ILIKE '%INSERT%'
"""


def wait_for_writer(database, seconds=20):
    """Wait until somebody is writing one of the :func:`slow_rows`.

    :return: process id of the database's backend
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        rows = harness.query(database, WRITING.format(database=database))
        if rows:
            return int(rows[0][0])
        time.sleep(0.02)
    raise AssertionError("nobody writes")
