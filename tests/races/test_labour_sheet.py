"""Work that two people add to one visit at the same moment is shared all the same.

Guard: ``auto.service.order._lock`` in ``_plan_labour``. Without it each of the two sees
only his own work, and the customer pays for the shared hours twice.
"""

import pytest
from test_work_order import ROUNDS, Garage, at_once


@pytest.fixture
def garage(sign_in, suite_db):
    return Garage(sign_in, suite_db)


def create_operation(garage, name, hours):
    return garage.call(
        "auto.service.operation", "create", {"name": name, "hours": hours}
    )


def test_shared_work_on_two_estimates_at_once(garage):
    belt = create_operation(garage, "Race: timing belt", 3.0)
    pump = create_operation(garage, "Race: water pump", 2.5)
    garage.call(
        "auto.service.labour.relation",
        "create",
        {
            "operation_id": belt,
            "kind": "combination",
            "other_operation_id": pump,
            "hours": 0.5,
        },
    )
    for _round in range(ROUNDS):
        order, sale, _jobs = garage.create_order()
        other = garage.call("sale.order", "copy", [sale], {"work_order_id": order})
        other = other[0] if isinstance(other, list) else other
        actions = [
            lambda session=session, sale=target, operation=operation: session.call(
                "sale.order.line",
                "create",
                {"order_id": sale, "operation_id": operation},
            )
            for session, target, operation in zip(
                garage.sessions, (sale, other), (belt, pump), strict=True
            )
        ]
        results, refusals = at_once(*actions)
        assert len(results) == 2, refusals
        hours = garage.query(
            "SELECT sum(product_uom_qty) FROM sale_order_line"
            f" WHERE work_order_id = {order} AND operation_id IN ({belt}, {pump})"
        )
        assert float(hours[0][0]) == 3.5
