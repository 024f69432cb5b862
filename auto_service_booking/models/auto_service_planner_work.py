from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.slot_grid import Grid, span, to_utc, work_mask

#: Resource that stands for the opening hours: work without bay or technician has it.
OPENING = 0


class PlannedResource(NamedTuple):
    """What the planner knows of a resource; one row of its query."""

    id: int
    name: str
    role: str
    kind_id: int | None
    kind_sequence: int
    sequence: int
    skill_level: str | None
    uses_shifts: bool
    calendar_id: int | None
    tz: str
    company_id: int | None
    employee_id: int | None
    skill_ids: list


class AutoServicePlanner(models.AbstractModel):
    """Reads who works when: one query per kind of record, however many resources."""

    _inherit = "auto.service.planner"

    # Resources ------------------------------------------------------------------

    @api.model
    def _read_resources(self, condition):
        """Resources of the garage, first those that are taken first.

        Read with SQL: people who plan see names and skills of whom they plan, not the
        employees behind them.

        :param SQL condition: on ``r``, the table of resources
        :return: dict of id -> :class:`PlannedResource`
        """
        self.env["resource.resource"].flush_model()
        self.env["auto.service.resource.kind"].flush_model(["sequence"])
        self.env["hr.employee"].flush_model(["resource_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT r.id, r.name, r.auto_service_role, r.auto_service_kind_id,
                       COALESCE(k.sequence, 0), r.auto_service_sequence,
                       r.auto_service_skill_level,
                       COALESCE(r.auto_service_uses_shifts, FALSE),
                       r.calendar_id, r.tz, r.company_id, e.id,
                       ARRAY(SELECT s.skill_id
                               FROM auto_service_resource_skill_rel s
                              WHERE s.resource_id = r.id)
                  FROM resource_resource r
             LEFT JOIN auto_service_resource_kind k ON k.id = r.auto_service_kind_id
             LEFT JOIN hr_employee e ON e.resource_id = r.id
                 WHERE %s
              ORDER BY r.auto_service_sequence, r.id
                """,
                condition,
            )
        )
        return {row[0]: PlannedResource(*row) for row in self.env.cr.fetchall()}

    @api.model
    def _read_company_resources(self, company):
        """Everything that the branch plans."""
        return self._read_resources(
            SQL(
                "r.active AND r.auto_service_role IS NOT NULL"
                " AND (r.company_id = %s OR r.company_id IS NULL)",
                company.id,
            )
        )

    @api.model
    def _get_opening_resource(self, company):
        """The branch itself as a resource that works in its opening hours."""
        calendar = company.sudo()._get_opening_calendar()
        return PlannedResource(
            OPENING,
            company.name,
            "opening",
            None,
            0,
            0,
            None,
            False,
            calendar.id or None,
            str(company._get_planning_tz()),
            company.id,
            None,
            [],
        )

    # Working time ---------------------------------------------------------------

    @api.model
    def _get_work_masks(self, resources, grid, company):
        """Slots in which resources work: weekly hours or shifts, without leaves.

        Of an employee whose working hours change the hours of each day count; nobody
        works outside of his contract if he ever had one.

        :param dict resources: id -> :class:`PlannedResource`
        :param Grid grid: window
        :param company: res.company of resources that belong to all branches
        :return: dict of id -> mask, and the ids of the calendars that cannot be planned
        """
        hours = self._get_calendar_masks(resources, grid, company)
        patterns = self._read_patterns({c for row in hours.values() for c, _m in row})
        shifts = self._read_shifts(resources, grid)
        own, closed = self._read_leaves(resources, grid)
        masks = {}
        for resource in resources.values():
            mask = 0
            branch = resource.company_id or company.id
            for calendar, valid in hours[resource.id]:
                open_days = valid & ~closed[branch, None] & ~closed[branch, calendar]
                if resource.uses_shifts:
                    mask |= shifts[resource.id] & open_days
                elif pattern := patterns.get(calendar):
                    mask |= work_mask(pattern, resource.tz, grid) & open_days
            masks[resource.id] = mask & ~own[resource.id]
        flexible = {key for key, pattern in patterns.items() if pattern is None}
        return masks, flexible

    @api.model
    def _get_calendar_masks(self, resources, grid, company):
        """When which working hours are in force.

        :return: dict of resource id -> list of (calendar id or None, mask)
        """
        versions = self._read_versions(resources.values())
        result = {}
        for resource in resources.values():
            periods = [(resource.calendar_id, grid.full)]
            if resource.id in versions:
                periods = self._get_version_masks(
                    versions[resource.id], resource.tz, grid
                )
            result[resource.id] = [
                (calendar or self._get_opening_calendar_id(resource, company), mask)
                for calendar, mask in periods
                if mask
            ]
        return result

    @api.model
    def _get_opening_calendar_id(self, resource, company):
        """Calendar of a resource that has none of its own."""
        branch = company
        if resource.company_id and resource.company_id != company.id:
            branch = company.browse(resource.company_id)
        return branch.sudo()._get_opening_calendar().id or None

    @api.model
    def _read_versions(self, resources):
        """Working hours of employees over time.

        :return: dict of resource id -> rows (first day, first and last day of the
            contract, calendar id), in order
        """
        employees = {row.employee_id: row.id for row in resources if row.employee_id}
        if not employees:
            return {}
        self.env["hr.version"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT employee_id, date_version, contract_date_start,
                       contract_date_end, resource_calendar_id
                  FROM hr_version
                 WHERE active AND employee_id = ANY(%s)
              ORDER BY employee_id, date_version
                """,
                list(employees),
            )
        )
        versions = defaultdict(list)
        for employee, *version in self.env.cr.fetchall():
            versions[employees[employee]].append(version)
        return versions

    @api.model
    def _get_version_masks(self, versions, tz, grid):
        """Slots of each version of an employee; the first one began long ago."""

        def index(day, default, extra=0):
            if not day:
                return default
            return grid.floor(to_utc(day.toordinal() + extra, 0.0, tz))

        starts = [0, *(index(version[0], 0) for version in versions[1:]), grid.size]
        had_contract = any(version[1] for version in versions)
        result = []
        for number, (_day, first, last, calendar) in enumerate(versions):
            mask = span(starts[number], starts[number + 1])
            if had_contract:
                contract = span(index(first, 0), index(last, grid.size, 1))
                mask &= contract if first else 0
            result.append((calendar, mask))
        return result

    @api.model
    def _read_patterns(self, calendar_ids):
        """Weekly hours by calendar id, ``None`` where the board cannot plan them."""
        ids = sorted(calendar_id for calendar_id in calendar_ids if calendar_id)
        return self.env["resource.calendar"].browse(ids)._get_auto_service_patterns()

    @api.model
    def _read_shifts(self, resources, grid):
        """Slots of the shifts of those who work by shifts, without their breaks."""
        masks = defaultdict(int)
        ids = [row.id for row in resources.values() if row.uses_shifts]
        if not ids:
            return masks
        self.env["auto.service.shift"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT resource_id, start, stop, break_start, break_stop
                  FROM auto_service_shift
                 WHERE resource_id = ANY(%s) AND start < %s AND stop > %s
                """,
                ids,
                grid.at(grid.size),
                grid.first,
            )
        )
        for resource, start, stop, break_start, break_stop in self.env.cr.fetchall():
            mask = grid.inside(start, stop)
            if break_start and break_stop:
                mask &= ~grid.cover(break_start, break_stop)
            masks[resource] |= mask
        return masks

    @api.model
    def _read_leaves(self, resources, grid):
        """Slots in which somebody or everybody is off.

        :return: two dicts of masks: by resource id, and by (company id, calendar id or
            None) for days off of many
        """
        own, closed = defaultdict(int), defaultdict(int)
        self.env["resource.calendar.leaves"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT resource_id, company_id, calendar_id, date_from, date_to
                  FROM resource_calendar_leaves
                 WHERE time_type = 'leave' AND date_from < %s AND date_to > %s
                   AND (resource_id IS NULL OR resource_id = ANY(%s))
                """,
                grid.at(grid.size),
                grid.first,
                list(resources),
            )
        )
        for resource, company, calendar, start, stop in self.env.cr.fetchall():
            if resource:
                own[resource] |= grid.cover(start, stop)
            else:
                closed[company, calendar] |= grid.cover(start, stop)
        return own, closed

    # Questions ------------------------------------------------------------------

    @api.model
    def _get_exact_grid(self, start, stop):
        """Whole days of minutes around a window: days that are asked for again."""
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        return Grid.around(midnight, stop + timedelta(days=1), 1)

    @api.model
    def _get_exact_masks(self, resource_ids, start, stop, company=None):
        """Working minutes of resources, whatever their role; archived ones never work.

        :return: :class:`Grid` of minutes, dict of resource id -> mask
        """
        grid = self._get_exact_grid(start, stop)
        condition = SQL("r.active AND r.id = ANY(%s)", list(resource_ids))
        resources = self._read_resources(condition)
        company = company or self.env.company
        return grid, self._get_work_masks(resources, grid, company)[0]
