"""When maintenance of a vehicle is due, worked out from its odometer history.

Plain Python. Distances are kilometres; ``from_unit`` and ``to_unit`` convert what an
odometer in miles shows. Days are dates, without a time zone.

An odometer history is never clean: somebody types a digit too many, a cluster is
replaced and starts at zero, a car has a single reading or none. ``History`` takes out
what cannot be and joins what was counted by two instruments, so that the way
*travelled* never goes backwards. When nothing is known, the answer is None, not zero.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MILE = 1.609344
#: Nobody drives more kilometres a day than that, two drivers in turn included.
IMPOSSIBLE_PACE = 1500.0
#: A step of that many kilometres, much faster than usual, is a digit too many.
JUMP_KM, JUMP_PACE, JUMP_FACTOR = 50_000.0, 150.0, 5.0
#: Habits change: the usual way of a day is that of the last two years.
RECENT_DAYS = 730
#: Readings that lie closer together say nothing about the usual way of a day.
SHORTEST_DAYS = 30
#: A date that far ahead is no prediction.
FURTHEST_DAYS = 20 * 365

STATES = ("overdue", "soon", "later", "unknown")


def from_unit(value: float, unit: str | None) -> float:
    """Kilometres of a value in ``unit`` (``miles``, anything else is kilometres)."""
    return value * MILE if unit == "miles" else value


def to_unit(km: float, unit: str | None) -> float:
    """Value in ``unit`` (``miles``, anything else is kilometres) of ``km``."""
    return km / MILE if unit == "miles" else km


@dataclass(frozen=True)
class Reading:
    """What an odometer showed on a day, in kilometres."""

    date: date
    km: float


@dataclass(frozen=True)
class Point:
    """A reading that counts, and the way travelled by then on all instruments."""

    date: date
    km: float
    travelled: float

    @property
    def offset(self) -> float:
        """Way travelled that the instrument of this reading does not show."""
        return self.travelled - self.km


@dataclass(frozen=True)
class Step:
    """From one reading to the next."""

    first: Reading
    last: Reading

    @property
    def days(self) -> int:
        return (self.last.date - self.first.date).days

    @property
    def km(self) -> float:
        return self.last.km - self.first.km

    @property
    def pace(self) -> float:
        """Kilometres a day."""
        return self.km / max(self.days, 1)

    @property
    def is_possible(self) -> bool:
        return 0 <= self.km and self.pace <= IMPOSSIBLE_PACE

    def is_jump(self, usual: float | None) -> bool:
        """Whether the step is as long as only a digit too many makes it."""
        return (
            usual is not None
            and self.km > JUMP_KM
            and self.pace > JUMP_PACE
            and self.pace > JUMP_FACTOR * usual
        )


@dataclass(frozen=True)
class Interval:
    """How often work is due: kilometres, months, and when for the first time."""

    km: float = 0.0
    months: int = 0
    first_km: float = 0.0
    first_months: int = 0


@dataclass(frozen=True)
class Done:
    """When work was done last; the odometer in kilometres when it is known."""

    date: date
    km: float | None = None


@dataclass(frozen=True)
class Due:
    """When work is due next. Kilometres as the present instrument shows them.

    ``predicted_date`` is the day on which the first of the two limits is reached:
    ``due_date``, or ``due_km`` at the usual way of a day. ``is_estimated`` tells that
    it rests on an estimate and not on a limit that is reached for certain.
    """

    state: str
    last_date: date | None = None
    last_km: float | None = None
    due_date: date | None = None
    due_km: float | None = None
    predicted_date: date | None = None
    is_estimated: bool = False

    @property
    def sort_key(self) -> tuple:
        """Overdue first, then by the day, what is not known at the end."""
        return (STATES.index(self.state), self.predicted_date or date.max)


@dataclass(frozen=True)
class Horizon:
    """How long before the limit work counts as due soon."""

    days: int = 30
    km: float = 1000.0


def _sort(readings: Iterable[Reading], today: date) -> list[Reading]:
    """One reading a day, the one entered last; nothing of the future, no zeros."""
    by_day = {
        reading.date: reading
        for reading in readings
        if reading.km > 0 and reading.date <= today
    }
    return [by_day[day] for day in sorted(by_day)]


def _drop_lone_errors(readings: list[Reading]) -> list[Reading]:
    """Take out readings that cannot be, while those before and after them agree."""
    kept = list(readings[:1])
    for current, following in zip(readings[1:], readings[2:], strict=False):
        before = kept[-1]
        is_wrong = not (
            Step(before, current).is_possible and Step(current, following).is_possible
        )
        if not (is_wrong and Step(before, following).is_possible):
            kept.append(current)
    return kept + readings[1:][-1:]


def _get_steps(readings: list[Reading]) -> list[Step]:
    return [
        Step(first, last) for first, last in zip(readings, readings[1:], strict=False)
    ]


def _median_pace(steps: list[Step]) -> float | None:
    """Pace that half of the days were slower than; the lower of two."""
    total = sum(step.days for step in steps)
    passed = 0
    for step in sorted(steps, key=lambda step: step.pace):
        passed += step.days
        if 2 * passed >= total:
            return step.pace
    return None


def _mean_pace(steps: list[Step]) -> float | None:
    """Kilometres a day of the latest steps that can be believed."""
    steps = [step for step in steps if step.is_possible]
    usual = _median_pace(steps)
    steps = [step for step in steps if not step.is_jump(usual)]
    if not steps:
        return None
    oldest = steps[-1].last.date - timedelta(days=RECENT_DAYS)
    # Of a step that began earlier only its share of the last two years counts.
    spans = [(min(s.days, (s.last.date - oldest).days), s.pace) for s in steps]
    days = sum(days for days, _pace in spans if days > 0)
    way = sum(days * pace for days, pace in spans if days > 0)
    return way / days if days >= SHORTEST_DAYS else None


class History:
    """Odometer history of one vehicle.

    :param readings: in the order in which they were entered, in kilometres
    :param date today: later readings do not count
    :param date start: day of the first registration, when the odometer showed zero
    """

    def __init__(
        self, readings: Iterable[Reading], today: date, start: date | None = None
    ):
        self.today = today
        self.start = start if start and start <= today else None
        kept = _drop_lone_errors(_sort(readings, today))
        kept, self.doubtful = self._split_doubtful(kept)
        self.pace = self._find_pace(kept)
        self.points = self._join(kept)

    @staticmethod
    def _split_doubtful(readings):
        """Set the latest reading aside when it is out of all proportion.

        A lower one is believed: a replaced cluster shows less than the old one.
        """
        steps = _get_steps(readings)
        if not steps or steps[-1].km < 0:
            return readings, None
        usual = _median_pace([step for step in steps[:-1] if step.is_possible])
        if steps[-1].is_possible and not steps[-1].is_jump(usual):
            return readings, None
        return readings[:-1], readings[-1]

    def _find_pace(self, readings) -> float | None:
        """Kilometres a day; since the first registration when readings are few."""
        pace = _mean_pace(_get_steps(readings))
        if pace is None and readings and self.start:
            life = Step(Reading(self.start, 0.0), readings[-1])
            if life.days >= 3 * SHORTEST_DAYS and life.is_possible:
                pace = life.pace
        return pace

    def _join(self, readings) -> list[Point]:
        """Points of the readings; where an instrument was replaced, the way between
        is what the vehicle usually travels in that time."""
        points: list[Point] = []
        for reading in readings:
            travelled = reading.km
            if points:
                before = points[-1]
                step = Step(before, reading)
                way = step.km if step.is_possible else step.days * (self.pace or 0.0)
                travelled = before.travelled + way
            points.append(Point(reading.date, reading.km, travelled))
        if self.start and points and self.start < points[0].date:
            if Step(Reading(self.start, 0.0), points[0]).is_possible:
                points.insert(0, Point(self.start, 0.0, 0.0))
        return points

    @property
    def travelled(self) -> float | None:
        """Way travelled by the latest reading that counts."""
        return self.points[-1].travelled if self.points else None

    def travelled_on(self, day: date) -> float | None:
        """Way travelled by ``day``: read, between two readings, or at the usual pace.

        Without a usual pace the latest reading stands for the days after it.
        """
        if not self.points:
            return None
        index = bisect_right(self.points, day, key=lambda point: point.date)
        if index == len(self.points):
            last = self.points[-1]
            return last.travelled + (day - last.date).days * (self.pace or 0.0)
        after = self.points[index]
        if not index:
            if self.pace is None:
                return None
            return max(after.travelled - (after.date - day).days * self.pace, 0.0)
        before = self.points[index - 1]
        share = (day - before.date).days / (after.date - before.date).days
        return before.travelled + share * (after.travelled - before.travelled)

    def day_of(self, travelled: float) -> date | None:
        """Day on which the vehicle has travelled that far, past or predicted."""
        if not self.points:
            return None
        last = self.points[-1]
        if travelled > last.travelled:
            return self._predict_day(travelled - last.travelled)
        index = bisect_left(self.points, travelled, key=lambda point: point.travelled)
        after = self.points[index]
        if not index or after.travelled == travelled:
            return after.date
        before = self.points[index - 1]
        share = (travelled - before.travelled) / (after.travelled - before.travelled)
        days = (after.date - before.date).days
        return before.date + timedelta(days=round(share * days))

    def _predict_day(self, km: float) -> date | None:
        """Day on which ``km`` more than the latest reading are travelled."""
        if not self.pace or km / self.pace > FURTHEST_DAYS:
            return None
        return self.points[-1].date + timedelta(days=round(km / self.pace))

    def shown(self, travelled: float) -> float:
        """What the present instrument shows after that way."""
        return travelled - (self.points[-1].offset if self.points else 0.0)

    def locate(self, done: Done) -> float | None:
        """Way travelled when work was done.

        The odometer of the work is believed when it agrees with the history, so that
        a typing error does not move the next date by years.
        """
        expected = self.travelled_on(done.date)
        if done.km is None:
            return expected
        told = done.km + self._get_offset(done.date)
        if expected is None or abs(told - expected) <= max(
            1000.0, 45 * (self.pace or 0.0)
        ):
            return told
        return expected

    def _get_offset(self, day: date) -> float:
        """Way that the instrument of that day does not show."""
        index = bisect_right(self.points, day, key=lambda point: point.date)
        point = self.points[max(index - 1, 0)] if self.points else None
        return point.offset if point else 0.0


def find_due(
    interval: Interval,
    history: History,
    done: Done | None = None,
    horizon: Horizon | None = None,
) -> Due | None:
    """When work is due next on the vehicle of ``history``.

    :return: Due, or None when the work is due only once and was done
    """
    if not done:
        return _find_first(interval, history, horizon or Horizon())
    if not (interval.km or interval.months):
        return None
    base = history.locate(done)
    limit_km = base + interval.km if interval.km and base is not None else None
    limit_date = (
        done.date + relativedelta(months=interval.months) if interval.months else None
    )
    due = _judge(history, limit_km, limit_date, horizon or Horizon())
    last_km = done.km if done.km is not None or base is None else history.shown(base)
    return replace(due, last_date=done.date, last_km=last_km)


def _find_first(interval: Interval, history: History, horizon: Horizon) -> Due:
    """When work is due that nobody has on record.

    The first limit counts while it is ahead, or passed by less than one interval.
    After that nobody knows whether somebody else did the work: it is asked for.
    """
    limit_km = interval.first_km or interval.km or None
    months = interval.first_months or interval.months
    limit_date = None
    if months and history.start:
        limit_date = history.start + relativedelta(months=months)
    if limit_km and _is_long_past(limit_km, interval.km or limit_km, history):
        return Due("unknown")
    again = relativedelta(months=interval.months or months)
    if limit_date and limit_date + again <= history.today:
        return Due("unknown")
    due = _judge(history, limit_km, limit_date, horizon)
    return due if due.state != "unknown" else Due("unknown")


def _is_long_past(limit: float, again: float, history: History) -> bool:
    """Whether the vehicle is further than a whole interval behind the limit."""
    return history.travelled is not None and history.travelled >= limit + again


def _judge(
    history: History,
    limit_km: float | None,
    limit_date: date | None,
    horizon: Horizon,
) -> Due:
    """State of work with limits in kilometres travelled and by date."""
    reached = limit_km is not None and history.day_of(limit_km) or None
    days = [day for day in (reached, limit_date) if day]
    predicted = min(days, default=None)
    is_certain = (limit_date is not None and limit_date <= history.today) or (
        limit_km is not None
        and history.travelled is not None
        and history.travelled >= limit_km
    )
    return Due(
        state=_get_state(history, limit_km, predicted, horizon),
        due_date=limit_date,
        due_km=None if limit_km is None else history.shown(limit_km),
        predicted_date=predicted,
        is_estimated=predicted is not None
        and predicted == reached
        and predicted != limit_date
        and not is_certain,
    )


def _get_state(history, limit_km, predicted, horizon) -> str:
    if predicted and predicted <= history.today:
        return "overdue"
    if predicted and predicted <= history.today + timedelta(days=horizon.days):
        return "soon"
    if limit_km is None or history.travelled is None:
        return "later" if predicted else "unknown"
    left = limit_km - history.travelled
    return "soon" if left <= horizon.km else "later"
