"""Time as slots: the grid that every search for a free time works on.

Plain Python, no ORM. A grid cuts a window of time into half-open slots of some
minutes, aligned to the epoch; slot ``i`` is ``[at(i), at(i + 1))``. A set of slots is
an int: bit ``i`` stands for slot ``i``. Whatever Python does with long ints, it does to
a month of a resource in a tenth of a microsecond.

All datetimes are naive UTC. Working time is rounded inwards, what is taken is rounded
outwards: a slot is only ever offered whole.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

import pytz

#: Lengths of a slot that divide the hour, in minutes; one minute for exact questions.
MINUTES = (1, 5, 10, 15, 30)

EPOCH = datetime(1970, 1, 1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Grid:
    """``size`` slots of ``minutes`` from ``first`` on, naive UTC and aligned."""

    first: datetime
    minutes: int
    size: int

    def __post_init__(self):
        if self.minutes not in MINUTES:
            raise ValueError(f"No slots of {self.minutes} minutes.")
        if (self.first - EPOCH) % self.slot:
            raise ValueError(f"A grid cannot start at {self.first}.")

    @classmethod
    def around(cls, start, stop, minutes=15):
        """Smallest grid that covers ``[start, stop)``, naive UTC."""
        slot = timedelta(minutes=minutes)
        number = (start - EPOCH) // slot
        return cls(EPOCH + number * slot, minutes, -((EPOCH - stop) // slot) - number)

    @cached_property
    def slot(self):
        """Length of a slot, timedelta."""
        return timedelta(minutes=self.minutes)

    @cached_property
    def number(self):
        """Number of the first slot, counted from the epoch."""
        return (self.first - EPOCH) // self.slot

    @cached_property
    def full(self):
        """Mask of all slots."""
        return span(0, self.size)

    @property
    def day(self):
        """Slots in 24 hours."""
        return 24 * 60 // self.minutes

    def at(self, index):
        """Start of slot ``index``, naive UTC; ``at(size)`` is the end of the grid."""
        return self.first + index * self.slot

    def floor(self, moment):
        """Index of the slot boundary at or before ``moment``, clipped to 0..size."""
        return min(max((moment - self.first) // self.slot, 0), self.size)

    def ceil(self, moment):
        """Index of the slot boundary at or after ``moment``, clipped to 0..size."""
        return min(max(-((self.first - moment) // self.slot), 0), self.size)

    def cover(self, start, stop):
        """Mask of the slots that ``[start, stop)`` touches: what is taken."""
        return span(self.floor(start), self.ceil(stop)) if start < stop else 0

    def inside(self, start, stop):
        """Mask of the slots that lie whole in ``[start, stop)``: what may be used."""
        return span(self.ceil(start), self.floor(stop))

    def multiples(self, step, shift=0):
        """Mask of every ``step``-th slot from slot number ``shift`` of the epoch on."""
        offset = (shift - self.number) % step
        count = max(0, -((offset - self.size) // step))
        return (span(0, count * step) // span(0, step)) << offset


def span(lo, hi):
    """Mask of the slots ``lo`` to ``hi - 1``; empty unless ``lo < hi``."""
    return ((1 << (hi - lo)) - 1) << lo if lo < hi else 0


def runs(mask, length):
    """Mask of the slots from which on ``length`` slots in a row are in ``mask``.

    Doubling: a run of 8 is two runs of 4, so a job of a day takes seven steps.
    """
    done = 1
    while done < length and mask:
        more = min(done, length - done)
        mask &= mask >> more
        done += more
    return mask


def intervals(mask):
    """The runs of ``mask`` as a list of ``(lo, hi)``, hi excluded, in order."""
    text = bin(mask)[:1:-1]
    result = []
    lo = text.find("1")
    while lo >= 0:
        hi = text.find("0", lo)
        if hi < 0:
            hi = len(text)
        result.append((lo, hi))
        lo = text.find("1", hi)
    return result


def bits(mask):
    """Slots of ``mask``, in order."""
    text = bin(mask)[:1:-1]
    index = text.find("1")
    while index >= 0:
        yield index
        index = text.find("1", index + 1)


def bits_between(mask, lo, hi):
    """Slots of ``mask`` in ``[lo, hi)``, in order; cheap when few are asked for."""
    mask = (mask >> lo) & span(0, hi - lo)
    while mask:
        lowest = mask & -mask
        yield lo + lowest.bit_length() - 1
        mask ^= lowest


def join_spans(los, his, first=0):
    """Mask of many spans.

    :param los: first slots of the spans
    :param his: slots after the last of each
    :param int first: slot of the first bit; what lies before it is cut off
    """
    base = min(los, default=0)
    mask = 0
    for lo, hi in zip(los, his, strict=True):
        if lo < hi:
            mask |= ((1 << (hi - lo)) - 1) << (lo - base)
    return mask << (base - first) if base >= first else mask >> (first - base)


def keep_stretches(mask, length):
    """The runs of ``mask`` that have at least ``length`` slots."""
    stretches = [(lo, hi) for lo, hi in intervals(mask) if hi - lo >= length]
    return sum(span(lo, hi) for lo, hi in stretches)


@lru_cache(maxsize=4096)
def longest_stretch(mask, bridge):
    """Most slots of ``mask`` between two gaps that are longer than ``bridge``."""
    longest = length = last = 0
    for lo, hi in intervals(mask):
        length = hi - lo if lo - last > bridge else length + hi - lo
        longest, last = max(longest, length), hi
    return longest


@lru_cache(maxsize=1024)
def work_mask(pattern, tz, grid):
    """Slots that lie whole in the working time of a calendar.

    Local times become UTC as the host's ``resource.calendar`` does it, so days on which
    clocks change are its days. Lines that touch are one stretch of work, also over
    midnight.

    :param tuple pattern: hashable lines ``(weekday 0..6, week type None|0|1, hour_from,
        hour_to)``, hours local floats; lines of lunch breaks are left out by the caller
    :param str tz: name of the zone
    :param Grid grid: window
    :return: mask
    """
    stretches = []
    for start, stop in sorted(_get_stretches(pattern, tz, grid)):
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(stretches[-1][1], stop)
        else:
            stretches.append([start, stop])
    mask = 0
    for start, stop in stretches:
        mask |= grid.inside(start, stop)
    return mask


def _get_stretches(pattern, tz, grid):
    """Working times of every line on every day around the grid, naive UTC pairs."""
    lines = defaultdict(list)
    for weekday, week_type, hour_from, hour_to in pattern:
        for parity in (0, 1) if week_type is None else (week_type,):
            lines[weekday, parity].append((hour_from, hour_to))
    # The local date is at most one day off; what ends at midnight ends on its own day.
    first = grid.first.toordinal() - 1
    for day in range(first, grid.at(grid.size).toordinal() + 2):
        for hour_from, hour_to in lines.get(((day - 1) % 7, get_week_type(day)), ()):
            start, stop = to_utc(day, hour_from, tz), to_utc(day, hour_to, tz)
            if start < stop:
                yield start, stop


def get_week_type(day):
    """Week of a two-week calendar, 0 or 1; ``day`` is the ordinal of the date."""
    return (day - 1) // 7 % 2


def to_utc(day, hour, tz):
    """Moment of a local time.

    :param int day: ordinal of the local date
    :param float hour: local time; 24 is the end of the day
    :param str tz: name of the zone
    :return: naive UTC datetime
    """
    minutes = _get_minutes(hour)
    offset = _get_offset(day, tz)
    midnight = datetime.combine(date.fromordinal(day), time())
    if offset is not None:
        return midnight - offset + timedelta(minutes=minutes)
    if minutes >= 24 * 60:
        return _localize(midnight + timedelta(days=1) - INSTANT, tz) + INSTANT
    return _localize(midnight + timedelta(minutes=minutes), tz)


def _get_minutes(hour):
    """Minutes of a float hour, to the nearest minute, at most a day."""
    return min(max(int(hour * 60 + 0.5), 0), 24 * 60)


def _localize(local, tz):
    """Naive UTC of a naive local time; of an hour that comes twice, the second one."""
    return pytz.timezone(tz).localize(local).astimezone(pytz.utc).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def _get_offset(day, tz):
    """Distance of local time from UTC on one day, ``None`` when the clocks change."""
    midnight = datetime.combine(date.fromordinal(day), time())
    start = midnight - _localize(midnight, tz)
    following = midnight + timedelta(days=1)
    return start if start == following - _localize(following, tz) else None


@lru_cache(maxsize=256)
def day_bounds(tz, grid):
    """Where the local days of a zone start in the grid.

    :param str tz: name of the zone
    :return: tuple of indexes from 0 to ``size``, first and last included
    """
    first = grid.first.toordinal() - 1
    days = range(first, grid.at(grid.size).toordinal() + 2)
    return tuple(sorted({grid.ceil(to_utc(day, 0.0, tz)) for day in days}))
