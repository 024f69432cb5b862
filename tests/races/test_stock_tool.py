"""A tool is with one technician: of two who take it at once, one reads who has it.

Two sessions go to two worker processes of a real server. The unique index alone would
keep the tool from being lent twice, but with a sentence that names nobody: the lock in
front of it makes the second request start again, and then it sees the loan.
"""

import harness
import pytest
from crowd import at_once, refusals, winners

ROUNDS = 6
TOOL = "auto.service.tool"


@pytest.fixture
def board(stock_sessions, stock_server):
    """Two sessions, a tool and two technicians."""
    stock_server.expected_log += [r"Nobody has ", r"is with .* since"]
    first, second = stock_sessions(2, stock_server)
    tool = first.call(TOOL, "create", {"name": "Hub puller"})
    names = ("Toomas Mets", "Jaan Kask")
    technicians = [
        first.call("hr.employee", "create", {"name": name}) for name in names
    ]
    return (first, second), tool, technicians


def test_of_two_who_take_a_tool_one_has_it_and_the_other_reads_who(board):
    sessions, tool, technicians = board
    for _round in range(ROUNDS):
        answers = at_once(
            *(
                lambda session=session, technician=technician: session.call(
                    TOOL, "lend", [tool], technician
                )
                for session, technician in zip(sessions, technicians, strict=True)
            )
        )
        assert len(winners(answers)) == 1, refusals(answers)
        [refusal] = refusals(answers)
        holder = sessions[0].call(TOOL, "read", [tool], ["holder_id"])[0]["holder_id"]
        assert f"is with {holder[1]}" in refusal
        sessions[0].call(TOOL, "take_back", [tool])
    database = sessions[0].rpc("/web/session/get_session_info", {})["db"]
    loans = harness.query(
        database,
        f"SELECT count(*), count(back_at) FROM auto_service_tool_loan "
        f"WHERE tool_id = {tool}",
    )
    assert [int(value) for value in loans[0]] == [ROUNDS, ROUNDS]


def test_of_two_who_take_a_tool_back_one_is_told_that_nobody_has_it(board):
    sessions, tool, technicians = board
    for _round in range(ROUNDS):
        sessions[0].call(TOOL, "lend", [tool], technicians[0])
        answers = at_once(
            *(
                lambda session=session: session.call(TOOL, "take_back", [tool])
                for session in sessions
            )
        )
        assert len(winners(answers)) == 1, refusals(answers)
        assert "Nobody has" in refusals(answers)[0]
