"""Whoever wants the same part waits for his turn, instead of failing five times.

The host runs a request again after a serialization error, up to five times, with
pauses in between. With many people on one part that ends in an error: each try sees
the part as it was when the try began, and in the meantime somebody else took one.

So a try that finds its part busy, or changed, is given up at once. The next one waits
for the part *before* it looks at anything: it takes the locks of the session, begins
its transaction while it has them, and then holds them as locks of the transaction.
Nobody can change the part between its first look and its end.
"""

import logging
from functools import partial

from psycopg2 import errorcodes
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from odoo import http
from odoo.service import model as service_model
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: First of the two numbers of our advisory locks; the second one is the bucket.
LOCK_CLASS = 0x4157
#: Products share so many locks: their number in the server's memory is limited.
BUCKETS = 2048
#: How often a try is repeated here, without a pause, before the host takes over.
TRIES = 4

#: The model that tells our databases from those of others in the same server.
MODEL = "auto.service.stock.problem"
TURN = "auto_service_stock_turn"
BUSY = (DeadlockDetected, LockNotAvailable, SerializationFailure)


class PartsBusy(SerializationFailure):
    """Somebody else works with the same parts: begin again.

    Whoever handles serialization errors of the database handles this one.
    """

    pgcode = errorcodes.SERIALIZATION_FAILURE


def get_buckets(product_ids):
    """Numbers of the locks of the products, in the order in which they are taken.

    :return: sorted list
    """
    return sorted({product_id % BUCKETS for product_id in product_ids})


class Turn:
    """What one request needs to do its work after others, and not beside them.

    :param bool repeatable: the work may begin again after a part of it was committed,
        as that of a scheduled action
    :ivar set buckets: locks that its tries asked for so far
    :ivar set waited: locks that the running transaction had before it looked at
        anything
    :ivar bool committed: a part of the running try is in the database for good
    """

    def __init__(self, repeatable=False):
        self.repeatable = repeatable
        self.buckets = set()
        self.waited = set()
        self.committed = False

    def run(self, func, env):
        """Call ``func`` until it was not disturbed.

        :raise OperationalError: it always was, or the trouble has nothing to do with
            parts; the host tries again in its own way
        """
        for left in reversed(range(TRIES)):
            self._begin(env.cr)
            try:
                result = func()
                if not env.cr.closed:
                    env.cr.flush()
                return result
            except BUSY as error:
                if not left or not self._can_begin_again(env):
                    raise
                _logger.debug("Begins again: %s", error)
                begin_again(env)
            finally:
                env.cr.cache.pop(TURN, None)

    def _begin(self, cr):
        """Begin a try, with the locks that the last ones asked for."""
        self.committed = False
        self._wait(cr)
        cr.cache[TURN] = self
        cr.postcommit.add(self._commit)

    def _commit(self):
        """The locks are gone; what is done now cannot be undone."""
        self.committed = True
        self.waited.clear()

    def _can_begin_again(self, env):
        """Whether the parts were the trouble, and the request can be read again."""
        if not self.buckets or env.cr.closed:
            return False
        if self.committed and not self.repeatable:
            return False
        files = http.request.httprequest.files.values() if http.request else ()
        return all(file.seekable() for file in files)

    def _wait(self, cr):
        """Begin the transaction with the locks that the last tries asked for."""
        self.waited = set(self.buckets)
        if not self.waited:
            return
        buckets = sorted(self.waited)
        try:
            _execute_locks(cr, "pg_advisory_lock", buckets)
            cr.rollback()
            _execute_locks(cr, "pg_advisory_xact_lock", buckets)
        except Exception:
            cr.rollback()
            raise
        finally:
            cr.execute("SELECT pg_advisory_unlock_all()")


def _execute_locks(cr, function, buckets):
    cr.execute(
        SQL(
            "SELECT %s(%s, bucket) FROM unnest(%s::int[]) AS bucket",
            SQL(function),
            LOCK_CLASS,
            list(buckets),
        ),
        log_exceptions=False,
    )


def take(cr, product_ids):
    """Have the products for this transaction.

    Who can be tried again does not wait here, where he may hold what others wait for.

    :raise PartsBusy: somebody else has one of them, and the try is repeated
    """
    buckets = get_buckets(product_ids)
    turn = cr.cache.get(TURN)
    if turn is not None:
        turn.buckets.update(buckets)
        if turn.waited.issuperset(buckets):
            return
    if turn is None or turn.committed:
        _execute_locks(cr, "pg_advisory_xact_lock", buckets)
        return
    _execute_locks(cr, "pg_try_advisory_xact_lock", buckets)
    if not all(row[0] for row in cr.fetchall()):
        raise PartsBusy("Somebody else works with the same parts")


def ensure_fresh(cr, product_ids):
    """Nobody is refused because of what was true when his request began.

    :raise PartsBusy: the stock may be a moment old, and the try is repeated
    """
    turn = cr.cache.get(TURN)
    if turn is None or turn.committed:
        return
    if not turn.waited.issuperset(get_buckets(product_ids)):
        raise PartsBusy("The stock is looked at once more")


def begin_again(env):
    """Undo the try, as the host does it between two tries of a request."""
    env.cr.rollback()
    env.transaction.reset()
    env.registry.reset_changes()
    request = http.request
    if not request:
        return
    request.session = request._get_session_and_dbname()[0]
    for file in request.httprequest.files.values():
        file.seek(0)


def retrying(func, env):
    """The host's function, with a turn for requests of our databases."""
    if MODEL in env.registry:
        func = partial(Turn().run, func, env)
    return host_retrying(func, env)


host_retrying = service_model.retrying
service_model.retrying = retrying
