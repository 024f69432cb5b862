"""What people do with bookings at the same moment: the whole way, over HTTP.

The engine looks for a time, the booking takes it, the order comes of it; in between
somebody else was faster. Ten windows, two workers.
"""

import time
from datetime import timedelta

import pytest
from crowd import (
    at_once,
    deadlocks,
    double_bookings,
    refusals,
    slow_rows,
    slowest,
    wait_for_writer,
    winners,
)
from garage_board import BOOKING, Garage

CROWD = 10
ROUNDS = 2
SECONDS = 2.0
#: What the loser of a race is told: by the planner, the board, or the reserve.
REFUSALS = [
    r"is taken from",
    r"was taken just now",
    r"is full",
    r"[Ss]omebody",
    r"has just taken",
]


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


def test_last_hours_before_the_reserve_go_to_one(garage, day):
    """Other bays, other technicians, other hours: nothing but the sum is too much.

    Guard: ``_lock_day``; ``test_allocation_unguarded.py`` has both booked without it.
    """
    answers, bookings = garage.contend_for_reserve(day)
    assert len(winners(answers)) == 1, refusals(answers)
    assert "held back" in refusals(answers)[0]
    assert len(garage.count_live(bookings)) == 2


def test_ten_drags_into_one_gap(garage, day):
    """Ten dispatchers drop ten blocks on the same free place of the board."""
    garage.create_bays(CROWD + 1)
    garage.create_technicians(CROWD + 1)
    bookings = garage.create_bookings(CROWD + 1)
    for booking in bookings:
        garage.give_time(booking, day, 8)
    [gap] = garage.create_bays(1)
    first, *blocks = garage.read_blocks(bookings)
    start = time.monotonic()
    garage.drag(garage.sessions[0], first, gap, day, 13)()
    alone = time.monotonic() - start
    answers = at_once(
        *(
            garage.drag(session, block, gap, day, 15)
            for session, block in zip(garage.sessions, blocks, strict=True)
        )
    )
    assert len(winners(answers)) == 1, refusals(answers)
    assert all("is taken from" in text for text in refusals(answers)), answers
    assert slowest(answers) < max(SECONDS, 1.5 * CROWD * alone)
    assert set(garage.count_live(bookings).values()) == {2}


def test_ten_clicks_on_one_free_place(garage, day):
    """Ten new customers are entered on the board; nine leave nothing behind."""
    [bay] = garage.create_bays(1)
    garage.create_technicians(1)
    for hour in (8, 10):
        answers = at_once(
            *(
                garage.click(session, bay, day, hour, f"CLK {hour:02}{number}")
                for number, session in enumerate(garage.sessions)
            )
        )
        booked = [
            answer.result["booking"]
            for answer in winners(answers)
            if "problems" not in answer.result
        ]
        assert len(booked) == 1, [answer.result for answer in answers]
        assert garage.count_live(booked) == {booked[0]: 2}
        [[vehicles]] = garage.query(
            "SELECT count(*) FROM fleet_vehicle"
            f" WHERE license_plate LIKE 'CLK {hour:02}%'"
        )
        assert vehicles == "1"


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
        wait_for_writer(garage.database)
        return garage.sessions[1].call("resource.calendar.leaves", "create", leave)

    with slow_rows(garage.database, 1.0):
        answers = at_once(
            garage.timing(garage.sessions[0], booking, day, 8), enter_leave
        )
    assert refusals(answers) == []
    assert garage.read_reasons(booking) == {"bay": "", "technician": ""}
    garage.run_cron("ir_cron_roll_over")
    assert garage.read_reasons(booking) == {"bay": "", "technician": "absent"}


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
