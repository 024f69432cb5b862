"""Shifts without ORM: local hours as moments, and rules like “two on, two off”."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import pytz


@dataclass(frozen=True)
class ShiftHours:
    """Local hours of a shift; an end at or before the beginning is on the next day.

    All are hours of the day as floats (6.5 = 06:30). The break counts from the first
    day on as well: 2.0 in a shift from 22 to 6 is two o'clock at night. The same
    beginning and end of the break: no break.
    """

    hour_from: float
    hour_to: float
    break_from: float = 0.0
    break_to: float = 0.0

    @property
    def length(self):
        """Hours from the beginning to the end by the clock on the wall."""
        return (self.hour_to - self.hour_from) % 24 or 24.0

    @property
    def break_span(self):
        """Beginning and end of the break in hours after the beginning of the shift.

        :return: (from, to); None without a break or where it is not inside the shift
        """
        length = (self.break_to - self.break_from) % 24
        begin = (self.break_from - self.hour_from) % 24
        if not length or begin + length > self.length:
            return None
        return begin, begin + length

    @property
    def worked(self):
        """Hours of work: the length without the break."""
        span = self.break_span
        return self.length - (span[1] - span[0] if span else 0.0)


def to_utc(day, hour, tz):
    """Moment of a local hour, as the host converts working hours.

    An hour that does not exist when the clock goes forward is taken by the time
    before the change, one that exists twice is the second one: what pytz does.

    :param date day: local day from whose midnight ``hour`` counts; 26.0 is 2 o'clock
        of the next day
    :param float hour: hours by the clock on the wall
    :param str tz: name of the zone
    :return: naive UTC datetime
    """
    minutes = round(hour * 60)
    days, minutes = divmod(minutes, 24 * 60)
    local = datetime.combine(day, datetime.min.time())
    local += timedelta(days=days, minutes=minutes)
    return pytz.timezone(tz).localize(local).astimezone(pytz.utc).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def shift_times(day, hours, tz):
    """Moments of a shift that begins on ``day``; a rule asks the same for everybody.

    :param date day: local day
    :param ShiftHours hours: local hours
    :param str tz: name of the zone
    :return: (start, stop, break start, break stop), naive UTC; None without a break
    """
    start = to_utc(day, hours.hour_from, tz)
    stop = to_utc(day, hours.hour_from + hours.length, tz)
    span = hours.break_span
    if not span:
        return start, stop, None, None
    first = to_utc(day, hours.hour_from + span[0], tz)
    last = to_utc(day, hours.hour_from + span[1], tz)
    return (start, stop, first, last) if first < last else (start, stop, None, None)


def rule_days(first, last, steps, offset=0):
    """Days of a rule that goes round and round: “two on, two off” until a date.

    :param date first: day on which the first step begins
    :param date last: the last day, included
    :param list steps: (what, days) one after the other; what is None on days off
    :param int offset: days by which the rule begins later; the days before belong to
        the end of the round, as if the rule had been going on before
    :return: list of (date, what), days off included
    :raise ValueError: the steps have no day at all
    """
    cycle = [what for what, days in steps for _day in range(days)]
    if not cycle:
        raise ValueError("a rule needs at least one day")
    count = (last - first).days + 1
    return [
        (first + timedelta(days=index), cycle[(index - offset) % len(cycle)])
        for index in range(max(count, 0))
    ]
