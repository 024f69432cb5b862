"""Screens of vehicles with 100,000 of them, beside the host's sale orders (50,000).

Server time of what the web client asks, with the specifications of the real views, as
an advisor. The host's list of vehicles is measured too, with its own view.
"""

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

VIEW = "auto_service_base.auto_service_vehicle_view_"
CUSTOMERS = [("is_customer_vehicle", "=", True)]
GOAL = 20


def run(ctx):
    """Yield the figures."""
    import volume

    with ctx.env(ctx.volume_db(), volume.ADVISOR) as env:
        env = env(context=dict(env.context, default_is_customer_vehicle=True))
        yield from lists(ctx, env)
        yield from searches(ctx, env)
        yield from drop_downs(ctx, env)
        yield from forms(ctx, env)
        yield from fixed_queries(ctx, env)


def host_page(env, domain=(), view_type="list"):
    """A page of the host's orders."""
    import _screens

    specification = _screens.get_specification(env, "sale.order", view_type)
    return partial(_screens.search_read, env, "sale.order", specification, domain)


def our_page(env, view_type, text=None, limit=80):
    """A page of our screen, searched with the one box when there is a text."""
    import _screens

    specification = _screens.get_specification(
        env, "fleet.vehicle", view_type, VIEW + view_type
    )
    domain = [*CUSTOMERS] + ([("display_name", "ilike", text)] if text else [])
    return partial(
        _screens.search_read,
        env,
        "fleet.vehicle",
        specification,
        domain,
        limit=limit,
        order="id desc",
    )


def lists(ctx, env):
    import _screens

    for view_type in ("list", "kanban"):
        yield _screens.compare(
            ctx,
            env,
            f"vehicle_screens.{view_type}",
            our_page(env, view_type),
            host_page(env, view_type=view_type),
            GOAL,
        )


def searches(ctx, env):
    """The one box; the host's box of orders is searched by name of the customer."""
    import _screens

    vehicle = env["fleet.vehicle"].search(CUSTOMERS, limit=1, offset=4242)
    owner = vehicle.owner_id
    texts = {
        "plate": vehicle.license_plate,
        "plate_part": vehicle.license_plate[1:6],
        "plate_cyrillic": vehicle.license_plate.translate(
            str.maketrans("ABEHKMPTX", "АВЕНКМРТХ")
        ),
        "plate_three_digits": vehicle.license_plate[:3],
        "vin_part": vehicle.vin_sn[-8:],
        "phone_part": owner.phone[-6:],
        "owner_full": owner.name,
        "owner_common": owner.name.split()[0],
        "two_letters": "ma",
        "nothing": "zzqqxx",
    }
    host = host_page(env, [("partner_id", "ilike", owner.name)])
    for name, text in texts.items():
        yield _screens.compare(
            ctx,
            env,
            f"vehicle_screens.search_{name}",
            our_page(env, "list", text),
            host,
            GOAL if name.startswith(("plate", "vin", "phone", "owner_full")) else None,
        )


def drop_downs(ctx, env):
    """Typing into a field of a form: name, owner and what the desk must know."""
    import _screens

    vehicle = env["fleet.vehicle"].search(CUSTOMERS, limit=1, offset=777)
    vehicles = env["fleet.vehicle"].with_context(vehicle_glance=True)
    orders = env["sale.order"]
    yield _screens.compare(
        ctx,
        env,
        "vehicle_screens.drop_down",
        partial(
            vehicles.web_name_search,
            vehicle.license_plate[1:6],
            {"display_name": {}},
            CUSTOMERS,
            limit=8,
        ),
        partial(orders.web_name_search, "BE0042", {"display_name": {}}, limit=8),
        GOAL,
    )


def forms(ctx, env):
    import _screens

    specification = _screens.get_specification(
        env, "fleet.vehicle", "form", VIEW + "form"
    )
    order_specification = _screens.get_specification(env, "sale.order", "form")
    order = env["sale.order"].search([("name", "=", "BE000042")], limit=1)
    vehicle = env["fleet.vehicle"].search(
        [("work_order_ids.name", "=", "BENCH/000042")]
    )
    yield _screens.compare(
        ctx,
        env,
        "vehicle_screens.form",
        partial(_screens.read_form, env, "fleet.vehicle", vehicle.id, specification),
        partial(_screens.read_form, env, "sale.order", order.id, order_specification),
    )


def fixed_queries(ctx, env):
    """The number of queries must not depend on the number of rows."""
    for view_type in ("list", "kanban"):
        few = ctx.measure(env, our_page(env, view_type, limit=10), repeat=3)[1]
        many = ctx.measure(env, our_page(env, view_type, limit=80), repeat=3)[1]
        yield {
            "name": f"vehicle_screens.{view_type}_queries",
            "ours": many,
            "limit": few,
            "unit": "queries",
            "queries": many,
            "goal": "same for 80 rows as for 10",
            "holds": many == few,
        }
