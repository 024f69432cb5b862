"""What people do with bookings at the same moment: the whole way, over HTTP.

The engine looks for a time, the booking takes it, the order comes of it; in between
somebody else was faster. Ten windows, two workers.
"""

import itertools
import time
from datetime import datetime, timedelta

import pytest
from crowd import (
    at_once,
    deadlocks,
    double_bookings,
    refusals,
    slow_rows,
    slowest,
    winners,
)
from garage_board import Board

CROWD = 10
ROUNDS = 2
SECONDS = 2.0
NUMBERS = itertools.count(1)
BOOKING = "auto.service.booking"
#: What the loser of a race is told: by the planner, the board, or the reserve.
REFUSALS = [
    r"is taken from",
    r"was taken just now",
    r"is full",
    r"[Ss]omebody",
    r"has just taken",
]


class Garage(Board):
    """A garage with hours, technicians and customers.

    Each test has a day of its own, so that none sees what another one left.
    """

    def __init__(self, sessions, database):
        super().__init__(sessions, database)
        self.company = self.call("res.users", "read", [2], ["company_id"])[0][
            "company_id"
        ][0]
        company = self.call("res.company", "read", [self.company], [])[0]
        self.calendar = company["resource_calendar_id"][0]
        self.call("resource.calendar", "write", [self.calendar], {"tz": "UTC"})
        self.set_reserve(0)
        today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        monday = today + timedelta(days=7 - today.weekday())
        self.days = itertools.cycle(
            monday + timedelta(days=7 * week + day)
            for week in range(3)
            for day in range(5)
        )

    def set_reserve(self, percent):
        values = {"auto_service_reserve_percent": percent}
        self.call("res.company", "write", [self.company], values)

    def close_all(self):
        """Nothing that is there is planned any more."""
        self.query(
            "UPDATE resource_resource SET auto_service_role = NULL;"
            "DELETE FROM auto_service_allocation"
        )

    def create_technicians(self, count):
        """New technicians; ids of their resources."""
        employees = [
            {
                "name": f"Technician {next(NUMBERS)}",
                "resource_calendar_id": self.calendar,
                "tz": "UTC",
            }
            for _technician in range(count)
        ]
        ids = self.call("hr.employee", "create", employees)
        technicians = self.call(
            "auto.service.technician", "create", [{"employee_id": id_} for id_ in ids]
        )
        rows = self.call(
            "auto.service.technician", "read", technicians, ["resource_id"]
        )
        return [row["resource_id"][0] for row in rows]

    def create_bookings(self, count, hours=1.0):
        """Bookings that have no time yet; each of another customer."""
        customers = self.call(
            "res.partner",
            "create",
            [{"name": f"Customer {next(NUMBERS)}"} for _number in range(count)],
        )
        brand = self.call("fleet.vehicle.model.brand", "create", {"name": "Testford"})
        model = self.call(
            "fleet.vehicle.model", "create", {"name": "Focus", "brand_id": brand}
        )
        vehicles = self.call(
            "fleet.vehicle",
            "create",
            [
                {
                    "license_plate": f"BKG {next(NUMBERS):05}",
                    "model_id": model,
                    "is_customer_vehicle": True,
                    "owner_id": customer,
                }
                for customer in customers
            ],
        )
        line = {
            "name": "Oil service",
            "hours": hours,
            "needs_bay": True,
            "needs_technician": True,
        }
        return self.call(
            BOOKING,
            "create",
            [
                {
                    "partner_id": customer,
                    "vehicle_id": vehicle,
                    "line_ids": [[0, 0, line]],
                }
                for customer, vehicle in zip(customers, vehicles, strict=True)
            ],
        )

    def timing(self, session, booking, day, hour):
        """A click: this booking at that hour of the day."""
        start = (day + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%S")
        return lambda: session.call(BOOKING, "book_time", [booking], start)

    def give_time(self, booking, day, hour):
        """Book it while nobody else does anything; the seconds it took."""
        start = time.monotonic()
        self.timing(self.sessions[0], booking, day, hour)()
        return time.monotonic() - start

    def read_rows(self, booking):
        """Live rows of a booking."""
        domain = [("booking_id", "=", booking), ("state", "!=", "cancelled")]
        return self.call("auto.service.allocation", "search", domain)

    def run_cron(self, name, session=None):
        """Run a job now, as its form's button does."""
        [[cron]] = self.query(
            "SELECT res_id FROM ir_model_data"
            f" WHERE module = 'auto_service_booking' AND name = '{name}'"
        )
        session = session or self.sessions[0]
        return session.call("ir.cron", "method_direct_trigger", [int(cron)])

    def create_waitlist_action(self):
        """Server action that looks at the waitlist, as the job does."""
        [[model]] = self.query(
            "SELECT id FROM ir_model WHERE model = 'auto.service.freed'"
        )
        values = {
            "name": "Look at the waitlist",
            "model_id": int(model),
            "state": "code",
            "code": "model.sudo()._cron_offer_waitlist()",
        }
        return self.call("ir.actions.server", "create", values)

    def read_states(self, bookings):
        rows = self.call(BOOKING, "read", bookings, ["state"])
        return sorted(row["state"] for row in rows)

    def count_live(self, bookings):
        """Live rows of each of the bookings."""
        ids = ", ".join(map(str, bookings))
        rows = self.query(
            "SELECT booking_id, count(*) FROM auto_service_allocation"
            f" WHERE state <> 'cancelled' AND booking_id IN ({ids}) GROUP BY 1"
        )
        return {int(booking): int(count) for booking, count in rows}


@pytest.fixture(scope="module")
def garage(board_sessions, suite_db, odoo_server):
    odoo_server.expected_log += REFUSALS
    return Garage(board_sessions(CROWD), suite_db)


@pytest.fixture
def day(garage):
    """A working day of the coming weeks, with nothing planned and nobody there."""
    garage.close_all()
    before = deadlocks(garage.database)
    yield next(garage.days)
    assert double_bookings(garage.database) == 0
    assert deadlocks(garage.database) == before


def test_last_free_hour_goes_to_one_customer(garage, day):
    """One bay, one technician; ten advisors have a customer on the telephone."""
    garage.create_bays(1)
    garage.create_technicians(1)
    [first] = garage.create_bookings(1)
    alone = garage.give_time(first, day, 14)
    for hour in (8, 10):
        bookings = garage.create_bookings(CROWD)
        answers = at_once(
            *(
                garage.timing(session, booking, day, hour)
                for session, booking in zip(garage.sessions, bookings, strict=True)
            )
        )
        assert len(winners(answers)) == 1, refusals(answers)
        assert slowest(answers) < max(SECONDS, 1.5 * CROWD * alone)
        assert garage.read_states(bookings) == ["booked"] + ["requested"] * (CROWD - 1)
        # Bay and technician, of one booking; of the others not even half.
        assert list(garage.count_live(bookings).values()) == [2]


def test_as_many_customers_as_there_are_bays(garage, day):
    """Who finds his technician gone may get another one, but nobody gets half."""
    garage.create_bays(4)
    garage.create_technicians(4)
    bookings = garage.create_bookings(CROWD)
    pending = dict(zip(bookings, garage.sessions, strict=True))
    for _try in range(CROWD):
        answers = at_once(
            *(
                garage.timing(session, booking, day, 8)
                for booking, session in pending.items()
            )
        )
        pending = {
            booking: session
            for (booking, session), answer in zip(pending.items(), answers, strict=True)
            if answer.refusal
        }
        if len(pending) <= CROWD - 4:
            break
    assert garage.read_states(bookings) == ["booked"] * 4 + ["requested"] * 6
    assert set(garage.count_live(bookings).values()) == {2}


def test_customers_who_change_days_do_not_wait_for_each_other(garage, day):
    """One moves from Monday to Tuesday, one from Tuesday to Monday."""
    other = next(garage.days)
    garage.create_bays(1)
    garage.create_technicians(1)
    first, second = garage.create_bookings(2)
    garage.give_time(first, day, 8)
    garage.give_time(second, other, 8)
    with slow_rows(garage.database, 0.05):
        answers = at_once(
            garage.timing(garage.sessions[0], first, other, 10),
            garage.timing(garage.sessions[1], second, day, 10),
        )
    assert refusals(answers) == []
    assert set(garage.count_live([first, second]).values()) == {2}


def test_reserve_of_a_day_is_not_promised(garage, day):
    """Four technicians, 32 hours, half of them held back: four jobs of four hours."""
    garage.create_bays(CROWD)
    garage.create_technicians(4)
    garage.set_reserve(50)
    try:
        bookings = garage.create_bookings(8, hours=4.0)
        pending = list(zip(bookings, garage.sessions, strict=False))
        for _try in range(8):
            answers = at_once(
                *(
                    garage.timing(session, booking, day, 8 if number % 2 else 13)
                    for number, (booking, session) in enumerate(pending)
                )
            )
            pending = [
                pair
                for pair, answer in zip(pending, answers, strict=True)
                if answer.refusal
            ]
            if not winners(answers):
                break
    finally:
        garage.set_reserve(0)
    assert garage.read_states(bookings) == ["booked"] * 4 + ["requested"] * 4


def test_customer_arrives_once(garage, day):
    """Two advisors take the same customer in: one visit, one work order."""
    garage.create_bays(1)
    garage.create_technicians(1)
    for hour in (8, 10):
        [booking] = garage.create_bookings(1)
        garage.give_time(booking, day, hour)
        at_once(
            *(
                lambda session=session, booking=booking: session.call(
                    BOOKING, "action_arrive", [booking]
                )
                for session in garage.sessions[:2]
            )
        )
        [[orders]] = garage.query(
            "SELECT count(DISTINCT o.id) FROM auto_service_order o"
            " JOIN auto_service_booking b ON b.vehicle_id = o.vehicle_id"
            f" WHERE b.id = {booking}"
        )
        assert orders == "1"
        assert garage.read_states([booking]) == ["arrived"]


def test_booking_given_two_times_at_once_keeps_one(garage, day):
    """Advisor and customer both move it; the later one wins, whole."""
    garage.create_bays(2)
    garage.create_technicians(2)
    for _round in range(ROUNDS):
        [booking] = garage.create_bookings(1)
        garage.give_time(booking, day, 8)
        at_once(
            garage.timing(garage.sessions[0], booking, day, 10),
            garage.timing(garage.sessions[1], booking, day, 14),
        )
        assert garage.count_live([booking]) == {booking: 2}
        [times] = garage.query(
            "SELECT count(DISTINCT start) FROM auto_service_allocation"
            f" WHERE booking_id = {booking} AND state <> 'cancelled'"
        )
        assert times == ["1"]
        garage.query(
            f"UPDATE auto_service_allocation SET state = 'cancelled'"
            f" WHERE booking_id = {booking}"
        )


def test_leave_entered_while_somebody_books_is_noticed(garage, day):
    """Neither sees the other; the roll-over does. Guard: ``_flag_late``."""
    garage.create_bays(1)
    [technician] = garage.create_technicians(1)
    [booking] = garage.create_bookings(1)
    leave = {
        "name": "Ill",
        "resource_id": technician,
        "date_from": str(day),
        "date_to": str(day + timedelta(days=1)),
    }

    def enter_leave():
        time.sleep(0.3)  # the other one has looked and is writing
        return garage.sessions[1].call("resource.calendar.leaves", "create", leave)

    with slow_rows(garage.database, 0.5):
        answers = at_once(
            garage.timing(garage.sessions[0], booking, day, 8), enter_leave
        )
    assert refusals(answers) == []
    garage.run_cron("ir_cron_roll_over")
    reasons = garage.query(
        "SELECT role, replan_reason FROM auto_service_allocation"
        f" WHERE booking_id = {booking} AND state <> 'cancelled' ORDER BY role"
    )
    assert reasons == [["bay", ""], ["technician", "absent"]]


def test_freed_time_is_offered_to_one_of_those_who_wait(garage, day):
    """Two workers look at the waitlist at once."""
    garage.create_bays(1)
    garage.create_technicians(1)
    for hour in (8, 10):
        keeper, *waiting = garage.create_bookings(4)
        garage.give_time(keeper, day, hour)
        wish = {
            "wish_from": str(day + timedelta(hours=hour)),
            "wish_to": str(day + timedelta(hours=hour + 1)),
        }
        garage.call(BOOKING, "write", waiting, wish)
        garage.call(BOOKING, "action_to_waitlist", waiting)
        garage.call(
            "auto.service.allocation",
            "write",
            garage.read_rows(keeper),
            {"state": "cancelled"},
        )
        # The button of the job would let one of them in only.
        action = garage.create_waitlist_action()
        answers = at_once(
            *(
                lambda session=session, action=action: session.call(
                    "ir.actions.server", "run", [action]
                )
                for session in garage.sessions[:2]
            )
        )
        assert refusals(answers) == []
        assert garage.count_live(waiting) == {waiting[0]: 2}
        held = garage.query(
            "SELECT booking_id FROM auto_service_waitlist_offer WHERE state = 'held'"
        )
        assert [str(waiting[0])] in held
        garage.call(BOOKING, "action_decline_offer", waiting[:1])
        garage.query("DELETE FROM auto_service_freed")
        garage.call(BOOKING, "write", waiting, {"is_waitlisted": False})
        garage.query(
            "UPDATE auto_service_booking SET state = 'requested'"
            " WHERE state = 'waitlist'"
        )
