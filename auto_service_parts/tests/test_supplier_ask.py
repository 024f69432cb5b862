from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tools.supplier_client import SupplierError
from .common_supplier import SupplierCommon, hits, offers


@tagged("post_install", "-at_install")
class TestSupplierAsk(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.env["auto.service.supplier.account"].union(
            *[cls._create_account(name=name) for name in ("One", "Two", "Three")]
        )
        cls.one, cls.two, cls.three = cls.accounts

    def _get_health(self, account):
        return self.env["auto.service.supplier.health"].search(
            [("account_id", "=", account.id)]
        )

    def _end_rest(self, account):
        self.env.cr.execute(
            "UPDATE auto_service_supplier_health SET resting_until = now() "
            "AT TIME ZONE 'UTC' - interval '1 s' WHERE account_id = %s",
            [account.id],
        )

    def _fail(self, account, times=3, code="server"):
        self.stage.set(account, "get_brands", SupplierError(code, "broken"))
        for _count in range(times):
            self._ask_all(account, use_cache=False)

    # --- side by side
    def test_answers_come_as_they_arrive(self):
        self.stage.set(self.one, "get_brands", self.stage.after(0.4, hits("KYB")))
        self.stage.set(self.two, "get_brands", hits("TRW", "ATE"))
        self.stage.set(self.three, "get_brands", self.stage.after(0.2, hits()))
        answers, seconds = self._ask_all(self.accounts)
        self.assertEqual([answer.key for answer in answers], ["Two", "Three", "One"])
        self.assertEqual(answers[0].result, hits("TRW", "ATE"))
        self.assertEqual(answers[1].result, [])
        self.assertFalse([answer.error for answer in answers if answer.error])
        self.assertGreaterEqual(answers[2].milliseconds, 400)
        self.assertLess(seconds, 0.6 * 2, "one after the other it would be longer")

    def test_an_error_of_one_is_an_answer_beside_the_others(self):
        self.stage.set(self.one, "get_brands", SupplierError("auth", "who are you"))
        self.stage.set(self.two, "get_brands", hits("TRW"))
        self.stage.set(self.three, "get_brands", hits("ATE"))
        answers, _seconds = self._ask_all(self.accounts)
        errors = {answer.key: answer.error for answer in answers}
        self.assertEqual(errors["One"].code, "auth")
        self.assertFalse(errors["Two"] or errors["Three"])

    def test_nobody_waits_for_one_that_hangs(self):
        self.stage.set(self.one, "get_brands", self.stage.after(30, hits("KYB")))
        self.stage.set(self.two, "get_brands", hits("TRW"))
        answers, seconds = self._ask_all(self.one | self.two, timeout=0.5)
        self.assertEqual([answer.key for answer in answers], ["Two", "One"])
        self.assertEqual(answers[1].error.code, "timeout")
        self.assertLess(seconds, 1.0)

    def test_a_client_that_breaks_is_an_answer_that_cannot_be_read(self):
        self.stage.set(self.one, "get_brands", ValueError("psw=s3cret"))
        logger = "odoo.addons.auto_service_parts.tools.fan_out"
        with self.assertLogs(logger, "WARNING") as log:
            answers, _seconds = self._ask_all(self.one)
        self.assertEqual(answers[0].error.code, "answer")
        self.assertNotIn("s3cret", "".join(log.output))
        self.assertIn("ValueError", "".join(log.output))

    def test_without_a_password_nothing_is_asked(self):
        self.one.password = False
        answers, _seconds = self._ask_all(self.one)
        self.assertEqual(answers[0].error.code, "auth")
        self.assertFalse(answers[0].error.is_doubtful)
        self.assertFalse(self.stage.calls)
        self.assertFalse(self._get_health(self.one))

    def test_the_limit_of_the_account_goes_to_the_client(self):
        seen = []
        self.one.timeout_seconds = 3

        def scene(*_args):
            seen.append(True)
            return hits()

        self.stage.set(self.one, "get_brands", scene)
        talk = self.one._prepare_talk(self.one, 1, "get_brands", ("X1",))
        self.assertEqual(talk.client.options["timeout"], 3.0)
        self._ask_all(self.one)
        self.assertTrue(seen)

    def test_nobody_asked_nothing_answered(self):
        self.assertEqual(list(self.accounts._ask([])), [])

    # --- places
    def test_an_account_bears_as_many_questions_as_it_says(self):
        self.one.max_parallel = 2
        self.stage.set(self.one, "get_brands", self.stage.after(0.1, hits("KYB")))
        asks = [(self.one, n, "get_brands", (f"X{n}",)) for n in range(6)]
        answers = list(self.one._ask(asks, 5))
        self.assertEqual({answer.key for answer in answers}, set(range(6)))
        self.assertFalse([answer.error for answer in answers if answer.error])
        self.assertEqual(self.stage.most_running, 2)

    def test_other_workers_have_places_too(self):
        self.one.max_parallel = 1
        self.stage.set(self.one, "get_brands", hits("KYB"))
        leases = self.env["auto.service.supplier.lease"]
        wish = (self.one.id, 1, 1, 60)
        self.assertEqual(len(leases._take([wish])[self.one.id]), 1)
        self.assertFalse(leases._take([wish]))
        answers, _seconds = self._ask_all(self.one, timeout=0.3)
        self.assertEqual(answers[0].error.code, "limit")
        self.assertFalse(answers[0].error.is_doubtful)
        self.assertFalse(self.stage.calls)
        self.assertFalse(self._get_health(self.one), "it is not the supplier's fault")

    def test_the_place_of_a_dead_worker_becomes_free(self):
        self.one.max_parallel = 1
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self.env["auto.service.supplier.lease"]._take([(self.one.id, 1, 1, 0.3)])
        answers, seconds = self._ask_all(self.one, timeout=3)
        self.assertFalse(answers[0].error)
        self.assertGreater(seconds, 0.25)

    def test_places_are_given_back(self):
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self.stage.set(self.two, "get_brands", SupplierError("server"))
        self._ask_all(self.one | self.two)
        leases = self.env["auto.service.supplier.lease"]
        self.assertFalse(leases.search([("account_id", "in", self.accounts.ids)]))

    def test_who_stops_listening_gives_unused_places_back(self):
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self.stage.set(self.two, "get_brands", self.stage.after(5, hits("KYB")))
        asks = [(account, 1, "get_brands", ("X1",)) for account in self.one | self.two]
        answers = self.accounts._ask(asks, 5)
        self.assertEqual(next(answers).account_id, self.one.id)
        answers.close()
        leases = self.env["auto.service.supplier.lease"].search([])
        self.assertNotIn(self.one, leases.account_id)
        self.assertIn(self.two, leases.account_id, "it is still talking")

    # --- rest after failures
    def test_after_three_failures_it_is_left_alone(self):
        self._fail(self.one)
        self.assertEqual(len(self.stage.calls), 3)
        answers, seconds = self._ask_all(self.one)
        self.assertEqual(answers[0].error.code, "resting")
        self.assertEqual(answers[0].error.message, "broken")
        self.assertAlmostEqual(answers[0].error.retry_after, 60, delta=3)
        self.assertEqual(len(self.stage.calls), 3)
        self.assertLess(seconds, 0.5)
        self.accounts.invalidate_recordset()
        self.assertEqual(self.one.health, "resting")
        self.assertIn("broken", self.one.last_error)

    def test_one_question_tries_after_the_rest(self):
        self._fail(self.one)
        self._end_rest(self.one)
        self.stage.calls.clear()
        self.stage.set(self.one, "get_brands", self.stage.after(0.1, hits("KYB")))
        asks = [(self.one, n, "get_brands", (f"X{n}",)) for n in range(3)]
        errors = [answer.error and answer.error.code for answer in self.one._ask(asks)]
        self.assertEqual(len(self.stage.calls), 1)
        self.assertCountEqual(errors, [None, "resting", "resting"])
        answers, _seconds = self._ask_all(self.one)
        self.assertFalse(answers[0].error, "it is back")

    def test_a_failed_try_doubles_the_rest(self):
        self._fail(self.one)
        for minutes in (2, 4, 8, 15, 15):
            self._end_rest(self.one)
            self._ask_all(self.one)
            rest = self._get_health(self.one)
            rest.invalidate_recordset()
            until = fields.Datetime.now() + timedelta(minutes=minutes)
            self.assertAlmostEqual(
                rest.resting_until, until, delta=timedelta(seconds=9)
            )

    def test_an_answer_makes_up_for_failures(self):
        self._fail(self.one, times=2)
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self._ask_all(self.one)
        self._fail(self.one, times=2)
        self.assertFalse(self._get_health(self.one).resting_until)

    def test_refused_questions_are_no_failures(self):
        self._fail(self.one, times=4, code="request")
        self.assertFalse(self._get_health(self.one).failure_count)
        self.assertEqual(len(self.stage.calls), 4)

    def test_who_refuses_a_question_is_there_again(self):
        self._fail(self.one)
        self._end_rest(self.one)
        self.stage.set(self.one, "get_brands", SupplierError("request", "what?"))
        self._ask_all(self.one)
        self.stage.set(self.one, "get_brands", hits("KYB"))
        answers, _seconds = self._ask_all(self.one)
        self.assertFalse(answers[0].error)

    def test_a_new_password_is_tried_at_once(self):
        self._fail(self.one, code="auth")
        self.one.password = "the right one"
        self.stage.set(self.one, "get_brands", hits("KYB"))
        answers, _seconds = self._ask_all(self.one)
        self.assertFalse(answers[0].error)

    def test_too_many_questions_make_a_pause_at_once(self):
        self.stage.set(self.one, "get_brands", SupplierError("limit", retry_after=40))
        self._ask_all(self.one)
        answers, _seconds = self._ask_all(self.one)
        self.assertEqual(answers[0].error.code, "resting")
        self.assertAlmostEqual(answers[0].error.retry_after, 40, delta=3)

    def test_busy_suppliers_get_growing_pauses(self):
        self.stage.set(self.one, "get_brands", SupplierError("locked"))
        for seconds in (5, 10, 20):
            self._ask_all(self.one)
            rest = self._get_health(self.one)
            rest.invalidate_recordset()
            until = fields.Datetime.now() + timedelta(seconds=seconds)
            self.assertAlmostEqual(
                rest.resting_until, until, delta=timedelta(seconds=3)
            )
            self._end_rest(self.one)

    def test_ask_again_now_ends_the_rest(self):
        self._fail(self.one)
        self.one.action_ask_again()
        self.stage.set(self.one, "get_brands", hits("KYB"))
        answers, _seconds = self._ask_all(self.one)
        self.assertFalse(answers[0].error)

    # --- fresh answers
    def test_the_same_question_is_answered_from_memory(self):
        self.stage.set(self.one, "get_offers", offers(10.0, 12.5))
        first, _seconds = self._ask_all(
            self.one, method="get_offers", args=("X1", "KYB")
        )
        again, _seconds = self._ask_all(
            self.one, method="get_offers", args=("X1", "KYB")
        )
        self.assertEqual(len(self.stage.calls), 1)
        self.assertFalse(first[0].is_cached)
        self.assertTrue(again[0].is_cached)
        self.assertEqual(again[0].result, first[0].result)
        self.assertEqual(again[0].fetched_at, first[0].fetched_at)

    def test_other_questions_are_asked(self):
        self.stage.set(self.one, "get_offers", offers(10.0))
        self.stage.set(self.two, "get_offers", offers(10.0))
        for account, number in [(self.one, "X1"), (self.one, "X2"), (self.two, "X1")]:
            self._ask_all(account, method="get_offers", args=(number, "KYB"))
        self.assertEqual(len(self.stage.calls), 3)

    def test_memory_is_not_used_when_it_must_not_be(self):
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self._ask_all(self.one)
        self._ask_all(self.one, use_cache=False)
        self.one._call("get_brands", "X1")
        self.one.password = "another"
        self._ask_all(self.one)
        self.one.cache_minutes = 0
        self._ask_all(self.one)
        self._ask_all(self.one)
        self.assertEqual(len(self.stage.calls), 6)

    def test_memory_fades(self):
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self._ask_all(self.one)
        self.env.cr.execute(
            "UPDATE auto_service_supplier_cache SET expires_at = now() "
            "AT TIME ZONE 'UTC' - interval '1 s'"
        )
        self._ask_all(self.one)
        self.assertEqual(len(self.stage.calls), 2)
        self.env["auto.service.supplier.cache"]._gc_answers()

    def test_who_rests_still_answers_from_memory(self):
        self.stage.set(self.one, "get_brands", hits("KYB"))
        self._ask_all(self.one)
        self._fail(self.one)
        answers, _seconds = self._ask_all(self.one)
        self.assertEqual(answers[0].result, hits("KYB"))

    def test_errors_are_not_remembered(self):
        self.stage.set(self.one, "get_brands", SupplierError("server"))
        self._ask_all(self.one)
        self._ask_all(self.one)
        self.assertEqual(len(self.stage.calls), 2)

    # --- one question
    def test_call_gives_the_result_or_raises(self):
        self.stage.set(self.one, "get_positions", [])
        self.assertEqual(self.one._call("get_positions", ["1"]), [])
        self.stage.set(self.one, "place_order", SupplierError("timeout"))
        with self.assertRaises(SupplierError) as caught:
            self.one._call("place_order", "N1", [])
        self.assertTrue(caught.exception.is_doubtful)
        self.stage.set(self.one, "place_order", SupplierError("denied"))
        with self.assertRaises(SupplierError) as caught:
            self.one._call("place_order", "N1", [])
        self.assertFalse(caught.exception.is_doubtful)

    def test_orders_get_more_time_than_questions(self):
        self.one.timeout_seconds = 1
        self.stage.set(self.one, "place_order", self.stage.after(1.5, "done"))
        self.assertEqual(self.one._call("place_order", "N1", []), "done")
        self.stage.set(self.one, "get_brands", self.stage.after(5, hits()))
        with self.assertRaises(SupplierError):
            self.one._call("get_brands", "X1")

    def test_queries_do_not_grow_with_the_answers(self):
        self.stage.set(self.one, "get_offers", offers(*range(1, 400)))
        self._ask_all(self.one, method="get_offers", args=("X0", "KYB"))
        self.env.flush_all()
        with self.assertQueryCount(7):
            self._ask_all(self.one, method="get_offers", args=("X1", "KYB"))
