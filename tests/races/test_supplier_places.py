"""Two worker processes ask one supplier: together no more than it bears.

The supplier is a server in this process, so it sees what all workers do.
"""

import importlib.util
import sys
import time
import uuid
from pathlib import Path

import harness
import pytest
from crowd import at_once, refusals, winners

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "auto_service_parts" / "tests" / "supplier_server.py"
ACCOUNT = "auto.service.supplier.account"


@pytest.fixture
def supplier():
    # By its path: importing the package of tests would import Odoo.
    spec = importlib.util.spec_from_file_location("supplier_server", PATH)
    module = sys.modules["supplier_server"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reply = module.Reply({"name": "Garage"}, seconds=0.1)
    with module.SupplierServer({"user/info": reply}) as server:
        server.Reply = module.Reply
        yield server


@pytest.fixture
def make_account(sign_in, supplier):
    """A function that makes an account with so many places at the supplier."""
    admin = sign_in()
    database = admin.rpc("/web/session/get_session_info", {})["db"]
    group = harness.query(
        database,
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'auto_service_base' AND name = 'group_manager'",
    )
    admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
    partner = admin.call("res.partner", "create", {"name": f"S {uuid.uuid4()}"})

    def make(**values):
        return admin.call(
            ACCOUNT,
            "create",
            {
                "name": "Supplier",
                "partner_id": partner,
                "handler": "auto.service.supplier.handler.abcp",
                "url": supplier.url,
                "login": "garage",
                "password": "secret",
                **values,
            },
        )

    make.admin, make.database = admin, database
    return make


def check_at_once(sign_in, account, count):
    windows = [sign_in() for _number in range(count)]
    return at_once(
        *[
            lambda window=window: window.call(ACCOUNT, "action_check", [account])
            for window in windows
        ]
    )


@pytest.mark.parametrize("places", [1, 3])
def test_all_workers_share_the_places(sign_in, supplier, make_account, places):
    account = make_account(max_parallel=places)
    answers = check_at_once(sign_in, account, 10)
    assert not refusals(answers)
    assert len(winners(answers)) == len(supplier.questions) == 10
    assert supplier.most_running <= places
    rows = harness.query(
        make_account.database,
        "SELECT count(*) FROM auto_service_supplier_lease"
        f" WHERE account_id = {account}",
    )
    assert int(rows[0][0]) == 0, "all places are given back"


def test_no_failure_of_any_worker_is_lost(odoo_server, sign_in, supplier, make_account):
    odoo_server.expected_log.append(r"odoo\.http: Supplier: .*")
    account = make_account(max_parallel=20)
    supplier.replies["orders/statuses"] = supplier.Reply("<html>", status=500)
    windows = [sign_in() for _number in range(8)]
    answers = at_once(
        *[
            lambda window=window: window.call(
                ACCOUNT, "action_load_statuses", [account]
            )
            for window in windows
        ]
    )
    assert len(refusals(answers)) == 8
    [[count, is_resting]] = harness.query(
        make_account.database,
        "SELECT failure_count, resting_until IS NOT NULL"
        f" FROM auto_service_supplier_health WHERE account_id = {account}",
    )
    assert int(count) == len(supplier.questions) >= 3
    assert is_resting == "t"


def test_a_place_that_nobody_gave_back_becomes_free(supplier, make_account):
    """As a worker leaves it that is killed while it asks."""
    account = make_account(max_parallel=1)
    harness.query(
        make_account.database,
        "INSERT INTO auto_service_supplier_lease (account_id, slot, holder, expires_at)"
        f" VALUES ({account}, 1, 'dead',"
        " clock_timestamp() AT TIME ZONE 'UTC' + interval '2 s')",
    )
    started = time.monotonic()
    make_account.admin.call(ACCOUNT, "action_check", [account])
    assert time.monotonic() - started > 1.0
    assert len(supplier.questions) == 1
