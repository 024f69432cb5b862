"""Free times for two hours of work in a bay: 20 bays, 30 technicians, 30 days.

5,000 pieces of time are taken already. Ours tells what can be booked, also after lunch
and within the reserve. Beside it, in the same database: the host's working time of all
resources in one batch, from which the bookings are subtracted in Python, and one query
in plain SQL with multiranges; neither of the two knows that work goes on after lunch.
"""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import partial

import harness
import pytz

BAYS = 20
TECHNICIANS = 30
DAYS = 30
TAKEN = 5000
JOB = timedelta(hours=2)
SLOT = timedelta(minutes=15)
TZ = "Europe/Tallinn"
#: Working hours of every fifth technician: (from, to) from Monday to Friday.
HOURS = (
    ((8, 12), (13, 17)),
    ((7, 11), (12, 16)),
    ((6, 10), (10.5, 14.5)),
    ((14, 18), (18.5, 22.5)),
    ((9, 13), (14, 18)),
)
OPENING = ((7, 23),)
GOAL_ALL_MS = 40
GOAL_FIRST_MS = 25
GOAL_QUERIES = 12
LINE = {"key": 1, "minutes": 120, "needs_bay": True, "needs_technician": True}


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("slot_search") as database:
        install(database)
        with ctx.env(database) as env:
            build(env)
            env.cr.commit()  # pylint: disable=invalid-commit
        harness.query(database, "VACUUM ANALYZE")
        with ctx.env(database) as env:
            yield from searches(ctx, env)


def install(database):
    log = harness.CACHE / "log" / "bench-slots.log"
    arguments = ("-d", database, "-i", "auto_service_booking", "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addon could not be installed; see {log}")


# The garage ----------------------------------------------------------------------


def build(env):
    """Bays, technicians of five calendars, some time off, and 5,000 allocations."""
    opening = create_calendar(env, "Opening hours", OPENING)
    env.company.write(
        {
            "resource_calendar_id": opening.id,
            "auto_service_opening_calendar_id": False,
            "auto_service_reserve_percent": 20,
        }
    )
    env["resource.resource"].search([]).auto_service_role = False
    bays = env["auto.service.bay"].create(
        [
            {"name": f"Lift {number}", "resource_calendar_id": opening.id}
            for number in range(BAYS)
        ]
    )
    calendars = [create_calendar(env, str(hours), hours) for hours in HOURS]
    employees = env["hr.employee"].create(
        [
            {
                "name": f"Technician {number}",
                "tz": TZ,
                "resource_calendar_id": calendars[number % len(HOURS)].id,
            }
            for number in range(TECHNICIANS)
        ]
    )
    technicians = env["auto.service.technician"].create(
        [{"employee_id": employee.id} for employee in employees]
    )
    resources = bays.resource_id | technicians.resource_id
    resources.tz = TZ
    rng = random.Random(4)
    create_leaves(env, technicians.resource_id, rng)
    env.flush_all()
    take(env, resources, rng)


def create_calendar(env, name, hours):
    lines = [
        (0, 0, {"name": name, "dayofweek": str(day), "hour_from": lo, "hour_to": hi})
        for day in range(5)
        for lo, hi in hours
    ]
    return env["resource.calendar"].create(
        {"name": name, "tz": TZ, "attendance_ids": [(5, 0, 0), *lines]}
    )


def create_leaves(env, resources, rng):
    """Every third technician is away for some days."""
    first = datetime.combine(get_window()[0].date(), time())
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Away",
                "resource_id": resource.id,
                "date_from": first + timedelta(days=day),
                "date_to": first + timedelta(days=day + rng.randint(1, 5)),
            }
            for resource in resources[::3]
            for day in [rng.randrange(DAYS)]
        ]
    )


