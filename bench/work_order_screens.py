"""Screens of work orders with 50,000 of them, beside the host's sale orders."""

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

MODEL = "auto.service.order"
VIEW = "auto_service_base.auto_service_order_view_"


def run(ctx):
    """Yield the figures."""
    import volume

    with ctx.env(ctx.volume_db(), volume.ADVISOR) as env:
        yield from boards(ctx, env)
        yield from lists(ctx, env)
        yield from forms(ctx, env)


def page(env, model, view_type, domain=(), xml_id=None):
    """A page of a list or kanban."""
    import _screens

    specification = _screens.get_specification(env, model, view_type, xml_id)
    return partial(_screens.search_read, env, model, specification, domain)


def boards(ctx, env):
    """The board by stage of the open visits; the host groups its orders by state."""
    import _screens

    ours = _screens.get_specification(env, MODEL, "kanban", VIEW + "kanban")
    host = _screens.get_specification(env, "sale.order", "kanban")
    yield _screens.compare(
        ctx,
        env,
        "work_order_screens.board",
        partial(
            _screens.read_groups,
            env,
            MODEL,
            ours,
            "stage_id",
            [("state", "=", "open")],
        ),
        partial(_screens.read_groups, env, "sale.order", host, "state"),
    )


def lists(ctx, env):
    import _screens

    order = env[MODEL].search([("name", "=", "BENCH/000042")])
    domains = {
        "list": ([], []),
        "search_plate": (
            [("license_plate", "ilike", order.license_plate)],
            [("name", "ilike", "BE00004")],
        ),
        "search_customer": (
            [("partner_id", "ilike", order.partner_id.name)],
            [("partner_id", "ilike", order.partner_id.name)],
        ),
    }
    for name, (ours, host) in domains.items():
        yield _screens.compare(
            ctx,
            env,
            f"work_order_screens.{name}",
            page(env, MODEL, "list", ours, VIEW + "list"),
            page(env, "sale.order", "list", host),
        )


def forms(ctx, env):
    import _screens

    order = env[MODEL].search([("name", "=", "BENCH/000042")])
    ours = _screens.get_specification(env, MODEL, "form", VIEW + "form")
    host = _screens.get_specification(env, "sale.order", "form")
    yield _screens.compare(
        ctx,
        env,
        "work_order_screens.form",
        partial(_screens.read_form, env, MODEL, order.id, ours),
        partial(
            _screens.read_form, env, "sale.order", order.sale_order_ids[:1].id, host
        ),
    )
