"""When things happened in the demo garage: the garage is loaded within a minute, but it
looks as if people had worked for months."""

from datetime import datetime, time, timedelta

import pytz

SATURDAY = 5


class Timeline:
    """Times of the visits, all relative to the moment of loading.

    :param datetime now: moment of loading in UTC
    :param str timezone: zone of the garage
    """

    def __init__(self, now, timezone):
        self.now = now
        self.zone = pytz.timezone(timezone)
        self.busy = {}

    def get_arrival(self, visit):
        """When the vehicle came, or is to come.

        :param dict visit: with ``minutes`` from now, or ``day`` and ``hour``
        :return: datetime in UTC
        """
        if "minutes" in visit:
            return self.now + timedelta(minutes=visit["minutes"])
        return self._get_local(visit["day"], visit["hour"])

    def _get_local(self, days, hour):
        """``days`` working days from today at ``hour`` of the garage's clock.

        :return: datetime in UTC
        """
        today = pytz.utc.localize(self.now).astimezone(self.zone).date()
        date, left, step = today, abs(days), 1 if days > 0 else -1
        while left:
            date += timedelta(days=step)
            left -= date.weekday() < SATURDAY
        moment = time(int(hour), int(hour % 1 * 60))
        local = self.zone.localize(datetime.combine(date, moment))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def get_promise(self, visit, came):
        """When the vehicle was promised: datetime in UTC."""
        if "promise_in" in visit:
            return self.now + timedelta(minutes=visit["promise_in"])
        return came + timedelta(hours=visit["promise"])

    def get_done_date(self, player):
        """Day of the invoice: when the visit was to be ready, today at the latest."""
        promised = self.get_promise(player.visit, player.came)
        return min(promised, self.now).date()

    def backdate(self, player):
        """Move what the actions dated with the present moment to its time."""
        work_end = self._move_clockings(player)
        self._move_order(player, work_end)
        self._move_approvals(player)
        self._move_stage_logs(player, work_end)
        self._move_parts(player)

    def _move_parts(self, player):
        """Parts were issued when their job began."""
        begun = min(player.came + timedelta(minutes=20), self.now)
        issues = player.order.env["auto.service.part.issue"].sudo()
        rows = issues.search([("order_id", "=", player.order.id)])
        moves = rows.move_id
        rows.date = moves.date = moves.move_line_ids.date = begun

    def _move_clockings(self, player):
        """Clocks one after the other, for each technician.

        :return: datetime at which the last job was finished, UTC
        """
        end = player.came + timedelta(minutes=20)
        for job, values in player.jobs:
            job = job.sudo()
            for clocking in job.clocking_ids:
                start, stop = self._get_clock_times(clocking, values["hours"], end)
                clocking.write({"start": start, "stop": stop})
                end = max(end, stop or start)
            if job.state == "done":
                job.done_at = end
        return end

    def _get_clock_times(self, clocking, hours, earliest):
        """Start and stop of a clock, beside the technician's other clocks."""
        busy = self.busy.setdefault(clocking.technician_id.id, [])
        length = timedelta(hours=hours)
        if not clocking.stop:
            last = max((stop for _start, stop in busy), default=self.now - length)
            start, stop = max(self.now - length, min(last, self.now)), False
        else:
            start = self._find_gap(busy, earliest, length)
            stop = start + length
        busy.append((start, stop or self.now))
        return start, stop

    def _find_gap(self, busy, earliest, length):
        """When a technician had time: after his clocks of that day, or before them.

        :param list busy: pairs of datetimes, his other clocks
        :return: datetime not after ``now - length``
        """
        last = max((stop for _start, stop in busy), default=earliest)
        start = max(earliest, last)
        if start.date() == earliest.date() and start + length <= self.now:
            return start
        start = min(earliest, self.now - length)
        for begin, end in sorted(busy, reverse=True):
            if start < end and begin < start + length:
                start = begin - length
        return start

    def _move_order(self, player, work_end):
        order = player.order.sudo()
        done = min(max(work_end, self._get_closing(player)), self.now)
        values = {}
        if order.received_at:
            values.update(received_at=player.came, reception_signed_on=player.came)
        if order.quality_checked_at:
            checked = min(work_end + timedelta(minutes=25), self.now)
            values["quality_checked_at"] = checked
        if order.closed_at:
            values["closed_at"] = done
        order.write(values)
        readings = player.vehicle.odometer_log_ids.filtered(
            lambda reading: reading.source == order.name
        )
        readings.write({"date": player.came.date()})
        order.sale_order_ids.write({"date_order": self._get_written(player)})

    def _get_closing(self, player):
        """When the customer came for his vehicle: a little before the promise."""
        promised = self.get_promise(player.visit, player.came)
        return promised - timedelta(minutes=15)

    def _get_written(self, player):
        """When the estimate was written: at the desk, never in the future."""
        return min(player.came - timedelta(hours=16), self.now - timedelta(minutes=50))

    def _get_approved(self, player):
        """When the customer said yes."""
        asked = min(player.came, self.now - timedelta(minutes=45))
        return asked + timedelta(minutes=12)

    def _move_approvals(self, player):
        approved = self._get_approved(player)
        order = player.order.sudo()
        order.authorisation_ids.write({"authorised_at": approved})
        order.sale_order_ids.filtered("signed_on").write({"signed_on": approved})
        order.job_ids.filtered("authorised_at").write({"authorised_at": approved})

    def _move_stage_logs(self, player, work_end):
        """Give every stage its time; rows follow each other without a gap."""
        order = player.order.sudo()
        logs = order.stage_log_ids.sorted("id")
        starts = [self._get_stage_start(player, log, work_end) for log in logs]
        for index in range(1, len(starts)):
            starts[index] = max(starts[index], starts[index - 1])
        for log, start, following in zip(
            logs, starts, [*starts[1:], None], strict=True
        ):
            left = following or (log.left_at and order.closed_at)
            log.write({"entered_at": start, "left_at": left and max(left, start)})

    def _get_stage_start(self, player, log, work_end):
        """When the visit came into the stage of ``log``, as a datetime in UTC."""
        came, closing = player.came, self._get_closing(player)
        starts = {
            "booked": came - timedelta(days=2),
            "prepared": came - timedelta(hours=15),
            "received": came,
            "in_repair": came + timedelta(minutes=20),
            "quality_control": work_end,
            "ready": work_end + timedelta(minutes=25),
            "delivered": closing,
            "followed_up": closing + timedelta(days=3),
        }
        start = starts[log.stage_id.step]
        if log.waiting_reason_id:
            start = work_end + timedelta(minutes=10)
        return min(start, self.now - timedelta(minutes=1))
