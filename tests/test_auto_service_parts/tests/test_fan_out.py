from odoo.tests import tagged

from .common import AbcpCommon


@tagged("post_install", "-at_install")
class TestFanOut(AbcpCommon):
    """Eight suppliers at once over real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.env["auto.service.supplier.account"].union(
            *[cls._create_shop(f"shop{number}") for number in range(5)]
        )
        cls.slow = cls._create_shop("slowshop", "garage+slow1")
        cls.hanging = cls._create_shop("hangshop", "garage+hang", timeout_seconds=2)
        cls.broken = cls._create_shop("htmlshop", "garage+html")
        cls.all = cls.good | cls.slow | cls.hanging | cls.broken

    def test_nobody_waits_for_the_others(self):
        answers, seconds = self._ask(self.all, "get_offers", "GDB1330", "TRW", True)
        self.assertEqual(len(answers), 8)
        for account in self.good:
            self.assertFalse(answers[account].error)
            self.assertLess(answers[account].milliseconds, 1000)
        self.assertFalse(answers[self.slow].error)
        self.assertGreaterEqual(answers[self.slow].milliseconds, 1000)
        self.assertEqual(answers[self.hanging].error.code, "timeout")
        self.assertEqual(answers[self.broken].error.code, "server")
        self.assertLess(seconds, 3.5, "the limit of the one that hangs is 2 s")

    def test_whoever_asks_sets_the_limit(self):
        answers, seconds = self._ask(
            self.all, "get_offers", "GDB1330", "TRW", True, timeout=0.7
        )
        self.assertLess(seconds, 1.2)
        late = {account for account in answers if answers[account].error}
        self.assertEqual(late, set(self.slow | self.hanging | self.broken))

    def test_one_account_is_not_asked_more_often_than_it_bears(self):
        account = self.good[0]
        account.max_parallel = 2
        self.server.add_fault(latency=0.2)
        asks = [(account, n, "get_brands", (f"GDB133{n}",)) for n in range(6)]
        answers = list(account._ask(asks))
        self.assertEqual(len(answers), 6)
        self.assertFalse([answer for answer in answers if answer.error])
        load = self.server.control("GET", "load")["most"]
        self.assertEqual(load, {"shop0/garage": 2})

    def test_after_three_failures_it_rests(self):
        for _time in range(3):
            self._ask(self.broken, "get_brands", "402")
        answers, seconds = self._ask(self.broken, "get_brands", "402")
        self.assertEqual(answers[self.broken].error.code, "resting")
        self.assertLess(seconds, 0.5)
        self.assertEqual(len(self.server.requests(shop="htmlshop")), 3)

    def test_the_same_again_is_answered_from_memory(self):
        account = self.good[0]
        account.cache_minutes = 10
        first, _seconds = self._ask(account, "get_offers", "GDB1330", "TRW", True)
        again, _seconds = self._ask(account, "get_offers", "GDB1330", "TRW", True)
        self.assertTrue(again[account].is_cached)
        self.assertEqual(first[account].result, again[account].result)
        self.assertEqual(len(self.server.requests(shop="shop0")), 1)
