"""Times of the board: minutes of the wall clock since midnight of its first day.

The board is drawn, moved and booked in the time of the branch; so a screen needs to
know nothing of time zones. A day has 1440 minutes there, also when the clocks change:
the hour that is missing then stays empty, the one that comes twice is the first one.
"""

from datetime import datetime, timedelta

import pytz

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60


class BoardClock:
    """Converts between naive UTC and minutes of one board.

    :param date first: first day that is shown
    :param tzinfo tz: pytz zone of the branch
    """

    def __init__(self, first, tz):
        self.first = first
        self.tz = tz
        self._midnight = datetime(first.year, first.month, first.day)
        self._minutes = {}

    def to_minute(self, moment):
        """Minute of a naive UTC datetime.

        :return: int, below 0 before the first day
        """
        minute = self._minutes.get(moment)
        if minute is None:
            local = pytz.utc.localize(moment).astimezone(self.tz).replace(tzinfo=None)
            minute = (local - self._midnight) // MINUTE
            self._minutes[moment] = minute
        return minute

    def to_utc(self, minute):
        """Naive UTC datetime of a minute of the board."""
        local = self._midnight + timedelta(minutes=int(minute))
        return self.tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def get_bounds(self, days):
        """Beginning and end of the board.

        :param int days: number of days shown
        :return: two naive UTC datetimes
        """
        return self.to_utc(0), self.to_utc(days * DAY_MINUTES)
