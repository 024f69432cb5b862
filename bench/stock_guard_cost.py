"""What the guard costs who is alone: a delivery of 20 lines, with it and without it."""

import statistics
import time
from functools import partial

import harness

LINES = 20
#: Deliveries of a block; blocks with and without the guard take turns.
BLOCK, BLOCKS, WARM = 6, 6, 2


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("stock_guard_cost") as database:
        install(database)
        with ctx.env(database) as env:
            parts = build(env)
            times, queries = measure(env, parts)
        for step in ("reserve", "validate", "both"):
            ours, host = (times[step, on] for on in (True, False))
            yield {
                "name": f"stock_guard_cost.{step}",
                "ours": round(ours, 1),
                "host": round(host, 1),
                "unit": f"ms for {LINES} lines",
                "queries": queries.get((step, True)),
                "goal": "at most 10 % more than without" if step == "both" else "",
                "holds": step != "both" or ours <= 1.10 * host,
            }
        yield {
            "name": "stock_guard_cost.queries",
            "ours": queries["both", True],
            "host": queries["both", False],
            "unit": "queries of both steps",
        }


def install(database):
    log = harness.CACHE / "log" / "bench-stock-cost.log"
    arguments = ("-d", database, "-i", "auto_service_warehouse", "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addon could not be installed; see {log}")


def build(env):
    values = [{"name": f"Part {n}", "is_storable": True} for n in range(LINES)]
    parts = env["product.product"].create(values)
    place = get_warehouse(env).lot_stock_id
    for part in parts:
        env["stock.quant"]._update_available_quantity(part, place, 1_000_000)
    env.cr.commit()  # pylint: disable=invalid-commit
    return parts


def get_warehouse(env):
    domain = [("company_id", "=", env.company.id)]
    return env["stock.warehouse"].search(domain, limit=1)


def measure(env, parts):
    """Medians by step and switch."""
    times, queries = {}, {}
    for number in range(2 * BLOCKS):
        # on, off, off, on, on, off …: what grows meanwhile hurts both alike
        on = number % 4 in (0, 3)
        env.company.auto_service_stock_guard = on
        env.cr.commit()  # pylint: disable=invalid-commit
        for turn in range(WARM + BLOCK):
            spent = deliver(env, parts)
            if turn >= WARM:
                for step, (seconds, count) in spent.items():
                    times.setdefault((step, on), []).append(1000 * seconds)
                    queries[step, on] = count
    return {key: statistics.median(values) for key, values in times.items()}, queries


def deliver(env, parts):
    """Reserve and validate a delivery, each as a request of its own does it.

    :return: seconds and queries of each step, and of both
    """
    picking = create(env, parts)
    env.cr.commit()  # pylint: disable=invalid-commit
    spent = {
        "reserve": request(env, picking.action_confirm),
        "validate": request(env, picking.button_validate),
    }
    assert picking.state == "done"
    spent["both"] = tuple(map(sum, zip(*spent.values(), strict=True)))
    return spent


def create(env, parts):
    kind = get_warehouse(env).out_type_id
    customers = env.ref("stock.stock_location_customers")
    places = {
        "location_id": kind.default_location_src_id.id,
        "location_dest_id": customers.id,
    }
    moves = [
        {"product_id": part.id, "product_uom_qty": 1.0, **places} for part in parts
    ]
    return env["stock.picking"].create(
        {
            "picking_type_id": kind.id,
            "move_ids": [(0, 0, move) for move in moves],
            **places,
        }
    )


def request(env, method):
    """Call it as the server does, commit and all."""
    from odoo.service import model

    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    model.retrying(partial(method), env)
    return time.perf_counter() - start, env.cr.sql_log_count - before
