"""Many people take parts from the same shelves for a minute, over HTTP.

Sixteen clients make deliveries: they create one, have it reserved and validate what
they got. First with parts of their own, then all with the same part, each with the
guard and without it, in turns on the same server; without it is what the host does.
Then a minute with parts that run out: nobody may get what is not there, and nobody may
be refused what is.
"""

import random
import re
import statistics
import sys
import threading
import time
from dataclasses import dataclass

import harness
import requests

sys.path.insert(0, str(harness.ROOT / "tests" / "races"))

CLIENTS = 16
TURNS = 3
SECONDS = 10
MINUTE = 60
PLENTY = 1_000_000
#: Parts that run out, and pieces of each.
SCARCE, PIECES = 12, 10
#: What nobody may be told.
TROUBLE = re.compile(r"serializ|deadlock|concurren|Traceback|timed? ?out", re.I)
LOG = harness.CACHE / "log" / "bench-stock-server-{}.log"


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("stock_race") as database:
        install(database)
        with harness.OdooServer(database, str(LOG).format(2), workers=2) as server:
            yield from throughput(Crowd(server))
            yield from scarce(Crowd(server), "two workers")
        with harness.OdooServer(database, str(LOG).format(0), workers=0) as server:
            yield from scarce(Crowd(server), "threads")


def install(database):
    log = harness.CACHE / "log" / "bench-stock.log"
    arguments = ("-d", database, "-i", "auto_service_warehouse", "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addon could not be installed; see {log}")


# --- The clients ----------------------------------------------------------------------


@dataclass
class Deed:
    """What one delivery came to.

    :param wanted, got: pieces
    :param start, end: seconds of the clock
    :param str error: what the server said
    """

    part: int
    wanted: int
    got: float = 0
    start: float = 0.0
    end: float = 0.0
    error: str = ""


class Client:
    """One person at the counter."""

    def __init__(self, desk, session):
        self.desk = desk
        self.session = session

    def call(self, *args, **kwargs):
        return self.session.call(*args, **kwargs)

    def deliver(self, part, wanted, insist=False):
        """Create a delivery, reserve and validate it.

        :param bool insist: type the whole quantity, whatever is reserved
        """
        deed = Deed(part, wanted, start=time.monotonic())
        try:
            deed.got = self.work(part, wanted, insist)
        except (requests.RequestException, ValueError) as error:
            deed.error = f"Traceback: {error!r}"
        except Exception as error:
            deed.error = str(error)
        deed.end = time.monotonic()
        return deed

    def work(self, part, wanted, insist):
        values = self.desk.prepare([(part, wanted)])
        [transfer] = self.call("stock.picking", "create", [values])
        self.call("stock.picking", "action_confirm", [transfer])
        [move] = self.call(
            "stock.move",
            "search_read",
            [["picking_id", "=", transfer]],
            ["quantity"],
        )
        got = move["quantity"]
        if insist:
            got = wanted
            values = {"quantity": wanted, "picked": True}
            self.call("stock.move", "write", [move["id"]], values)
        if not got:
            return 0
        context = {"skip_backorder": True, "picking_ids_not_to_backorder": [transfer]}
        self.call("stock.picking", "button_validate", [transfer], context=context)
        return got


