"""A load that is killed at any point: the list in force stays, whole.

The killed process is a real one, and it dies by SIGKILL in the middle of a step or
between two of them. Afterwards the scheduled action goes on where the last finished
step ended, while somebody else reads: he sees the old list or the new one, never a mix.
"""

import contextlib
import subprocess
import textwrap
import threading

import harness
import psycopg2
import pytest

OLD, NEW = 400, 25_000
RECEIVE = """
import io

def receive(price_list, count, price):
    rows = [f"BOSCH;{n:06d} 00;Filter;{price};5\\n" for n in range(count)]
    content = "Brand;Number;Name;Price;Quantity\\n" + "".join(rows)
    load = env["auto.service.price.list.load"].browse(price_list.start_upload("a.csv"))
    load._append_piece(0, io.BytesIO(content.encode()).read)
    load.finish_upload()
    return load
"""
PREPARE = f"""
{RECEIVE}
partner = env["res.partner"].create({{"name": "Killed"}})
price_list = env["auto.service.price.list"].create(
    {{"name": "Killed", "partner_id": partner.id, "price_change": 0, "least_known": 0}}
)
receive(price_list, {OLD}, "1.00")._run()
env.cr.commit()
"""
#: ``PLACE`` is a tuple: model, method, before or after it, the how manieth call.
LOAD = f"""
{RECEIVE}
import os, signal

def wrap(model, name, when, count):
    cls, calls = env.registry[model], []
    original = getattr(cls, name)
    def wrapper(self, *args, **kwargs):
        calls.append(1)
        if (when, len(calls)) == ("before", count):
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(self, *args, **kwargs)
        if (when, len(calls)) == ("after", count):
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(cls, name, wrapper)

price_list = env["auto.service.price.list"].search([("name", "=", "Killed")])
load = receive(price_list, {NEW}, "2.00")
load.start()
env.cr.commit()
if PLACE[0] != "commit":
    wrap(*PLACE)
steps = 0
while load.state in ("opening", "reading", "checking", "ready"):
    load.step(seconds=0)
    env.cr.commit()
    steps += 1
    if PLACE == ("commit", steps):
        os.kill(os.getpid(), signal.SIGKILL)
"""
FINISH = """
env.cr.execute(
    "UPDATE auto_service_price_list_load SET write_date = '2020-01-01'"
    " WHERE state IN ('opening', 'reading', 'checking', 'ready')"
)
env.cr.commit()
env["auto.service.price.list"]._cron_load_price_lists()
env.cr.commit()
"""
CLEAN = """
env.cr.execute("UPDATE auto_service_price_list_load SET left_at = '2020-01-01'"
               " WHERE left_at IS NOT NULL")
price_list = env["auto.service.price.list"].search([("name", "=", "Killed")])
price_list.action_undo()
price_list.previous_generation = 0
env["auto.service.price.list"]._drop_old_rows()
env.cr.commit()
"""
ROW, LOADS = "auto.service.price.row", "auto.service.price.list.load"
PLACES = [
    (ROW, "_create_table", "after", 1),
    (LOADS, "_copy", "after", 1),
    (LOADS, "_copy", "before", 3),
    (LOADS, "_finish_reading", "after", 1),
    (ROW, "_index_table", "before", 1),
    (ROW, "_index_table", "after", 1),
    (ROW, "_attach_table", "before", 1),
    (ROW, "_attach_table", "after", 1),
    ("auto.service.price.list", "_point_to", "after", 1),
    *(("commit", count) for count in range(1, 6)),
]


def run(database, code):
    """Python in a shell of the server.

    :return: whether it came to its end
    """
    command = harness.odoo_command("shell", "-d", database, "--no-http")
    code = textwrap.dedent(code) + "\nprint('FINISHED')\n"
    done = subprocess.run(
        [*command, "--shell-interface", "python", "--log-level", "error"],
        input=f"exec({code!r})\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return "FINISHED" in done.stdout


@pytest.fixture(scope="module")
def database(make_db, suite_template):
    name = make_db("killed_list", suite_template)
    assert run(name, PREPARE)
    return name


@contextlib.contextmanager
def connect(database):
    """A cursor whose every statement is a transaction of the server's kind.

    Odoo reads under REPEATABLE READ: planner and statement share one snapshot. Under
    READ COMMITTED a statement may be planned before a partition is attached and run
    on a snapshot taken after it.
    """
    with contextlib.closing(psycopg2.connect(dbname=database)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", autocommit=True)
        yield connection.cursor()


def read(cursor):
    """Rows in force by price, in one statement, as an enquiry reads them."""
    cursor.execute(
        "SELECT row.price, count(*) FROM auto_service_price_row row"
        "  JOIN auto_service_price_list list ON list.generation = row.generation"
        " WHERE list.name = 'Killed' GROUP BY 1"
    )
    return dict(cursor.fetchall())


class Reader(threading.Thread):
    """Somebody who looks up offers all the time."""

    def __init__(self, database):
        super().__init__()
        self.database = database
        self.seen = []
        self.is_over = threading.Event()

    def run(self):
        with connect(self.database) as cursor:
            while not self.is_over.wait(0.002):
                found = read(cursor)
                if found not in self.seen:
                    self.seen.append(found)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_details):
        self.is_over.set()
        self.join()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_killed_load_changes_nothing_and_goes_on(database, place):
    old, new = {1.0: OLD}, {2.0: NEW}
    with connect(database) as cursor:
        assert read(cursor) == old
        try:
            is_finished = run(database, f"PLACE = {place!r}\n{LOAD}")
            assert not is_finished, "it was not killed"
            assert read(cursor) == old
            with Reader(database) as reader:
                assert run(database, FINISH)
            assert read(cursor) == new
            assert reader.seen == [old, new]
        finally:
            assert run(database, CLEAN)
        assert read(cursor) == old
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r'"
            " AND relname ~ '^auto_service_price_row_'"
        )
        assert cursor.fetchone() == (1,), "tables of dead loads are gone"
