"""Fixtures for tests that need a committed database or a real server.

``bin/test`` says in AUTO_SERVICE_SUITE_DB which database has the suite installed, and
in AUTO_SERVICE_APPS_DB which has all addons; without them (pytest started by hand) they
are made. psycopg2 connects with
``psycopg2.connect(dbname=suite_db)``: host and user are in the environment.
"""

import os
import shlex
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bin" / "lib"))

import gate  # noqa: E402
import harness  # noqa: E402
import manifests  # noqa: E402

LOGS = harness.TEST_LOGS


def pytest_configure():
    LOGS.mkdir(parents=True, exist_ok=True)
    if "PGHOST" not in os.environ:
        words = shlex.split(harness.bin_db("env"))
        os.environ.update(word.split("=", 1) for word in words if "=" in word)


@pytest.fixture(scope="session")
def make_db():
    """A function that clones databases; all are dropped at the end.

    Call it with a name and a template, get the name of the database.
    """
    made = []

    def make(name, template=harness.TEMPLATE):
        made.append(f"t_{os.getpid()}_{name}")
        return harness.clone(made[-1], template)

    yield make
    for name in made:
        harness.drop(name)


@pytest.fixture(scope="session")
def suite_template(make_db):
    """Database with the whole suite installed that nobody connects to."""
    name = os.environ.get("AUTO_SERVICE_SUITE_DB")
    if name:
        return name
    name = make_db("suite")
    log = LOGS / "suite.log"
    arguments = (
        "-d",
        name,
        "-i",
        ",".join(manifests.suite()),
        "--stop-after-init",
        "--no-http",
    )
    assert harness.run_odoo(*arguments, log=log) == 0, log.read_text()[-3000:]
    return name


@pytest.fixture(scope="session")
def apps_template(make_db, suite_template):
    """Database with the addons that need more of the host's apps, too."""
    name = os.environ.get("AUTO_SERVICE_APPS_DB")
    if name:
        return name
    name = make_db("apps", suite_template)
    log, addons = LOGS / "apps.log", ",".join(manifests.with_apps())
    arguments = ("-d", name, "-i", addons, "--stop-after-init", "--no-http")
    assert harness.run_odoo(*arguments, log=log) == 0, log.read_text()[-3000:]
    return name


@pytest.fixture(scope="session")
def suite_db(make_db, suite_template):
    """Name of a database with the suite installed; what you commit in it stays."""
    return make_db("committed", suite_template)


@pytest.fixture(scope="session")
def odoo_server(suite_db):
    """A server with two worker processes over ``suite_db``; its log must be clean.

    :return: harness.OdooServer, with ``url`` and ``database``; append to its
        ``expected_log`` what a test provokes on purpose
    """
    log = LOGS / "server.log"
    with harness.OdooServer(suite_db, log, workers=2) as server:
        yield server
    problems = gate.log_problems(log, server.expected_log)
    assert not problems, "\n".join(problems)
