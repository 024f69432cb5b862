"""What two people do to one visit at the same moment happens once.

Two sessions talk to two workers of a real server. Each test names its guard and
was seen to fail with the guard taken out: clocks and plates then come twice; closing,
approving and invoicing run into the rows of the host, late and with errors in the log,
which has to stay clean.
"""

import itertools
import threading

import harness
import pytest
from conftest import ServerError

ROUNDS = 4
REFUSALS = [
    "not in a state requiring confirmation",
    "Nothing to invoice on",
    "is closed",
]
NUMBERS = itertools.count(1)


def at_once(*actions):
    """Call the functions at the same moment.

    :return: list of results and list of refusals
    """
    barrier, results, refusals = threading.Barrier(len(actions)), [], []

    def run(action):
        barrier.wait()
        try:
            results.append(action())
        except ServerError as error:
            refusals.append(str(error))

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, refusals


class Garage:
    """A garage with priced work, driven by its administrator over HTTP."""

    def __init__(self, sign_in, database):
        self.database = database
        self.sessions = [sign_in(), sign_in()]
        self.admin = self.sessions[0]
        employees = self.call("hr.employee", "search", [["user_id", "=", 2]])
        if not employees:
            self.call("hr.employee", "create", {"name": "Boss", "user_id": 2})
        brand = self.call("fleet.vehicle.model.brand", "create", {"name": "Testford"})
        self.model = self.call(
            "fleet.vehicle.model", "create", {"name": "Focus", "brand_id": brand}
        )
        hour = self.xml_id("uom", "product_uom_hour")
        self.labour = self.call(
            "product.product",
            "create",
            {"name": "Labour", "type": "service", "uom_id": hour, "list_price": 50},
        )
        self.company = self.call("res.users", "read", [2], ["company_id"])[0][
            "company_id"
        ][0]
        self.call(
            "res.company",
            "write",
            [self.company],
            {"auto_service_labour_product_id": self.labour},
        )

    def call(self, model, method, *args, **kwargs):
        return self.admin.call(model, method, *args, **kwargs)

    def xml_id(self, module, name):
        query = (
            "SELECT res_id FROM ir_model_data"
            f" WHERE module = '{module}' AND name = '{name}'"
        )
        return int(self.query(query)[0][0])

    def query(self, sql):
        return harness.query(self.database, sql)

    def count(self, table, condition):
        return int(self.query(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0])

    def create_order(self, jobs=1):
        """Visit with an estimate of ``jobs`` jobs; returns both ids and the jobs'."""
        number = next(NUMBERS)
        owner = self.call("res.partner", "create", {"name": f"Customer {number}"})
        vehicle = self.call(
            "fleet.vehicle",
            "create",
            {
                "license_plate": f"RCE {number:04}",
                "model_id": self.model,
                "is_customer_vehicle": True,
                "owner_id": owner,
            },
        )
        values = {"vehicle_id": vehicle, "odometer_in": 1000}
        order = self.call("auto.service.order", "create", values)
        lines = []
        for index in range(jobs):
            lines.append({"display_type": "line_section", "name": f"Job {index}"})
            lines.append({"product_id": self.labour, "product_uom_qty": 1})
        commands = [[0, 0, line] for line in lines]
        self.call("auto.service.order", "write", [order], {"line_ids": commands})
        data = self.call(
            "auto.service.order", "read", [order], ["sale_order_ids", "job_ids"]
        )[0]
        return order, data["sale_order_ids"][0], data["job_ids"]

    def approve(self, sale):
        self.call("sale.order", "action_confirm", [sale])

    def both(self, model, method, ids, **kwargs):
        """Both sessions call the same at once."""
        return at_once(
            *(
                lambda session=session: session.call(model, method, ids, **kwargs)
                for session in self.sessions
            )
        )


@pytest.fixture
def garage(sign_in, suite_db, odoo_server):
    odoo_server.expected_log += REFUSALS
    return Garage(sign_in, suite_db)


