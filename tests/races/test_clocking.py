"""Invariant 3: a technician has one running clock, whoever taps and whenever.

Two sessions go to two worker processes of a real server; nothing in Odoo's own
code sees both at once, only the unique index of the database does.
"""

import threading

import harness
import pytest
from conftest import ServerError

ROUNDS = 8


@pytest.fixture
def workshop(sign_in):
    """A technician, and two jobs of one work order."""
    admin = sign_in()
    group = harness.query(
        admin_database(admin),
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'auto_service_base' AND name = 'group_manager'",
    )
    admin.call("res.users", "write", [2], {"group_ids": [[4, int(group[0][0])]]})
    technician = admin.call("hr.employee", "create", {"name": "Toomas Mets"})
    brand = admin.call("fleet.vehicle.model.brand", "create", {"name": "Testford"})
    model = admin.call(
        "fleet.vehicle.model", "create", {"name": "Focus", "brand_id": brand}
    )
    owner = admin.call("res.partner", "create", {"name": "Mari Tamm"})
    vehicle = admin.call(
        "fleet.vehicle",
        "create",
        {
            "license_plate": "123 RCE",
            "model_id": model,
            "is_customer_vehicle": True,
            "owner_id": owner,
        },
    )
    order = admin.call("auto.service.order", "create", {"vehicle_id": vehicle})
    names = ("Brakes", "Oil")
    jobs = [
        admin.call("auto.service.job", "create", {"order_id": order, "name": name})
        for name in names
    ]
    return technician, jobs


def admin_database(client):
    return client.rpc("/web/session/get_session_info", {})["db"]


def start_at_once(sessions, technician, jobs):
    """Start a clock on each job at the same moment.

    :return: ids of the clocks, and the refusals
    """
    barrier, clocks, refusals = threading.Barrier(len(jobs)), [], []

    def start(session, job):
        barrier.wait()
        values = {"job_id": job, "technician_id": technician}
        try:
            clocks.append(session.call("auto.service.clocking", "create", values))
        except ServerError as error:
            refusals.append(str(error))

    threads = [
        threading.Thread(target=start, args=pair)
        for pair in zip(sessions, jobs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clocks, refusals


def test_two_taps_at_once_open_one_clock(sign_in, workshop, odoo_server, suite_db):
    odoo_server.expected_log += ["clocking_one_open", "already has a running clock"]
    technician, jobs = workshop
    sessions = [sign_in() for _job in jobs]
    for _round in range(ROUNDS):
        clocks, refusals = start_at_once(sessions, technician, jobs)
        assert len(clocks) == 1, "both clocks run"
        assert "already has a running clock" in refusals[0]
        running = "SELECT count(*) FROM auto_service_clocking WHERE stop IS NULL"
        assert harness.query(suite_db, running) == [["1"]]
        stop = {"stop": "2100-01-01 00:00:00"}
        sessions[0].call("auto.service.clocking", "write", clocks, stop)
