from types import SimpleNamespace
from unittest.mock import MagicMock

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import Callbacks

from ..tools.stock_turn import (
    BUCKETS,
    TURN,
    PartsBusy,
    Turn,
    ensure_fresh,
    get_buckets,
    take,
)


class FakeCursor:
    """A cursor that notes what it is asked, and gives the locks that it is told to."""

    closed = False

    def __init__(self, free=True):
        self.cache = {}
        self.postcommit = Callbacks()
        self.calls = []
        self.free = free

    def execute(self, query, params=None, **kwargs):
        self.calls.append(getattr(query, "code", query).split("(")[0])

    def fetchall(self):
        return [(self.free,)]

    def flush(self):
        self.calls.append("flush")

    def rollback(self):
        self.calls.append("rollback")

    def commit(self):
        self.postcommit.run()


@tagged("post_install", "-at_install")
class TestStockTurn(TransactionCase):
    """One who was disturbed waits before he looks, and not with things in his hands."""

    def setUp(self):
        super().setUp()
        self.cr = FakeCursor()
        self.env_of_request = SimpleNamespace(
            cr=self.cr, transaction=MagicMock(), registry=MagicMock()
        )
        self.turn = Turn()
        self.tries = []

    def _run(self, func):
        return self.turn.run(func, self.env_of_request)

    def _take(self):
        """Work that takes two products, and is disturbed while they are not free."""
        self.tries.append(sorted(self.turn.waited))
        take(self.cr, [7, 3])
        return "done"

    def test_products_are_taken_in_order_and_share_locks(self):
        self.assertEqual(get_buckets([9, 3, 3 + BUCKETS]), [3, 9])

    def test_undisturbed_work_is_done_once(self):
        self.assertEqual(self._run(self._take), "done")
        self.assertEqual(self.tries, [[]])
        self.assertNotIn(TURN, self.cr.cache)

    def test_second_try_has_the_locks_before_it_begins(self):
        self.cr.free = False
        self.assertEqual(self._run(self._take), "done")
        self.assertEqual(self.tries, [[], [3, 7]])
        first, second = self.cr.calls[:2], self.cr.calls[2:]
        self.assertEqual(len([call for call in first if "SELECT" in call]), 1)
        self.assertEqual(second.index("rollback"), 1, "locks first, then the snapshot")

    def test_trouble_without_parts_is_the_hosts(self):
        def work():
            self.tries.append(1)
            raise PartsBusy("somewhere else")

        with self.assertRaises(PartsBusy):
            self._run(work)
        self.assertEqual(self.tries, [1])

    def test_what_was_committed_does_not_begin_again(self):
        def work():
            self.tries.append(1)
            take(self.cr, [3])
            self.cr.commit()  # pylint: disable=invalid-commit
            raise PartsBusy("later")

        with self.assertRaises(PartsBusy):
            self._run(work)
        self.assertEqual(self.tries, [1])
        self.turn.repeatable = True
        with self.assertRaises(PartsBusy):
            self._run(work)
        self.assertGreater(len(self.tries), 2)

    def test_after_a_commit_locks_are_waited_for(self):
        def work():
            self.cr.commit()  # pylint: disable=invalid-commit
            self.cr.free = False
            take(self.cr, [3])
            return "done"

        self.assertEqual(self._run(work), "done")

    def test_a_refusal_is_looked_at_twice(self):
        def work():
            self.tries.append(1)
            take(self.cr, [3])
            ensure_fresh(self.cr, [3])
            return "refused"

        self.assertEqual(self._run(work), "refused")
        self.assertEqual(len(self.tries), 2)

    def test_without_requests_locks_are_waited_for(self):
        self.cr.free = False
        take(self.cr, [3])
        ensure_fresh(self.cr, [3])

    def test_everybody_takes_it_for_a_serialization_error(self):
        self.assertEqual(PartsBusy("busy").pgcode, "40001")