def take(env, resources, rng):
    """Take pieces of the working time at random, in plain SQL."""
    start, stop = get_window()
    company = env.company.id
    free = {
        resource: [list(span) for span in spans]
        for resource, spans in env["auto.service.planner"]
        ._get_work(resources.ids, start, stop)
        .items()
    }
    rows = []
    while len(rows) < TAKEN:
        resource = rng.choice(resources.ids)
        if not free[resource]:
            continue
        lo, hi = free[resource].pop(rng.randrange(len(free[resource])))
        slots = (hi - lo) // SLOT
        length = min(slots, rng.choice((1, 2, 2, 3, 4)))
        offset = rng.randint(0, slots - length)
        begin, end = lo + offset * SLOT, lo + (offset + length) * SLOT
        rows.append((resource, begin, end, len(rows) + 1, company))
        pieces = [(lo, begin), (end, hi)]
        free[resource] += [piece for piece in pieces if piece[1] - piece[0] >= SLOT]
    env.cr.execute_values(
        """
        INSERT INTO auto_service_allocation
               (resource_id, start, stop, block, company_id, state, role)
        SELECT v.id, v.start, v.stop, v.block, v.company, 'planned',
               r.auto_service_role
          FROM (VALUES %s) AS v (id, start, stop, block, company)
          JOIN resource_resource r ON r.id = v.id
        """,
        rows,
    )


def get_window():
    """From tomorrow on, naive UTC."""
    start = datetime.combine(datetime.now().date() + timedelta(days=1), time())
    return start, start + timedelta(days=DAYS)


# The three ways ------------------------------------------------------------------


def searches(ctx, env):
    ours = partial(find, env, limit=None)
    everything = ctx.measure(env, ours)
    first = ctx.measure(env, partial(find, env, limit=3))
    reserved = ctx.measure(env, partial(find, env, limit=None, use_reserve=False))
    host = ctx.measure(env, partial(find_by_host, env), repeat=5)
    limit = ctx.measure(env, partial(find_by_sql, env))
    check_same(env)
    cold = ctx.measure(env, partial(find_cold, env), repeat=5)
    goal = f"at most {{}} ms and {GOAL_QUERIES} queries"
    for name, found, goal_ms in (
        ("all_of_30_days", everything, GOAL_ALL_MS),
        ("first_three", first, GOAL_FIRST_MS),
        ("all_within_the_reserve", reserved, GOAL_ALL_MS),
    ):
        yield {
            "name": f"slot_search.{name}",
            "ours": found[0],
            "host": host[0],
            "limit": limit[0],
            "unit": "ms",
            "queries": found[1],
            "goal": goal.format(goal_ms),
            "holds": found[0] <= goal_ms and found[1] <= GOAL_QUERIES,
        }
    yield {
        "name": "slot_search.nothing_cached",
        "ours": cold[0],
        "host": host[0],
        "unit": "ms",
        "queries": cold[1],
        "goal": f"at most {GOAL_QUERIES} queries",
        "holds": cold[1] <= GOAL_QUERIES,
    }
    yield {
        "name": "slot_search.offers",
        "ours": len(ours()["offers"]),
        "host": len(find_by_host(env)),
        "limit": len(find_by_sql(env)),
        "unit": "offers",
        "queries": everything[1],
        "goal": "all that plain SQL finds, and those after a break",
        "holds": True,
    }


def find(env, limit, use_reserve=True):
    start, stop = get_window()
    return env["auto.service.planner"]._find_slots(
        [LINE],
        start=start,
        stop=stop,
        limit=limit,
        step_minutes=15,
        use_reserve=use_reserve,
    )


def find_cold(env):
    """As the first question after a restart."""
    from odoo.addons.auto_service_booking.tools import slot_grid

    for function in (slot_grid.work_mask, slot_grid.day_bounds, slot_grid._get_offset):
        function.cache_clear()
    env.registry.clear_cache()
    return find(env, limit=None)


