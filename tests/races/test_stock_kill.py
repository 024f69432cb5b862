"""Server and database die in the middle of many postings: books and shelves agree.

AUTO_SERVICE_POSTINGS says how many; the figures of the issue are those of 1000.
"""

import os
import queue
import threading
import time

import harness
import pytest
import requests
from conftest import ServerError, WebClient, open_stock_windows
from own_cluster import OwnCluster, kill_server
from stock_desk import StockDesk

POSTINGS = int(os.environ.get("AUTO_SERVICE_POSTINGS", "150"))
CLERKS = 4
PARTS = 10
PRICE = 10
LOST = (requests.RequestException, ServerError, ValueError, KeyError)

# What came in and what went out in money, beside what is there.
VALUES = """
    SELECT product_id,
           round(sum(CASE WHEN is_in THEN value WHEN is_out THEN -value END), 2),
           (SELECT sum(quantity) FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
             WHERE q.product_id = stock_move.product_id)
      FROM stock_move
     WHERE state = 'done' AND (is_in OR is_out) AND product_id IN ({products})
     GROUP BY product_id
"""


class MortalDesk(StockDesk):
    """A counter whose database is one that is killed.

    :param cluster: OwnCluster
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.server = None

    def open(self, server):
        """Sit down at a server that has just started."""
        super().__init__(open_stock_windows(WebClient, CLERKS, server), server)

    def query(self, sql):
        return self.cluster.query(sql)

    def create_valued_parts(self):
        values = {"name": "Valued", "property_cost_method": "fifo"}
        [category] = self.call("product.category", "create", [values])
        return self.create_parts(
            PARTS,
            quantity=POSTINGS,
            categ_id=category,
            standard_price=PRICE,
        )

    def create_postings(self, parts):
        """Deliveries with two parts each, reserved."""
        wishes = [
            [(parts[n % PARTS], 1), (parts[(n + 3) % PARTS], 2)]
            for n in range(POSTINGS)
        ]
        transfers = []
        for start in range(0, POSTINGS, 50):
            transfers += self.deliveries(*wishes[start : start + 50])
        return transfers

    def get_done(self, transfers):
        numbers = ",".join(map(str, transfers))
        rows = self.query(
            f"SELECT id FROM stock_picking WHERE id IN ({numbers}) AND state = 'done'"
        )
        return {int(row[0]) for row in rows}

    def assert_agreement(self, parts):
        """Papers, shelves, promises and money say the same."""
        assert self.problems(parts) == []
        rows = self.query(VALUES.format(products=",".join(map(str, parts))))
        assert len(rows) == PARTS
        for part, value, quantity in rows:
            assert float(value) == float(quantity) * PRICE, part


class Clerks:
    """People who validate one delivery after the other, until the server is gone."""

    def __init__(self, desk, transfers):
        self.desk = desk
        self.waiting = queue.SimpleQueue()
        for transfer in transfers:
            self.waiting.put(transfer)
        self.told = set()
        self.threads = [
            threading.Thread(target=self.work, args=(session,))
            for session in desk.sessions
        ]
        for thread in self.threads:
            thread.start()

    def work(self, session):
        while True:
            try:
                transfer = self.waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self.desk.validating(session, transfer)()
            except LOST:
                return
            self.told.add(transfer)

    def wait_for(self, count, seconds=900):
        """Until so many are told that their delivery is done."""
        deadline = time.monotonic() + seconds
        while len(self.told) < count:
            assert time.monotonic() < deadline, f"only {len(self.told)} in time"
            assert any(thread.is_alive() for thread in self.threads), "all gave up"
            time.sleep(0.02)

    def join(self):
        for thread in self.threads:
            thread.join()
        return self.told


@pytest.fixture(scope="module")
def cluster(stock_db):
    with OwnCluster(stock_db) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def desk(cluster):
    return MortalDesk(cluster)


def start_server(cluster, name):
    log = harness.TEST_LOGS / f"stock_kill_{name}.log"
    return harness.OdooServer(cluster.database, log, 2, cluster.options)


def test_books_and_shelves_agree_after_kills(cluster, desk):
    with start_server(cluster, "first") as server:
        desk.open(server)
        desk.switch(True)
        parts = desk.create_valued_parts()
        transfers = desk.create_postings(parts)
        clerks = Clerks(desk, transfers)
        clerks.wait_for(POSTINGS // 3)
        kill_server(server)
        told = clerks.join()
    done = desk.get_done(transfers)
    assert told <= done, "what was said to be done is done"
    assert len(told) < POSTINGS, "the server died in the middle"
    desk.assert_agreement(parts)

    with start_server(cluster, "second") as server:
        desk.open(server)
        clerks = Clerks(desk, [t for t in transfers if t not in done])
        clerks.wait_for(POSTINGS // 3)
        cluster.kill()
        told = clerks.join()
        cluster.start()
        assert told <= desk.get_done(transfers)
        assert len(desk.get_done(transfers)) < POSTINGS
        desk.assert_agreement(parts)

    with start_server(cluster, "third") as server:
        desk.open(server)
        done = desk.get_done(transfers)
        told = Clerks(desk, [t for t in transfers if t not in done]).join()
        assert told | done == set(transfers), "the rest is posted afterwards"
        desk.assert_agreement(parts)
        rows = desk.call("product.product", "read", parts, ["total_value"])
        for row in rows:
            on_hand = desk.on_hand(row["id"])
            assert row["total_value"] == on_hand * PRICE
            assert desk.promised(row["id"]) == 0
        assert sum(map(desk.on_hand, parts)) == (PARTS - 3) * POSTINGS
    assert cluster.clean_log() == []
