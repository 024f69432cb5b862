"""A client that talks to the real server as the web client does."""

import copy
import functools
import itertools

import gate
import harness
import pytest
import requests


class WebClient:
    """One browser session: its own cookie, its own connection.

    :param server: harness.OdooServer
    """

    def __init__(self, server, login, password):
        self.url = server.url
        self.session = requests.Session()
        self.numbers = itertools.count(1)
        self.rpc(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": password},
        )

    def twin(self):
        """The same session on a connection of its own, as a second window is."""
        twin = copy.copy(self)
        twin.session = requests.Session()
        twin.session.cookies.update(self.session.cookies)
        return twin

    def rpc(self, path, params):
        """Result of a JSON-RPC call; :class:`ServerError` when the server refuses."""
        body = {"jsonrpc": "2.0", "id": next(self.numbers), "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=60).json()
        if "error" in answer:
            raise ServerError(answer["error"]["data"]["message"])
        return answer.get("result")  # left out when the method returns nothing

    def call(self, model, method, *args, **kwargs):
        path = f"/web/dataset/call_kw/{model}/{method}"
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.rpc(path, params)


class ServerError(Exception):
    """What the server answered, in its own words."""


@pytest.fixture
def sign_in(odoo_server):
    """A function that opens a session; the database's own administrator by default."""

    def sign_in(login="admin", password="admin"):
        return WebClient(odoo_server, login, password)

    return sign_in


@pytest.fixture
def sessions(sign_in, suite_db):
    """Two sessions of a manager, on two workers of the server."""
    admin = sign_in()
    group = harness.query(
        suite_db,
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'auto_service_base' AND name = 'group_manager'",
    )
    admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
    return sign_in(), sign_in()


@pytest.fixture(scope="session")
def board_sessions(odoo_server, suite_db):
    """A function that opens windows of people who may use the board."""

    def open_windows(count, server=odoo_server, database=suite_db):
        admin = WebClient(server, "admin", "admin")
        group = harness.query(
            database,
            "SELECT res_id FROM ir_model_data"
            " WHERE module = 'auto_service_base' AND name = 'group_manager'",
        )
        admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
        return [admin, *(admin.twin() for _window in range(count - 1))]

    return open_windows


@pytest.fixture(scope="session")
def stock_db(make_db, apps_template):
    """Database with all addons, for races about the stock."""
    return make_db("stock", apps_template)


@pytest.fixture(scope="session", params=[2, 0], ids=["workers", "threads"])
def stock_server(request, stock_db):
    """A server over ``stock_db``: two worker processes, or one with threads."""
    log = harness.TEST_LOGS / f"stock_server_{request.param}.log"
    with harness.OdooServer(stock_db, log, request.param) as server:
        # Each is tried again; what must not be is that a client hears of it.
        server.expected_log += [r"could not serialize", r"deadlock detected"]
        server.expected_log += [r"zero quantity transfer", r"Only [\d.]+ "]
        server.expected_log += [r"Cannot grab a lock on records"]  # one of two buyers
        yield server
    problems = gate.log_problems(log, server.expected_log)
    assert not problems, "\n".join(problems)


def open_stock_windows(client, count, server):
    """Windows of a manager who keeps the shelves, too.

    :param client: class of the windows
    :param server: harness.OdooServer
    """
    admin = client(server, "admin", "admin")
    groups = harness.query(
        server.database,
        "SELECT res_id FROM ir_model_data WHERE model = 'res.groups'"
        " AND module IN ('auto_service_base', 'stock', 'sales_team') AND name IN"
        " ('group_manager', 'group_stock_manager', 'group_sale_manager')",
    )
    links = [[4, int(group)] for (group,) in groups]
    admin.call("res.users", "write", [2], {"group_ids": links})
    return [admin, *(admin.twin() for _window in range(count - 1))]


@pytest.fixture(scope="session")
def stock_sessions():
    return functools.partial(open_stock_windows, WebClient)
