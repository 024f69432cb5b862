"""Questions to many suppliers at once: threads talk, whoever asked goes on in time.

A thread only calls the client, it holds no cursor and no record. Plain Python.
"""

import logging
import queue
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .supplier_client import SupplierClient, SupplierError

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """What one supplier said to one question.

    :param key: of the question, as the one who asked named it
    :param error: SupplierError, ``None`` when ``result`` holds the answer
    :param int milliseconds: from the question to the answer
    :param bool is_cached: the answer is one of a moment ago
    :param datetime fetched_at: when the supplier said so, UTC, without zone
    """

    account_id: int
    key: Any
    result: Any = None
    error: SupplierError | None = None
    milliseconds: int = 0
    is_cached: bool = False
    fetched_at: datetime | None = None


@dataclass(slots=True)
class Talk:
    """One question on its way.

    :param float seconds: the supplier's limit for one answer
    :param str lease: name of our place at the supplier, while we have one
    :param float started: of ``time.monotonic()``, when the supplier was asked
    """

    account_id: int
    key: Any
    method: str
    args: tuple
    client: SupplierClient | None = None
    seconds: float = 5.0
    max_parallel: int = 2
    cache_key: str = ""
    cache_minutes: int = 0
    lease: str = ""
    is_trial: bool = False
    started: float = 0.0
    answer: Answer | None = None

    def settle(self, result=None, error=None, **values):
        """Note the answer. The first one counts, a late one is dropped."""
        if self.answer is None:
            spent = time.monotonic() - self.started if self.started else 0.0
            values.setdefault("milliseconds", round(spent * 1000))
            now = datetime.now(timezone.utc).replace(tzinfo=None)
            values.setdefault("fetched_at", now)
            self.answer = Answer(self.account_id, self.key, result, error, **values)
        return self.answer


class FanOut:
    """Runs talks in threads, and hands over those that came back."""

    def __init__(self):
        self._back = queue.SimpleQueue()

    def start(self, talk, deadline):
        """Ask in a thread of its own.

        :param float deadline: of ``time.monotonic()``, when nobody waits any more
        """
        talk.started = time.monotonic()
        talk.client.options["deadline"] = min(talk.started + talk.seconds, deadline)
        threading.Thread(
            target=self._run,
            args=(talk,),
            name=f"supplier-{talk.account_id}",
            daemon=True,
        ).start()

    def _run(self, talk):
        result, error = None, None
        try:
            result = getattr(talk.client, talk.method)(*talk.args)
        except SupplierError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 a client's fault is an answer, too
            # Texts of errors may hold the address with the password: only the places.
            places = "".join(traceback.format_tb(problem.__traceback__)[-5:])
            _logger.warning("%s in %s\n%s", type(problem).__name__, talk.method, places)
            error = SupplierError("answer", "not to be read")
        self._back.put((talk, result, error, time.monotonic()))

    def wait(self, seconds):
        """Talks that came back, at least one unless the time is over.

        :return: list of settled talks
        """
        done = []
        with suppress(queue.Empty):
            done.append(self._back.get(timeout=max(seconds, 0.0)))
            while True:
                done.append(self._back.get_nowait())
        for talk, result, error, ended in done:
            spent = round((ended - talk.started) * 1000)
            talk.settle(result, error, milliseconds=spent)
        return [item[0] for item in done]
