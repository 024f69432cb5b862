"""Customers with links contend for times, on two workers of a real server."""

import re
import threading
from urllib.parse import urlsplit

import harness
import pytest
import requests
from crowd import at_once, double_bookings
from garage_board import NUMBERS, Board

CROWD = 6
#: What ``auto.service.link.hit`` allows from one address, and how many workers may
#: look at the same moment.
GUESSES = 20
WORKERS = 2


class Customer:
    """Somebody with a link and no login.

    :param server: harness.OdooServer
    :param str path: of his link
    """

    def __init__(self, server, path):
        self.url = server.url + path
        self.session = requests.Session()
        self.token = re.search(r'csrf_token: "([^"]+)"', self.get())[1]

    def get(self, page=""):
        return self.session.get(self.url + page, timeout=60).text

    def get_times(self):
        """Moments that he is offered, as they stand in the page."""
        return re.findall(r'data-start="([^"]+)"', self.get("/times"))

    def twin(self):
        """A second window of the same browser."""
        twin = Customer.__new__(Customer)
        twin.__dict__.update(self.__dict__, session=requests.Session())
        twin.session.cookies.update(self.session.cookies)
        return twin

    def picking(self, start):
        """A click: take that time. The address that the answer leads to."""
        data = {"csrf_token": self.token, "start": start}
        return lambda: self.session.post(
            self.url + "/pick", data=data, timeout=60
        ).url.rpartition("=")[2]


@pytest.fixture(scope="module")
def board(board_sessions, suite_db, odoo_server):
    odoo_server.expected_log += [r"is taken from", r"is taken at that time"]
    board = Board(board_sessions(1), suite_db)
    yield board
    assert double_bookings(suite_db) == 0


def create_customers(board, server, count):
    """Bookings of one new lift, each with a customer who got a link.

    :return: list of Customer, ids of the bookings
    """
    bay = board.call("auto.service.bay", "create", [{"name": f"Lift {next(NUMBERS)}"}])
    partners = board.call(
        "res.partner", "create", [{"name": f"Customer {n}"} for n in range(count)]
    )
    line = {
        "name": "Oil service",
        "hours": 1.0,
        "needs_bay": True,
        "bay_id": bay[0],
        "needs_technician": False,
    }
    bookings = board.call(
        "auto.service.booking",
        "create",
        [{"partner_id": partner, "line_ids": [[0, 0, line]]} for partner in partners],
    )
    board.call("auto.service.booking", "action_make_link", bookings)
    rows = board.call("auto.service.booking", "read", bookings, ["link_url"])
    paths = [urlsplit(row["link_url"]).path for row in rows]
    return [Customer(server, path) for path in paths], bookings


def count_states(database, bookings):
    """How many bookings are in which state."""
    ids = ", ".join(map(str, bookings))
    rows = harness.query(
        database,
        "SELECT state, count(*) FROM auto_service_booking"
        f" WHERE id IN ({ids}) GROUP BY state",
    )
    return {state: int(count) for state, count in rows}


def test_one_of_many_gets_the_time_and_the_others_other_times(
    board, odoo_server, suite_db
):
    customers, bookings = create_customers(board, odoo_server, CROWD)
    start = customers[0].get_times()[5]
    answers = at_once(*(customer.picking(start) for customer in customers))
    results = sorted(answer.result for answer in answers)
    assert results == ["booked"] + ["taken"] * (CROWD - 1)
    states = {"booked": 1, "requested": CROWD - 1}
    assert count_states(suite_db, bookings) == states
    # Who has the time may keep it; it is none for the others.
    pairs = zip(customers, answers, strict=True)
    loser = next(customer for customer, answer in pairs if answer.result == "taken")
    assert start not in loser.get_times()


def test_two_windows_of_one_customer_keep_one_time(board, odoo_server, suite_db):
    [customer], [booking] = create_customers(board, odoo_server, 1)
    times = customer.get_times()
    # Far enough ahead that the second click may still move what the first one took.
    answers = at_once(customer.picking(times[-1]), customer.twin().picking(times[-4]))
    assert sorted(answer.result for answer in answers) == ["booked", "moved"]
    rows = harness.query(
        suite_db,
        "SELECT count(*) FROM auto_service_allocation"
        f" WHERE booking_id = {booking} AND state <> 'cancelled'",
    )
    assert int(rows[0][0]) == 1


def test_guesses_are_counted_across_the_workers(odoo_server):
    codes = []

    def guess():
        for _guess in range(5):
            url = f"{odoo_server.url}/booking/1-{'0' * 64}"
            codes.append(requests.get(url, timeout=60).status_code)

    threads = [threading.Thread(target=guess) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) == {404, 429}
    assert GUESSES <= codes.count(404) < GUESSES + WORKERS
