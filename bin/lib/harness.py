"""What the test runner, the fixtures of ``tests/`` and the benchmarks share.

Databases are cloned and dropped through ``bin/db``, Odoo runs through ``bin/odoo``:
one place knows about paths and the cluster.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("AUTO_SERVICE_CACHE") or ROOT / ".cache")
# Set by bin/test: the folder of the run. By itself pytest writes into the one above.
TEST_LOGS = Path(os.environ.get("AUTO_SERVICE_TEST_LOGS") or CACHE / "test")
TEMPLATE = "tpl_deps"


def bin_db(*arguments):
    """Run ``bin/db`` and return what it prints."""
    command = [ROOT / "bin" / "db", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"bin/db {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def clone(name, template=TEMPLATE):
    """A fresh database with filestore; returns its name."""
    bin_db("clone", name, template)
    return name


def drop(name):
    bin_db("drop", name)


def query(database, sql):
    """Rows of a query as lists of strings."""
    output = bin_db("psql", database, "-X", "-q", "-A", "-t", "-F", "\t", "-c", sql)
    return [line.split("\t") for line in output.splitlines()]


def free_port():
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def odoo_command(*arguments):
    return [str(ROOT / "bin" / "odoo"), *map(str, arguments)]


def run_odoo(*arguments, log, timeout=1800):
    """Run Odoo to its end with its output in a file.

    :param Path log: file for standard output and error
    :param int timeout: seconds, then it is killed
    :return: exit code; 124 when the time was up
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    return run(odoo_command(*arguments), log, timeout)


RUNNING = set()


def end_all():
    """End what :func:`run` still has at work in other threads."""
    for process in list(RUNNING):
        end_group(process, patience=3)


def run(command, log, timeout, env=None):
    """Run a command in a process group of its own; see :func:`run_odoo`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=env,
        )
        RUNNING.add(process)
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return 124
        finally:
            end_group(process)
            RUNNING.discard(process)


def end_group(process, patience=10):
    """End a process with all its children: politely, then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


class OdooServer:
    """A real server on a free port, to be used as a context manager.

    :param database: its only database
    :param workers: worker processes; 0 for threads
    :param arguments: more options of ``odoo server``
    """

    def __init__(self, database, log, workers=2, arguments=()):
        self.database = database
        self.log = Path(log)
        self.workers = workers
        self.port = free_port()
        self.arguments = arguments
        self.process = None
        # Regular expressions of records that a test provokes on purpose.
        self.expected_log = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = odoo_command(
            *("-d", self.database, "--db-filter", f"^{self.database}$"),
            *("--http-port", self.port, "--gevent-port", free_port()),
            *("--workers", self.workers, "--max-cron-threads", 0),
            *self.arguments,
        )
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()
        return self

    def _wait_until_ready(self, seconds=120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                address = self.url + "/web/health?db_server_status=1"
                urllib.request.urlopen(address, timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        end_group(self.process)
        raise RuntimeError(f"the server did not start; see {self.log}")

    def __exit__(self, *_details):
        end_group(self.process, patience=20)


def drop_leftovers(prefix="t_"):
    """Drop the databases of test runs whose process is gone (killed, or a crash)."""
    names = query("postgres", "SELECT datname FROM pg_database")
    for (name,) in names:
        match = re.fullmatch(rf"{prefix}(\d+)_.*", name)
        if match and not Path(f"/proc/{match[1]}").exists():
            drop(name)


def browser():
    """The browser that Odoo's tours will find, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)
