"""Many people book at the same moment, over HTTP, on two worker processes.

Beside it: the same number of clients who create the host's commonest record, a contact,
on the same server; and pgbench, which writes the same rows with the same lock and the
same constraint, without Odoo.
"""

import http.client
import itertools
import json
import os
import re
import subprocess
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import harness

CLIENTS = 32
ROUNDS = 5
TURNS = 3
#: A record of the host that is about as quick to create.
LIGHT = "res.partner.category"
GOAL_SECONDS = 2.0
FIRST = datetime(2030, 1, 7, 6)
FIELDS = ("resource_id", "start", "stop", "block", "is_overtime")
LOG = harness.CACHE / "log" / "bench-booking-small-server.log"
#: Odoo lets so many connections wait for each worker; TCP repeats the others after a
#: second. In front of a garage's server stands a proxy that lets them wait.
WAITING = 8

# What the addon does for one row, and nothing else. 18755 is its class of locks.
SCRIPT = """
\\set bay {bay}
\\set quarter {quarter}
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(
        (18755::bigint << 48) | (:bay::bigint << 20)
        | (739000 + (:quarter) / 96));
    INSERT INTO auto_service_allocation
           (resource_id, start, stop, state, block, company_id)
    VALUES (:bay, timestamp '2031-01-06' + interval '15 minutes' * (:quarter),
            timestamp '2031-01-06' + interval '15 minutes' * (:quarter + 1),
            'planned', 1, 1);
EXCEPTION WHEN exclusion_violation THEN NULL;
END $$;
"""


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("booking_race") as database:
        install(database)
        with ctx.env(database) as env:
            bays = build(env)
            env.cr.commit()  # pylint: disable=invalid-commit
        with (
            ctx.server(database, workers=2) as server,
            harness.OdooServer(database, LOG, workers=1) as small_server,
        ):
            crowd = Crowd(server)
            yield from one_slot(crowd, bays)
            yield from one_bay(crowd, bays)
            yield from many_bays(crowd, Crowd(small_server), bays)


def install(database):
    log = harness.CACHE / "log" / "bench-booking.log"
    arguments = ("-d", database, "-i", "auto_service_booking", "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addon could not be installed; see {log}")


def build(env):
    """A bay for each client, and one for each round of contention."""
    env.ref("base.user_admin").group_ids += env.ref("auto_service_base.group_manager")
    values = [{"name": f"Lift {number}"} for number in range(CLIENTS + 20)]
    return env["auto.service.bay"].create(values).resource_id.ids


# --- The clients ---------------------------------------------------------------------


class Crowd:
    """Clients of one session, each with connections of its own.

    :param server: harness.OdooServer
    """

    def __init__(self, server):
        self.server = server
        self.cookie = None
        self.proxy = threading.Semaphore(WAITING * server.workers)
        login = {"db": server.database, "login": "admin", "password": "admin"}
        self.post("/web/session/authenticate", login)

    def post(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "params": params})
        headers = {"Content-Type": "application/json"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, 120)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        data = json.loads(answer.read())
        if not self.cookie:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        connection.close()
        return data

    def create(self, model, values):
        """Create one record; whether it was, and the seconds."""
        params = {"model": model, "method": "create", "args": [values], "kwargs": {}}
        start = time.perf_counter()
        with self.proxy:
            data = self.post(f"/web/dataset/call_kw/{model}/create", params)
        seconds = time.perf_counter() - start
        refusal = data.get("error", {}).get("data", {}).get("message", "")
        if refusal and "is taken" not in refusal:
            raise RuntimeError(refusal)
        return not refusal, seconds

    def run(self, plan, model="auto.service.allocation"):
        """Every client goes through its list; all begin at once.

        :param list plan: a list of values for each client
        :return: list of (client's list of (made, seconds)), and the seconds of all
        """
        self.create(model, plan[0].pop())  # the worker has read its caches
        barrier = threading.Barrier(len(plan) + 1)
        answers = [[] for _client in plan]

        def work(values_list, made):
            barrier.wait()
            for values in values_list:
                made.append(self.create(model, values))

        threads = [
            threading.Thread(target=work, args=pair)
            for pair in zip(plan, answers, strict=True)
        ]
        for thread in threads:
            thread.start()
        barrier.wait()
        start = time.perf_counter()
        for thread in threads:
            thread.join()
        return answers, time.perf_counter() - start


class Result:
    """What a run came to."""

    def __init__(self, run):
        answers, seconds = run
        every = list(itertools.chain.from_iterable(answers))
        self.rate = round(len(every) / seconds, 1)
        self.slowest = round(max(answer[1] for answer in every), 3)
        self.made = sum(made for made, _seconds in every)
        self.attempts = len(every)


# --- What they want ------------------------------------------------------------------


def prepare(bay, start, minutes=60):
    stop = start + timedelta(minutes=minutes)
    return dict(zip(FIELDS, (bay, str(start), str(stop), 1, True), strict=True))


def plan_slot(bay):
    """All want the same hour of the same bay."""
    plan = [[prepare(bay, FIRST + timedelta(hours=1))] for _client in range(CLIENTS)]
    plan[0].append(prepare(bay, FIRST + timedelta(days=2)))
    return plan


