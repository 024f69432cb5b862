from collections import defaultdict
from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import local_day
from ..tools.slot_grid import Grid, intervals, join_spans, runs, span

#: How far the planner looks ahead when nobody says otherwise.
HORIZON = timedelta(days=30)


class AutoServicePlanner(models.AbstractModel):
    """Answers questions about free time: one place for everybody who plans."""

    _name = "auto.service.planner"
    _description = "Planner"

    @api.model
    def _get_work(self, resource_ids, start, stop):
        """When resources work: weekly hours or shifts, without leaves.

        :param resource_ids: ids of resource.resource
        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :return: dict of id -> list of (start, stop), naive UTC, to the minute
        """
        grid, masks = self._get_exact_masks(resource_ids, start, stop)
        window = grid.cover(start, stop)
        return {
            resource: [
                (max(grid.at(lo), start), min(grid.at(hi), stop))
                for lo, hi in intervals(mask & window)
            ]
            for resource, mask in masks.items()
        }

    @api.model
    def _check_working_time(self, spans):
        """Those of ``spans`` that do not lie whole in working time.

        :param spans: (resource id, start, stop), naive UTC
        :return: list of spans
        """
        spans = list(spans)
        if not spans:
            return []
        grid, masks = self._get_exact_masks(
            {resource for resource, _start, _stop in spans},
            min(start for _resource, start, _stop in spans),
            max(stop for _resource, _start, stop in spans),
        )
        return [
            (resource, start, stop)
            for resource, start, stop in spans
            if grid.cover(start, stop) & ~masks.get(resource, 0)
        ]

    @api.model
    def _get_next_free(self, resource_id, start, length):
        """First moment at or after ``start`` when the resource is free for ``length``.

        :param int resource_id: resource.resource
        :param datetime start: naive UTC
        :param timedelta length: how long
        :return: naive UTC datetime, None when there is none within 30 days
        """
        company = self.env.company
        grid = self._get_grid(company, start, start + HORIZON)
        resources = self._read_resources(SQL("r.id = %s", resource_id))
        if not resources:
            return None
        busy = self._read_busy([resource_id], grid)[0][resource_id]
        free = grid.full & ~busy & ~span(0, grid.ceil(start))
        if resources[resource_id].role != "courtesy_car":
            free &= self._get_work_masks(resources, grid, company)[0][resource_id]
        found = runs(free, max(1, -(-length // grid.slot)))
        return grid.at((found & -found).bit_length() - 1) if found else None

    @api.model
    def _get_grid(self, company, start, stop):
        """Slots of the branch on all local days that a window touches.

        Whole days: the reserve is one of whole days, and working times of a calendar
        are worked out once a day and not at every question.
        """
        tz = company._get_planning_tz()
        first, last = (
            pytz.utc.localize(moment).astimezone(tz).date() for moment in (start, stop)
        )
        return Grid.around(
            local_day.day_bounds(first, tz)[0],
            local_day.day_bounds(last, tz)[1],
            int(company.auto_service_slot_minutes),
        )

    # What is taken --------------------------------------------------------------

    @api.model
    def _read_busy(self, resource_ids, grid, exclude_blocks=()):
        """What is taken of resources, in one query.

        :param exclude_blocks: numbers of blocks that count as free
        :return: dict of resource id -> mask, and the spans it was made of: tuples of
            (resource id, company id, whether they count against the reserve, first
            slots, slots after the last), counted from the epoch
        """
        self.env["auto.service.allocation"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT resource_id, company_id,
                       role = 'technician' AND NOT COALESCE(is_gap, FALSE)
                       AND NOT COALESCE(is_overtime, FALSE),
                       array_agg(FLOOR(date_part('epoch', start) / %(slot)s)::int),
                       array_agg(CEIL(date_part('epoch', stop) / %(slot)s)::int)
                  FROM auto_service_allocation
                 WHERE state <> 'cancelled' AND resource_id = ANY(%(ids)s)
                   AND start < %(stop)s AND stop > %(start)s
                   AND NOT block = ANY(%(excluded)s)
              GROUP BY 1, 2, 3
                """,
                slot=grid.minutes * 60,
                ids=list(resource_ids),
                start=grid.first,
                stop=grid.at(grid.size),
                excluded=list(exclude_blocks),
            )
        )
        masks, rows = defaultdict(int), self.env.cr.fetchall()
        for resource, _company, _counts, los, his in rows:
            masks[resource] |= join_spans(los, his, grid.number) & grid.full
        return masks, rows

    # Capacity of days -----------------------------------------------------------

    @api.model
    def _get_day_capacity(self, company, first_day, last_day):
        """Minutes that the technicians of a branch work.

        :param date first_day: local day of the branch
        :param date last_day: the last one, included
        :return: dict of date -> minutes of all technicians together
        """
        days = self._get_days(company, first_day, last_day)
        grid = self._get_exact_grid(days[0][1], days[-1][2])
        technicians = self._read_technicians(company)
        masks, _flexible = self._get_work_masks(technicians, grid, company)
        return {
            day: sum(
                (mask & grid.cover(start, stop)).bit_count() for mask in masks.values()
            )
            for day, start, stop in days
        }

    @api.model
    def _get_day_load(self, company, first_day, last_day):
        """Minutes that are booked of the technicians of a branch.

        :return: dict of date -> minutes, as ``_get_day_capacity``
        """
        days = self._get_days(company, first_day, last_day)
        grid = self._get_exact_grid(days[0][1], days[-1][2])
        ids = list(self._read_technicians(company))
        _masks, rows = self._read_busy(ids, grid)
        result = {}
        for day, start, stop in days:
            first, last = (grid.number + grid.floor(edge) for edge in (start, stop))
            result[day] = sum(
                max(0, min(hi, last) - max(lo, first))
                for _resource, _company, counts, los, his in rows
                if counts
                for lo, hi in zip(los, his, strict=True)
            )
        return result

    @api.model
    def _read_technicians(self, company):
        resources = self._read_company_resources(company)
        return {key: row for key, row in resources.items() if row.role == "technician"}

    @api.model
    def _get_days(self, company, first_day, last_day):
        """Local days of a branch.

        :return: list of (date, start, stop), naive UTC
        """
        tz = company._get_planning_tz()
        numbers = range(first_day.toordinal(), last_day.toordinal() + 1)
        days = [date.fromordinal(number) for number in numbers]
        return [(day, *local_day.day_bounds(day, tz)) for day in days]

    @api.model
    def _get_now(self):
        """The present moment, naive UTC."""
        return fields.Datetime.now()
