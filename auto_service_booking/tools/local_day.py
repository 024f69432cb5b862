"""Days as people of a branch count them, in naive UTC."""

from datetime import datetime, timedelta

import pytz

MINUTE = timedelta(minutes=1)


def day_bounds(day, tz):
    """Beginning and end of a local day.

    :param date day: local day
    :param tzinfo tz: its zone
    :return: two naive UTC datetimes
    """
    edges = (day, day + timedelta(days=1))
    return tuple(
        tz.localize(datetime(edge.year, edge.month, edge.day))
        .astimezone(pytz.utc)
        .replace(tzinfo=None)
        for edge in edges
    )


def split_by_day(start, stop, tz):
    """Minutes of a span on every local day that it touches.

    :param datetime start: naive UTC
    :param datetime stop: naive UTC
    :param tzinfo tz: zone of the days
    :return: list of (date, minutes)
    """
    result = []
    day = pytz.utc.localize(start).astimezone(tz).date()
    while True:
        first, last = day_bounds(day, tz)
        if first >= stop:
            return result
        result.append((day, (min(stop, last) - max(start, first)) / MINUTE))
        day += timedelta(days=1)
