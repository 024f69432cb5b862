"""Two people cannot put two categories below each other, not even at once.

Each of them sees a tree without the other one's change, so neither check finds the
circle. Only the row of the guard ``operation.category`` brings them together.
"""

import threading

from conftest import ServerError

ROUNDS = 6
MODEL = "auto.service.operation.category"


def move_at_once(sessions, pairs):
    """Put the first category of each pair below the second, at the same moment.

    :return: the refusals
    """
    barrier, refusals = threading.Barrier(len(pairs)), []

    def move(session, pair):
        barrier.wait()
        try:
            session.call(MODEL, "write", [pair[0]], {"parent_id": pair[1]})
        except ServerError as error:
            refusals.append(str(error))

    threads = [
        threading.Thread(target=move, args=args)
        for args in zip(sessions, pairs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_one_of_two_moves_is_refused(sessions, odoo_server):
    odoo_server.expected_log.append("would stand above itself")
    for number in range(ROUNDS):
        one, two = sessions[0].call(
            MODEL, "create", [{"name": f"A{number}"}, {"name": f"B{number}"}]
        )
        refusals = move_at_once(sessions, [(one, two), (two, one)])
        assert len(refusals) == 1
        assert "would stand above itself" in refusals[0]
