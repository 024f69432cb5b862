from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.local_day import day_bounds, split_by_day
from .auto_service_allocation_guard import LOCK_CLASS

MINUTE = timedelta(minutes=1)


class AutoServiceAllocation(models.Model):
    """The part of a day that is held back for walk-ins and extra work.

    Bookings made before the day may take the hours of the technicians up to the
    reserve. The sum is over many rows, so no constraint can hold it. Whoever adds to a
    day takes the lock of the branch's day and then reads what others have committed
    with a cursor of its own: its own transaction would still see the past.
    """

    _inherit = "auto.service.allocation"

    def _check_reserve(self, before=None):
        """Refuse what takes more of a coming day than the reserve leaves.

        :param dict before: minutes that these rows took before, by (company, day)
        :raise ValidationError: names the day and the way out
        """
        before = before or {}
        for (company, day), minutes in sorted(
            self._get_counted_minutes().items(), key=lambda item: item[0][1]
        ):
            if minutes > before.get((company, day), 0):
                self._check_reserve_of_day(company, day)

    def _get_counted_minutes(self):
        """Minutes of technicians that count against the reserve.

        :return: dict of (res.company record, date) -> minutes
        """
        result = defaultdict(int)
        for row in self.filtered(lambda row: row._is_counted()):
            company = row.company_id
            tz = company._get_planning_tz()
            for day, minutes in split_by_day(row.start, row.stop, tz):
                if day > company._get_planning_day():
                    result[company, day] += minutes
        return dict(result)

    def _is_counted(self):
        """Whether the row takes of the hours that bookings may take."""
        self.ensure_one()
        return (
            self.role == "technician"
            and not self.is_gap
            and not self.is_overtime
            and self.state in ("held", "planned")
            and self.company_id.auto_service_reserve_percent > 0
            and not self.booking_id.uses_reserve
            and (self.booking_id or self.job_id)
        )

    def _check_reserve_of_day(self, company, day):
        planner = self.env["auto.service.planner"]
        capacity = planner._get_day_capacity(company, day, day).get(day, 0)
        if not capacity:
            return
        self._lock_day(company, day)
        percent = 100 - company.auto_service_reserve_percent
        limit = capacity * percent / 100
        booked = self._get_committed_minutes(company, day)
        if booked > limit:
            raise ValidationError(
                self.env._(
                    "%(day)s is full: %(percent)s %% of the technicians' hours are "
                    "held back for walk-ins and extra work. Choose another day, or "
                    "tick “Uses the reserve” on the booking.",
                    day=day.strftime("%d.%m.%Y"),
                    percent=company.auto_service_reserve_percent,
                )
            )

    @api.model
    def _lock_day(self, company, day):
        """Wait for whoever adds to the same day of the same branch."""
        key = (LOCK_CLASS + 1) << 48 | company.id << 20 | day.toordinal()
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", key))

    def _get_committed_minutes(self, company, day):
        """Minutes of technicians taken on ``day``, with what others committed just now.

        :return: minutes, own changes included
        """
        self.flush_model()
        tz = company._get_planning_tz()
        first, last = day_bounds(day, tz)
        mine = self._read_day(self.env.cr, company, first, last)
        with self.env.registry.cursor() as cr:
            theirs = self._read_day(cr, company, first, last)
            known = self._read_known(cr, set(mine) - set(theirs))
        touched = self._get_touched() | set(self.ids)
        rows = {**mine, **{key: theirs[key] for key in theirs if key not in touched}}
        for key in set(rows) & known - touched:
            del rows[key]  # somebody else gave that time back meanwhile
        return sum(
            (min(stop, last) - max(start, first)) / MINUTE
            for start, stop in rows.values()
        )

    @api.model
    def _get_touched(self):
        """Numbers of the rows that this transaction has written or deleted.

        What others see of them is the past.

        :return: set that ``_note_touched`` adds to
        """
        data = self.env.cr.postcommit.data  # forgotten with the transaction
        return data.setdefault("auto_service_allocation_touched", set())

    def _note_touched(self):
        self._get_touched().update(self.ids)

    @api.model
    def _read_day(self, cr, company, first, last):
        """Rows that take time of technicians between ``first`` and ``last``.

        :return: dict of id -> (start, stop)
        """
        cr.execute(
            SQL(
                """
                SELECT id, start, stop
                  FROM auto_service_allocation
                 WHERE company_id = %s AND role = 'technician' AND state <> 'cancelled'
                   AND NOT COALESCE(is_gap, FALSE)
                   AND NOT COALESCE(is_overtime, FALSE)
                   AND start < %s AND stop > %s
                """,
                company.id,
                last,
                first,
            )
        )
        return {row[0]: row[1:] for row in cr.fetchall()}

    @api.model
    def _read_known(self, cr, ids):
        """Those of ``ids`` that exist for everybody, in whatever state."""
        if not ids:
            return set()
        cr.execute(
            SQL("SELECT id FROM auto_service_allocation WHERE id = ANY(%s)", list(ids))
        )
        return {row[0] for row in cr.fetchall()}