def plan_times(bays):
    """Each wants other quarters of an hour of the same bay, on the same three days."""
    bay = bays[-2]
    plan = [
        [
            prepare(bay, FIRST + timedelta(minutes=15 * (CLIENTS * turn + client)), 15)
            for turn in range(ROUNDS)
        ]
        for client in range(CLIENTS)
    ]
    plan[0].append(prepare(bays[-1], FIRST + timedelta(hours=2)))
    return plan


def plan_bays(bays, day=30):
    """Each wants a bay of his own."""
    start = FIRST + timedelta(days=day)
    plan = [
        [prepare(bay, start + timedelta(hours=turn)) for turn in range(ROUNDS)]
        for bay in bays[:CLIENTS]
    ]
    plan[0].append(prepare(bays[-1], start))
    return plan


def plan_names():
    plan = [
        [{"name": f"Name {client} {turn}"} for turn in range(ROUNDS)]
        for client in range(CLIENTS)
    ]
    plan[0].append({"name": "Name"})
    return plan


# --- The figures ---------------------------------------------------------------------


def one_slot(crowd, bays):
    """All click at once for the same hour of a bay; again for another bay."""
    database, before = crowd.server.database, count_deadlocks(crowd.server.database)
    bays = bays[CLIENTS:][: ROUNDS + 1]
    results = [Result(crowd.run(plan_slot(bay))) for bay in bays]
    wins = [count_rows(database, bay) - 1 for bay in bays]  # one was for warming up
    slowest = max(result.slowest for result in results)
    yield {
        "name": "booking_race.one_slot",
        "ours": max(result.rate for result in results),
        "limit": pgbench(database, bay=bays[0], quarter=10),
        "unit": "attempts/s",
        "goal": f"of {CLIENTS} clients exactly one wins, each time; no deadlock",
        "holds": set(wins) == {1} and count_deadlocks(database) == before,
    }
    yield {
        "name": "booking_race.one_slot_slowest",
        "ours": slowest,
        "unit": "s",
        "goal": f"no request above {GOAL_SECONDS:.0f} s",
        "holds": slowest <= GOAL_SECONDS,
    }


def one_bay(crowd, bays):
    database = crowd.server.database
    before = count_deadlocks(database)
    result = Result(crowd.run(plan_times(bays)))
    deadlocks = count_deadlocks(database) - before
    yield {
        "name": "booking_race.one_bay_other_times",
        "ours": result.rate,
        "limit": pgbench(database, bay=bays[-4], quarter="random(0, 20000)"),
        "unit": "attempts/s",
        "goal": f"all win, no deadlock, no request above {GOAL_SECONDS:.0f} s",
        "holds": result.made == result.attempts
        and not deadlocks
        and result.slowest <= GOAL_SECONDS,
    }


def many_bays(crowd, small, bays):
    """Each a bay of his own; two workers and one, ours and the host's, in turns."""
    runs = {}
    for turn in range(TURNS):
        for workers, who in ((2, crowd), (1, small)):
            plan = plan_bays(bays, day=30 + 10 * turn + 5 * workers)
            runs.setdefault(("ours", workers), []).append(Result(who.run(plan)))
            for name, model in (("host", "res.partner"), ("light", LIGHT)):
                result = Result(who.run(plan_names(), model))
                runs.setdefault((name, workers), []).append(result)
    rates = {key: max(run.rate for run in results) for key, results in runs.items()}
    bay = f"{bays[0]} + random(0, {CLIENTS - 1})"
    both = runs["ours", 2]
    yield {
        "name": "booking_race.many_bays",
        "ours": rates["ours", 2],
        "host": rates["host", 2],
        "limit": pgbench(crowd.server.database, bay=bay, quarter="random(0, 20000)"),
        "unit": "attempts/s",
        "goal": "not slower than the host creates contacts; no request above 2 s",
        "holds": all(run.made == run.attempts for run in both)
        and rates["ours", 2] >= rates["host", 2]
        and min(run.slowest for run in both) <= GOAL_SECONDS,
    }
    ours = round(rates["ours", 2] / rates["ours", 1], 2)
    host = round(rates["light", 2] / rates["light", 1], 2)
    yield {
        "name": "booking_race.two_workers",
        "ours": ours,
        "host": host,
        "unit": "times one worker",
        "goal": "bookings of different bays scale as the host's tags do (to a tenth)",
        "holds": ours >= 0.9 * host,
    }


def count_rows(database, bay):
    sql = f"SELECT count(*) FROM auto_service_allocation WHERE resource_id = {bay}"
    return int(harness.query(database, sql)[0][0])


def count_deadlocks(database):
    sql = f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database}'"
    return int(harness.query(database, sql)[0][0])


def pgbench(database, bay, quarter):
    """Attempts a second of as many clients of PostgreSQL, at Odoo's isolation level."""
    script = harness.CACHE / "log" / "booking_race.sql"
    script.write_text(SCRIPT.format(bay=bay, quarter=quarter), encoding="utf-8")
    words = re.findall(r"(\w+)=(\S+)", harness.bin_db("env"))
    options = "-c default_transaction_isolation=repeatable\\ read"
    env = {**os.environ, **dict(words), "PGOPTIONS": options}
    command = [find_pgbench(), "-n", "-c", CLIENTS, "-j", 2, "-T", 3]
    done = subprocess.run(
        [*map(str, command), "-f", str(script), database],
        check=True,
        capture_output=True,
        text=True,
        env=env,
    )
    return round(float(re.search(r"tps = ([\d.]+)", done.stdout)[1]), 1)


def find_pgbench():
    """It comes with the server."""
    return max(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
