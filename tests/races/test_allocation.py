"""Invariant 1: one resource is never given twice, whoever clicks and whenever.

Ten windows talk to two workers of a real server. What each test proves was seen to
fail without its guard: ``test_allocation_unguarded.py`` takes the constraint and the
lock away and finds the double bookings and the deadlocks.
"""

import re

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
ROUNDS = 3
SENTENCE = re.compile(r"^Lift \d+ is taken from \w+ .* to .*\. \S.*\.$")
#: No click takes longer; more only where the machine cannot serve them one by one.
SECONDS = 2.0


@pytest.fixture(scope="module")
def board(board_sessions, suite_db, odoo_server):
    odoo_server.expected_log += [r"is taken from", r"is taken at that time"]
    board = Board(board_sessions(CROWD), suite_db)
    before = deadlocks(suite_db)
    yield board
    assert double_bookings(suite_db) == 0
    assert deadlocks(suite_db) == before


def check_one_winner(board, answers):
    """One has it; the others are told by whom it is taken, in time."""
    assert len(winners(answers)) == 1, refusals(answers)
    assert len(refusals(answers)) == len(answers) - 1
    for sentence in refusals(answers):
        assert SENTENCE.match(sentence), sentence
    assert slowest(answers) < board.patience(SECONDS, len(answers))


def test_one_slot_of_a_bay_goes_to_one_of_ten(board):
    for _round in range(ROUNDS):
        [bay] = board.create_bays(1)
        # Not the same times even: each begins a quarter of an hour later.
        answers = at_once(
            *(
                board.booking(session, [bay], start=9 + number / 8, hours=2)
                for number, session in enumerate(board.sessions)
            )
        )
        check_one_winner(board, answers)
        assert board.count_rows([bay]) == 1


def test_ten_moves_into_one_gap_leave_one_there(board):
    for _round in range(ROUNDS):
        gap, *bays = board.create_bays(CROWD + 1)
        rows = [board.book([bay], start=9)[0] for bay in bays]
        answers = at_once(
            *(
                board.moving(session, row, resource=gap, start=13 + number / 10)
                for number, (session, row) in enumerate(
                    zip(board.sessions, rows, strict=True)
                )
            )
        )
        check_one_winner(board, answers)
        # Who was refused is where he was.
        assert board.count_rows([gap]) == 1
        assert board.count_rows(bays) == CROWD - 1


def test_ten_bays_go_to_ten(board):
    bays = board.create_bays(CROWD)
    answers = at_once(
        *(
            board.booking(session, [bay], start=9)
            for session, bay in zip(board.sessions, bays, strict=True)
        )
    )
    assert refusals(answers) == []
    assert slowest(answers) < board.patience(SECONDS, CROWD)


def test_ten_times_of_a_bay_go_to_ten(board):
    """Times that touch do not overlap."""
    [bay] = board.create_bays(1)
    answers = at_once(
        *(
            board.booking(session, [bay], start=6 + number, hours=1)
            for number, session in enumerate(board.sessions)
        )
    )
    assert refusals(answers) == []
    assert slowest(answers) < board.patience(SECONDS, CROWD)


def test_what_needs_two_is_booked_crosswise_without_a_deadlock(board):
    """One wants lift and tester, the other tester and lift."""
    first, second = board.sessions[:2]
    for _round in range(ROUNDS):
        bays = board.create_bays(2)
        with slow_rows(board.database):
            answers = at_once(
                board.booking(first, bays, start=9),
                board.booking(second, bays[::-1], start=9),
            )
        check_one_winner(board, answers)
        assert board.count_rows(bays) == 2, "half a booking"


def test_two_who_swap_places_both_hear_no(board):
    """Each wants where the other stands; nobody waits for the other for ever."""
    first, second = board.sessions[:2]
    bays = board.create_bays(2)
    rows = [board.book([bay], start=9)[0] for bay in bays]
    with slow_rows(board.database):
        answers = at_once(
            board.moving(first, rows[0], resource=bays[1]),
            board.moving(second, rows[1], resource=bays[0]),
        )
    assert len(refusals(answers)) == 2
    assert slowest(answers) < board.patience(SECONDS, 2)
    assert [board.count_rows([bay]) for bay in bays] == [1, 1]


def test_block_moves_whole_or_stays(board):
    """Bay and tester move together while somebody takes the tester there."""
    mover, taker = board.sessions[:2]
    for _round in range(ROUNDS):
        bay, tester = board.create_bays(2)
        rows = board.book([bay, tester], start=9)
        with slow_rows(board.database, 0.05):
            answers = at_once(
                board.moving(mover, rows[0], start=14),
                board.booking(taker, [tester], start=14),
            )
        check_one_winner(board, answers)
        assert len(board.read_times(rows)) == 1, "the block was torn apart"


def test_cancelled_time_comes_back_only_when_it_is_free(board):
    reopener, taker = board.sessions[:2]
    for _round in range(ROUNDS):
        [bay] = board.create_bays(1)
        [row] = board.book([bay], start=9)
        board.write([row], {"state": "cancelled"})
        answers = at_once(
            lambda row=row: reopener.call(
                "auto.service.allocation", "write", [row], {"state": "planned"}
            ),
            board.booking(taker, [bay], start=9.5),
        )
        check_one_winner(board, answers)
        assert board.count_rows([bay]) == 1


def test_row_cancelled_and_moved_at_once_ends_as_one_of_them(board):
    """The later of the two sees what the first did and does its own again."""
    mover, canceller = board.sessions[:2]
    for _round in range(ROUNDS):
        bay, other = board.create_bays(2)
        [row] = board.book([bay], start=9)
        answers = at_once(
            board.moving(mover, row, resource=other),
            lambda row=row: canceller.call(
                "auto.service.allocation", "write", [row], {"state": "cancelled"}
            ),
        )
        assert refusals(answers) == []
        assert board.count_rows([bay, other]) == 0


def test_time_for_years_takes_no_lock_for_every_day(board):
    """A typing error in the year must not use up the server's table of locks."""
    [bay] = board.create_bays(1)
    assert board.book([bay], start=9, hours=24 * 365 * 300)
    assert board.count_rows([bay]) == 1
