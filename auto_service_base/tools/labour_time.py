"""Which of several labour times counts: the most specific and most trusted one.

Plain Python, no ORM. The order is written down once, in :data:`CHAIN`: own times on
the very vehicle or its model, then the provider's, then classes of vehicles, then what
holds for every vehicle, at last the hours of the operation itself.
"""

import datetime
from dataclasses import dataclass

#: Best first: (level, whose).
CHAIN = (
    ("exact", "own"),
    ("model", "own"),
    ("exact", "provider"),
    ("model", "provider"),
    ("class", "own"),
    ("class", "provider"),
    ("default", "own"),
    ("default", "provider"),
)
RANKS = {step: rank for rank, step in enumerate(CHAIN)}
#: Kinds that are the garage's own, whatever source they were entered under.
OWN_KINDS = ("own", "observed")


@dataclass(slots=True, unsafe_hash=True)
class TimeRow:
    """A labour time that fits a vehicle, with all that explains it. Never changed.

    Not frozen: that would make a basket of thirty operations half a millisecond slower.

    :ivar id: of the labour time, 0 for the hours of the operation itself
    :ivar level: ``exact``, ``model``, ``class`` or ``default``
    :ivar origin: of its source: ``own`` or ``provider``
    :ivar kind: ``standard``, ``warranty``, ``own`` or ``observed``
    :ivar source: name of the source, ``"operation"`` for id 0
    :ivar value: as it was published, in ``unit``; None when hours were entered
    :ivar score: how specific the vehicle type is
    :ivar sequence: trust in the source among those of its origin, lower is better
    :ivar case_count: number of jobs behind an observed time
    """

    id: int
    hours: float
    level: str
    origin: str
    kind: str
    source: str
    release: str | None = None
    value: float | None = None
    unit: str | None = None
    type_id: int | None = None
    type_name: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    score: int = 0
    sequence: int = 0
    case_count: int = 0
    operation_id: int | None = None

    @property
    def trust(self):
        """``own`` or ``provider``: whose word it is."""
        return "own" if self.kind in OWN_KINDS else self.origin

    def is_valid_on(self, date):
        """Whether the time holds on ``date``; both ends included."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_to is None or self.valid_to >= date
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What was taken and what else was there.

    :ivar chosen: TimeRow, None when no time is known
    :ivar others: TimeRows that hold on the day too, best first; times for warranty
        work, when the work is none, come last
    """

    chosen: TimeRow | None
    others: tuple[TimeRow, ...] = ()


def choose(rows, pay_type, date) -> Choice:
    """Order the times that fit a vehicle and take the first.

    :param rows: iterable of TimeRow
    :param str pay_type: warranty times count only for ``"warranty"``, before all others
    :param datetime.date date: day of the work
    """
    valid = [row for row in rows if row.is_valid_on(date)]
    if len(valid) > 1:
        valid.sort(key=lambda row: _key(row, pay_type))
    if not valid or not _counts(valid[0], pay_type):
        return Choice(None, tuple(valid))
    return Choice(valid[0], tuple(valid[1:]))


def _counts(row, pay_type):
    return row.kind != "warranty" or pay_type == "warranty"


def _key(row, pay_type):
    start = row.valid_from
    return (
        # Warranty times first where the work is warranty, last where it is not.
        (row.kind == "warranty") != (pay_type == "warranty"),
        not row.id,
        RANKS[row.level, "own" if row.kind in OWN_KINDS else row.origin],
        row.kind == "observed",
        -row.score,
        row.sequence,
        start is None and row.valid_to is None,
        -start.toordinal() if start else 0,
        row.id,
    )