def test_two_taps_on_two_jobs_leave_one_clock(garage):
    """Guards: unique index ``auto_service_clocking_one_open``; the second tap switches
    because of ``auto.service.entry.guard``.
    """
    for _round in range(ROUNDS):
        jobs = []
        for _session in garage.sessions:
            _order, sale, job_ids = garage.create_order()
            garage.approve(sale)
            jobs += job_ids
        actions = [
            lambda session=session, job=job: session.call(
                "auto.service.job", "action_start", [job]
            )
            for session, job in zip(garage.sessions, jobs, strict=True)
        ]
        results, refusals = at_once(*actions)
        assert len(results) == 2, refusals
        assert garage.count("auto_service_clocking", "stop IS NULL") == 1
        for job in jobs:
            garage.call("auto.service.job", "action_pause", [job])


def test_visit_is_closed_once(garage):
    """Guard: ``auto.service.order._lock`` before the gates are checked."""
    for _round in range(ROUNDS):
        order, _sale, jobs = garage.create_order()
        for job in jobs:
            garage.call("auto.service.job", "action_decline", [job])
        results, refusals = garage.both("auto.service.order", "action_close", [order])
        assert results, refusals
        assert all("closed already" in text for text in refusals)
        stage = garage.xml_id("auto_service_base", "stage_delivered")
        logged = f"order_id = {order} AND stage_id = {stage}"
        assert garage.count("auto_service_stage_log", logged) == 1
        opened = f"order_id = {order} AND left_at IS NULL"
        assert garage.count("auto_service_stage_log", opened) == 1


def test_estimate_is_approved_once(garage):
    """Guard: ``auto.service.order._lock``, and the index of the approvals behind it."""
    for _round in range(ROUNDS):
        _order, sale, _jobs = garage.create_order()
        results, refusals = garage.both("sale.order", "action_confirm", [sale])
        assert len(results) == 1, refusals
        assert "not in a state requiring confirmation" in refusals[0]
        assert (
            garage.count("auto_service_authorisation", f"sale_order_id = {sale}") == 1
        )


def test_changed_estimate_is_approved_again_once(garage):
    """Guard: ``auto.service.order._lock``, and the index of the approvals behind it."""
    for _round in range(ROUNDS):
        _order, sale, _jobs = garage.create_order()
        garage.approve(sale)
        values = {"order_id": sale, "product_id": garage.labour}
        garage.call("sale.order.line", "create", values)
        valid = f"sale_order_id = {sale} AND state = 'valid'"
        assert garage.count("auto_service_authorisation", valid) == 0
        results, refusals = garage.both("sale.order", "action_reauthorise", [sale])
        assert results, refusals
        assert garage.count("auto_service_authorisation", valid) == 1


def test_work_is_invoiced_once(garage):
    """Guard: ``auto.service.order._lock``, and the host's rows of the order's lines."""
    for _round in range(ROUNDS):
        order, sale, jobs = garage.create_order()
        garage.approve(sale)
        for job in jobs:
            garage.call("auto.service.job", "action_start", [job])
            garage.call("auto.service.job", "action_finish", [job])
        results, refusals = garage.both("auto.service.order", "action_invoice", [order])
        assert len(results) == 1
        assert "Nothing to invoice" in refusals[0]
        assert garage.count("account_move", f"work_order_id = {order}") == 1


def test_new_plate_and_customer_are_entered_once(garage):
    """Guard: ``auto.service.entry.guard``."""
    for _round in range(ROUNDS):
        number = next(NUMBERS)
        values = {
            "plate_entry": f"new {number:04}",
            "customer_entry": "Mari Tamm",
            "phone_entry": f"+372 5559 {number:04}",
        }
        results, refusals = garage.both("auto.service.order", "create", [values])
        assert len(results) == 2, refusals
        plate = f"license_plate ILIKE 'new {number:04}'"
        assert garage.count("fleet_vehicle", plate) == 1
        phone = f"phone LIKE '%5559 {number:04}'"
        assert garage.count("res_partner", phone) == 1
