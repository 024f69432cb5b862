import json
import logging
import random
import time
from contextlib import contextmanager
from hashlib import sha256

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models

from ..tools.fan_out import FanOut, Talk
from ..tools.supplier_client import SupplierError
from .auto_service_supplier_cache import CACHED

_logger = logging.getLogger(__name__)

#: What is asked among others, while somebody waits.
QUICK = (*CACHED, "get_offers_of_many")
LONG_SECONDS = 30  # limit of everything else
LEASE_MARGIN_SECONDS = 5
LOOK_SECONDS = 0.1  # how often somebody who waits for a place looks again
SPARE_SECONDS = 0.05  # between the limit of a supplier and that of the one who asks
TRIES = 5


class AutoServiceSupplierAccount(models.Model):
    _inherit = "auto.service.supplier.account"

    @api.model
    def _ask(self, asks, timeout=None, use_cache=True):
        """Ask suppliers side by side; answers come as they arrive.

        Threads talk, this generator does the rest: it takes places at the suppliers, so
        that all workers together ask none more often than it bears, it leaves out who
        rests after failures, and it notes what came. It uses cursors of its own and
        none while it waits. Nobody is waited for longer than ``timeout``: who is late
        comes as an error.

        :param asks: list of (account, key, method of SupplierClient, arguments)
        :param float timeout: seconds; the longest limit of the accounts when omitted
        :param bool use_cache: answers of a moment ago will do
        :return: generator of Answer, one for each question
        """
        talks = [self._prepare_talk(*ask, use_cache=use_cache) for ask in asks]
        if not talks:
            return
        self._flush_what_workers_read()
        timeout = timeout or max(talk.seconds for talk in talks)
        deadline = time.monotonic() + timeout
        waiting = [talk for talk in talks if talk.answer is None]
        self._begin("_open_talks", waiting)
        yield from [talk.answer for talk in talks if talk.answer]
        waiting = [talk for talk in waiting if talk.answer is None]
        yield from self._run_talks(waiting, deadline)

    def _call(self, method, *args, timeout=None, use_cache=False):
        """Ask this supplier one thing and wait for the answer.

        :param str method: of SupplierClient
        :param float timeout: seconds; that of the account for questions, longer for the
            rest
        :return: what the method returns
        :raise SupplierError: see there; ``is_doubtful`` tells whether an order may be
            there
        """
        self.ensure_one()
        account = self.with_context(supplier_seconds=timeout) if timeout else self
        asks = [(account, None, method, args)]
        for answer in account._ask(asks, timeout, use_cache):
            if answer.error:
                raise answer.error
            return answer.result

    def _begin(self, method, talks):
        """Take places; without them the talks go on waiting."""
        if talks and not self._with_own_cursor(method, talks):
            for talk in talks:
                talk.lease = ""

    # --- before
    def _prepare_talk(self, account, key, method, args, use_cache=True):
        """One question as plain data; one that cannot be asked is settled at once.

        :return: Talk
        """
        talk = Talk(
            account_id=account.id,
            key=key,
            method=method,
            args=tuple(args),
            seconds=account._get_limit(method),
            max_parallel=account.max_parallel,
            cache_minutes=account.cache_minutes,
        )
        try:
            talk.client = account._make_client()
        except SupplierError as error:
            talk.settle(error=error)
        else:
            talk.client.options["timeout"] = talk.seconds
            if method in CACHED and account.cache_minutes > 0:
                talk.cache_key = self._get_cache_key(talk) if use_cache else ""
        return talk

    def _get_limit(self, method):
        """Seconds that the supplier has for one call; orders get more time."""
        limit = self.env.context.get("supplier_seconds") or self.timeout_seconds
        if method not in QUICK and "supplier_seconds" not in self.env.context:
            limit = max(limit, LONG_SECONDS)
        return float(limit)

    @api.model
    def _get_cache_key(self, talk):
        """Digest of the question and of the account as it is set up."""
        options = {
            name: value
            for name, value in talk.client.options.items()
            if name not in ("timeout", "deadline")
        }
        whole = [type(talk.client).__name__, talk.method, talk.args, options]
        text = json.dumps(whole, sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()

    @api.model
    def _flush_what_workers_read(self):
        """What this transaction has changed is written before others look."""
        self.flush_model()
        self.env["auto.service.supplier.secret"].flush_model()

    def _open_talks(self, talks):
        """Settle what is known or not asked now, and take places for the others."""
        fresh = self.env["auto.service.supplier.cache"]._read_answers(talks)
        for talk in talks:
            known = fresh.get((talk.account_id, talk.cache_key))
            if known:
                talk.settle(known[0], is_cached=True, fetched_at=known[1])
        self._stop_resting([talk for talk in talks if talk.answer is None])
        self._take_places([talk for talk in talks if talk.answer is None])
        return True

    def _stop_resting(self, talks):
        """Who failed too often is not asked; after the rest one question tries."""
        health = self.env["auto.service.supplier.health"]
        resting = health._get_resting({talk.account_id for talk in talks})
        for talk in sorted(talks, key=lambda talk: talk.account_id):
            if talk.account_id not in resting:
                continue
            seconds, message = resting[talk.account_id]
            span = talk.seconds + LEASE_MARGIN_SECONDS
            if seconds or not health._take_trial(talk.account_id, span):
                talk.settle(
                    error=SupplierError("resting", message, retry_after=seconds)
                )
            else:
                talk.is_trial = True

    def _take_places(self, talks):
        """Places at the suppliers; talks that get none wait."""
        by_account = {}
        for talk in talks:
            by_account.setdefault(talk.account_id, []).append(talk)
        places = self.env["auto.service.supplier.lease"]._take(
            [
                (
                    account_id,
                    some[0].max_parallel,
                    len(some),
                    some[0].seconds + LEASE_MARGIN_SECONDS,
                )
                for account_id, some in by_account.items()
            ]
        )
        for account_id, some in by_account.items():
            free = places.get(account_id, [])
            for talk in some:
                talk.lease = free.pop() if free else ""
        return True

    # --- meanwhile
    def _run_talks(self, waiting, deadline):
        """Start talks as there are places, give back what comes.

        :param float deadline: of ``time.monotonic()``
        :return: generator of Answer
        """
        fan_out, running = FanOut(), []
        try:
            while waiting or running:
                for talk in [talk for talk in waiting if talk.lease]:
                    waiting.remove(talk)
                    running.append(talk)
                    fan_out.start(talk, deadline - SPARE_SECONDS)
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                done = fan_out.wait(min(left, LOOK_SECONDS) if waiting else left)
                running = [talk for talk in running if talk not in done]
                self._close_talks(done)
                yield from [talk.answer for talk in done]
                if waiting and time.monotonic() < deadline:
                    self._begin("_take_places", waiting)
        finally:
            late = self._settle_late(waiting, running)
        yield from late

    def _settle_late(self, waiting, running):
        """Nobody waits any more: the rest becomes errors.

        :return: list of Answer
        """
        for talk in waiting:
            talk.settle(
                error=SupplierError(
                    "limit", self.env._("Other questions are running."), was_sent=False
                )
            )
        for talk in running:
            talk.settle(error=SupplierError("timeout"))
        # Places of those who still talk end by themselves.
        self._close_talks(running, give_back=False)
        unused = [talk for talk in waiting if talk.lease]
        if unused:
            self._with_own_cursor("_give_back_places", unused)
        return [talk.answer for talk in waiting + running]

    # --- afterwards
    def _close_talks(self, talks, give_back=True):
        """Give the places back, note health, keep answers for a moment."""
        if talks:
            self._with_own_cursor("_note_talks", talks, give_back)

    def _note_talks(self, talks, give_back):
        health = self.env["auto.service.supplier.health"]
        cache = self.env["auto.service.supplier.cache"]
        for talk in sorted(talks, key=lambda talk: talk.account_id):
            error = talk.answer.error
            if error is None or error.code == "request" and error.was_sent:
                # Who refuses a question answers, too.
                health._note_answer(talk.account_id, talk.answer.milliseconds)
            else:
                health._note_failure(talk.account_id, error)
            if talk.cache_key and error is None:
                cache._keep(talk)
        if give_back:
            self._give_back_places(talks)

    def _give_back_places(self, talks):
        leases = self.env["auto.service.supplier.lease"]
        leases._give_back([talk.lease for talk in talks if talk.lease])

    # --- own transactions
    @contextmanager
    def _own_cursor(self):
        """A cursor whose work the others see at once."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr, su=True))

    def _with_own_cursor(self, method, *args):
        """Call ``method`` in a short transaction of its own.

        Workers write the same few rows: who was too late tries again. What is noted
        here never breaks the work of the user.

        :return: what the method returns, ``None`` when it did not succeed
        """
        for count in range(TRIES):
            try:
                with self._own_cursor() as accounts:
                    return getattr(accounts, method)(*args)
            except (SerializationFailure, DeadlockDetected):
                time.sleep(random.uniform(0.0, 0.02 * 2**count))
        _logger.warning("%s: gave up after %s tries", method, TRIES)
        return None