class Crowd:
    """Clients of one server, each with a connection of its own.

    :param server: harness.OdooServer
    """

    def __init__(self, server):
        # The clients of the races; pytest is not at work here.
        from conftest import WebClient, open_stock_windows
        from stock_desk import StockDesk

        sessions = open_stock_windows(WebClient, CLIENTS, server)
        self.desk = StockDesk(sessions, server)
        self.clients = [Client(self.desk, session) for session in sessions]

    def run(self, choose, seconds):
        """Everybody delivers for so many seconds.

        :param choose: function of a client's number and its random generator, that
            returns the arguments of a delivery
        :return: list of Deed
        """
        barrier = threading.Barrier(len(self.clients))
        deeds = [[] for _client in self.clients]

        def work(number):
            dice = random.Random(number)
            barrier.wait()
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                deed = self.clients[number].deliver(*choose(number, dice))
                deeds[number].append(deed)

        threads = [
            threading.Thread(target=work, args=(number,))
            for number in range(len(self.clients))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [deed for client in deeds for deed in client]


# --- The figures ----------------------------------------------------------------------


def rate(deeds):
    """Deliveries a second."""
    done = [deed for deed in deeds if deed.got and not deed.error]
    seconds = max(deed.end for deed in deeds) - min(deed.start for deed in deeds)
    return len(done) / seconds


def throughput(crowd):
    """With and without the guard, in turns."""
    desk = crowd.desk
    own = desk.create_parts(CLIENTS, quantity=PLENTY)
    [one] = desk.create_parts(1, quantity=PLENTY)
    choices = {
        "different_parts": lambda number, _dice: (own[number], 1),
        "one_part": lambda _number, _dice: (one, 1),
    }
    rates = {}
    for _turn in range(TURNS):
        for on in (True, False):
            desk.switch(on)
            desk.warm_up()
            for name, choose in choices.items():
                deeds = crowd.run(choose, SECONDS)
                rates.setdefault((name, on), []).append((rate(deeds), errors(deeds)))
    desk.switch(True)
    for name in choices:
        ours, host = (best(rates[name, on]) for on in (True, False))
        slow = name == "one_part"
        trouble = sum(count for _rate, count in rates[name, True])
        yield {
            "name": f"stock_race.{name}",
            "ours": ours,
            "host": host,
            "unit": "deliveries/s",
            "goal": "no error" if slow else "half of the host's, no error",
            "holds": not trouble and (slow or ours >= 0.5 * host),
        }


def best(pairs):
    return round(statistics.median(value for value, _errors in pairs), 1)


def errors(deeds):
    return sum(bool(TROUBLE.search(deed.error)) for deed in deeds)


class Watch:
    """Looks at the shelves again and again while others are at work."""

    def __init__(self, desk, parts):
        self.desk, self.parts = desk, parts
        self.seen, self.looks = [], 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        while not self.over.wait(0.2):
            self.seen += self.desk.problems(self.parts)
            self.looks += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_details):
        self.over.set()
        self.thread.join()


def find_false_refusals(deeds, left):
    """Refusals although there was enough: others got pieces of it afterwards.

    :param dict left: free pieces at the end, by part
    """
    found = []
    for deed in deeds:
        if deed.got >= deed.wanted or TROUBLE.search(deed.error):
            continue
        later = sum(
            other.got
            for other in deeds
            if other.part == deed.part and other.start > deed.end and not other.error
        )
        # An error refuses all of it; a reservation takes whatever there is.
        enough = deed.wanted if deed.error else 1
        if later + left[deed.part] >= enough:
            found.append(deed)
    return found


def scarce(crowd, where):
    """A minute with parts that run out, in few and in many hands."""
    desk = crowd.desk
    desk.warm_up()
    parts = desk.create_parts(SCARCE, quantity=PIECES)
    parts += desk.create_parts(2, quantity=PLENTY)

    def choose(_number, dice):
        return dice.choice(parts), dice.randint(1, 3), dice.random() < 0.3

    with Watch(desk, parts) as watch:
        deeds = crowd.run(choose, MINUTE)
    watch.seen += desk.problems(parts)
    left = {part: desk.on_hand(part) - desk.promised(part) for part in parts}
    false = find_false_refusals(deeds, left)
    refused = sum(deed.got < deed.wanted or bool(deed.error) for deed in deeds)
    trouble = errors(deeds)
    for deed in [*false[:3], *[d for d in deeds if TROUBLE.search(d.error)][:3]]:
        print(deed, file=sys.stderr)
    for sight in watch.seen[:3]:
        print(sight, file=sys.stderr)
    slug = where.replace(" ", "_")
    yield {
        "name": f"stock_race.minute_{slug}",
        "ours": len(watch.seen) + len(false) + trouble,
        "unit": f"faults in {len(deeds)} deliveries, {refused} of them refused",
        "goal": "never below zero, no double promise, no false refusal, nothing lost",
        "holds": not (watch.seen or false or trouble) and watch.looks > 10,
    }
    yield {
        "name": f"stock_race.slowest_{slug}",
        "ours": round(max(deed.end - deed.start for deed in deeds), 2),
        "unit": "s for a delivery (4 or 5 requests)",
    }