def find_by_host(env):
    """Starts from the host's intervals of all resources less the bookings."""
    from odoo.tools.intervals import Intervals

    window = [pytz.utc.localize(moment) for moment in get_window()]
    domain = [("auto_service_role", "in", ("bay", "technician"))]
    resources = env["resource.resource"].search(domain)
    work, _calendars = resources._get_valid_work_intervals(*window)
    env.cr.execute(
        "SELECT resource_id, start, stop FROM auto_service_allocation"
        " WHERE state <> 'cancelled'"
    )
    taken, nothing = defaultdict(list), resources.browse()
    for resource, start, stop in env.cr.fetchall():
        span = pytz.utc.localize(start), pytz.utc.localize(stop), nothing
        taken[resource].append(span)
    starts = {"bay": [], "technician": []}
    for resource in resources:
        for lo, hi, _what in work[resource.id] - Intervals(taken[resource.id]):
            if hi - lo >= JOB:
                starts[resource.auto_service_role].append(
                    (lo, hi - JOB + SLOT, nothing)
                )
    common = Intervals(starts["bay"]) & Intervals(starts["technician"])
    return [
        (lo + number * SLOT).astimezone(pytz.utc).replace(tzinfo=None)
        for lo, hi, _what in common
        for number in range((hi - lo) // SLOT)
    ]


def find_by_sql(env):
    """Starts from one query; it knows neither shifts nor contracts."""
    env.cr.execute(
        """
        WITH work AS (
            SELECT r.id, r.auto_service_role AS role,
                   range_agg(tsrange(
                       (d + a.hour_from * interval '1 hour') AT TIME ZONE r.tz
                           AT TIME ZONE 'UTC',
                       (d + a.hour_to * interval '1 hour') AT TIME ZONE r.tz
                           AT TIME ZONE 'UTC')) AS times
              FROM resource_resource r
              JOIN resource_calendar_attendance a
                ON a.calendar_id = COALESCE(r.calendar_id, %(opening)s)
              JOIN generate_series(%(start)s::timestamp - interval '1 day',
                                   %(stop)s::timestamp, '1 day') AS d
                ON EXTRACT(ISODOW FROM d) = a.dayofweek::int + 1
             WHERE r.auto_service_role IN ('bay', 'technician')
          GROUP BY r.id
        ), taken AS (
            SELECT id, range_agg(period) AS times
              FROM (SELECT resource_id, tsrange(start, stop)
                      FROM auto_service_allocation WHERE state <> 'cancelled'
                 UNION ALL
                    SELECT resource_id, tsrange(date_from, date_to)
                      FROM resource_calendar_leaves WHERE resource_id IS NOT NULL
                   ) AS t (id, period)
          GROUP BY id
        ), free AS (
            SELECT w.role, unnest(w.times * tsmultirange(tsrange(%(start)s, %(stop)s))
                           - COALESCE(t.times, tsmultirange())) AS period
              FROM work w LEFT JOIN taken t USING (id)
        ), starts AS (
            SELECT role, range_agg(tsrange(lower(period), upper(period) - %(job)s,
                                           '[]')) AS times
              FROM free WHERE upper(period) - lower(period) >= %(job)s
          GROUP BY role
        )
        SELECT lower(p), upper(p)
          FROM unnest((SELECT times FROM starts WHERE role = 'bay')
                    * (SELECT times FROM starts WHERE role = 'technician')) AS p
        """,
        {
            "start": get_window()[0],
            "stop": get_window()[1],
            "job": JOB,
            "opening": env.company.resource_calendar_id.id,
        },
    )
    return [
        lo + number * SLOT
        for lo, hi in env.cr.fetchall()
        for number in range((hi - lo) // SLOT + 1)
    ]


def check_same(env):
    """Ours has all that the others find; what is more goes on after a break."""
    offers = {offer["start"]: offer for offer in find(env, limit=None)["offers"]}
    plain = {
        start
        for start, offer in offers.items()
        if len(offer["lines"][0]["segments"]) == 1
    }
    expected = set(find_by_sql(env))
    assert plain == expected, sorted(plain ^ expected)[:5]
    assert expected == set(find_by_host(env))
