"""What goes wrong, when a test wants it to.

A rule says for which requests it counts (shop, login, operation, number) and what
happens then. Words do the same without a rule: in the login after a ``+``, or as the
number ``FAULT-…``.
"""

import itertools
import re
import threading
from dataclasses import dataclass, field

from .wire import key_of, rows

#: Word -> what happens.
WORDS = {
    "hang": {"hang": True},
    "drip": {"drip": 0.4},
    "huge": {"huge": 64 * 1024 * 1024},
    "reset": {"reset": True},
    "truncated": {"truncate": True},
    "html": {"html": 500},
    "gateway": {"html": 502},
    "locked": {"error": 303},
    "unknown": {"error": 13},
    "denied": {"error": 103},
    "auth": {"error": 102},
    "broken": {"raw": '[{"brand": "TRW", "number'},
    "empty": {"raw": ""},
    "null": {"raw": "null"},
    "cp1251": {"encoding": "windows-1251"},
    "keyed": {"shape": "keyed"},
    "strings": {"values": "strings"},
    "redirect": {"redirect": "http://127.0.0.2:9/"},
}
SLOW = re.compile(r"slow(\d+(?:\.\d+)?)\Z")
MATCHED = ("shop", "login", "operation", "number")


def action_of(word):
    """What a word says; empty when it says nothing."""
    slow = SLOW.match(word)
    return {"latency": float(slow[1])} if slow else WORDS.get(word, {})


@dataclass
class Rule:
    """One thing that goes wrong.

    :param dict match: which requests; values of MATCHED
    :param int skip: so many requests pass before it begins
    :param int times: then it happens so often, ``None`` for ever
    :param bool is_after: only when the operation has been carried out
    """

    match: dict
    action: dict
    skip: int = 0
    times: int | None = None
    is_after: bool = False
    number: int = field(default_factory=itertools.count(1).__next__)

    def fits(self, request):
        wanted = self.match
        return (
            wanted.get("shop", request.shop) == request.shop
            and wanted.get("login", request.login) == request.login
            and wanted.get("operation", request.operation) == request.operation
            and (
                "number" not in wanted
                or key_of(wanted["number"]) in keys_of(request.params)
            )
        )


def numbers_of(params):
    """All numbers that a request names, as they are written."""
    lines = rows(params.get("positions")) + rows(params.get("search"))
    numbers = [line.get("number", "") for line in lines if isinstance(line, dict)]
    return {str(number) for number in [*numbers, params.get("number", "")]} - {""}


def keys_of(params):
    return {key_of(number) for number in numbers_of(params)}


class Faults:
    """The rules that hold at the moment."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rules = []
        self.released = threading.Event()

    def add(self, values):
        """A rule from its JSON; see README.md."""
        values = dict(values)
        match = {n: values.pop(n) for n in MATCHED if values.get(n) is not None}
        rule = Rule(
            match,
            values,
            skip=values.pop("skip", 0),
            times=values.pop("times", None),
            is_after=values.pop("after", False),
        )
        with self.lock:
            self.rules.append(rule)
        return rule.number

    def clear(self):
        with self.lock:
            self.rules.clear()
        self.release()

    def release(self):
        """Let go all that hangs."""
        self.released.set()
        self.released = threading.Event()

    def take(self, request):
        """What happens to this request.

        :return: pair of dicts: before the operation, and after it
        """
        before, after = {}, {}
        for word in request.login.split("@")[0].split("+")[1:]:
            before |= action_of(word)
        for number in numbers_of(request.params):
            if number.upper().startswith("FAULT-"):
                before |= action_of(number[len("FAULT-") :].lower())
        with self.lock:
            for rule in self.rules:
                if rule.fits(request) and self.count(rule):
                    (after if rule.is_after else before).update(rule.action)
        return before, after

    @staticmethod
    def count(rule):
        """Whether the rule's turn has come."""
        if rule.skip:
            rule.skip -= 1
            return False
        if rule.times is None:
            return True
        rule.times -= 1
        return rule.times >= 0

    def show(self):
        with self.lock:
            return [
                {
                    "id": rule.number,
                    **rule.match,
                    **rule.action,
                    "skip": rule.skip,
                    "times": rule.times,
                    "after": rule.is_after,
                }
                for rule in self.rules
            ]
