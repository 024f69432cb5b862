from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

MAX_GRID_DAYS = 62


class AutoServiceShift(models.Model):
    """The grid of shifts: who works when, a week or a month at a time."""

    _inherit = "auto.service.shift"

    @api.model
    def get_grid(self, params):
        """Everything that the grid shows, in a fixed number of queries.

        :param dict params: ``first`` (date as text), ``days`` (how many), ``role``
            ("technician", "bay" …), ``everybody`` (also who works by weekly hours)
        :return: dict with ``templates``, ``rows`` and the rights of the user; times are
            local ones of the row, as text
        """
        self.browse().check_access("read")
        first = fields.Date.to_date(params["first"])
        last = first + timedelta(days=min(int(params["days"]), MAX_GRID_DAYS) - 1)
        role = params.get("role") or "technician"
        shifts = self._search_grid_shifts(role, first, last)
        resources = self._get_grid_resources(role, shifts, params.get("everybody"))
        leaves = self._get_grid_leaves(resources, first, last)
        weekly = self._get_weekly_hours(resources, first, last)
        cells = shifts.grouped("resource_id")
        return {
            "templates": self._get_grid_templates(),
            "can_edit": self.has_access("create"),
            "can_switch": self.env["auto.service.technician"].has_access("write"),
            "rows": [
                self._prepare_grid_row(
                    resource,
                    cells.get(resource, self.browse()),
                    leaves[resource.id],
                    weekly.get(resource.id, {}),
                )
                for resource in resources
            ],
        }

    @api.model
    def _search_grid_shifts(self, role, first, last):
        domain = [
            ("date", ">=", first),
            ("date", "<=", last),
            ("resource_id.auto_service_role", "=", role),
            ("company_id", "in", self.env.companies.ids),
        ]
        return self.search(domain, order="date, start")

    @api.model
    def _get_grid_resources(self, role, shifts, everybody):
        """Rows of the grid in the order of the board."""
        domain = Domain("auto_service_role", "=", role)
        if not everybody:
            domain &= Domain("auto_service_uses_shifts", "=", True) | Domain(
                "id", "in", shifts.resource_id.ids
            )
        return self.env["resource.resource"].search(
            domain, order="auto_service_sequence, name, id"
        )

    @api.model
    def _get_grid_templates(self):
        """Kinds of shift that can be clicked into the grid."""
        domain = [("company_id", "in", [False, *self.env.companies.ids])]
        return [
            {
                "id": template.id,
                "name": template.name,
                "code": template.code or template.name[:1],
                "color": template.color,
                "hour_from": template.hour_from,
                "hour_to": template.hour_to,
                "hours": template.hours,
            }
            for template in self.env["auto.service.shift.template"].search(domain)
        ]

    def _prepare_grid_row(self, resource, shifts, leaves, weekly):
        """One person or bay; ``shifts`` are his."""
        cells = defaultdict(list)
        for shift in shifts:
            day = fields.Date.to_string(shift.date)
            cells[day].append(shift._prepare_grid_cell(resource.tz))
        return {
            "id": resource.id,
            "name": resource.name,
            "uses_shifts": resource.auto_service_uses_shifts,
            "cells": cells,
            "leaves": leaves,
            "weekly": weekly,
            "hours": sum(shifts.mapped("hours")) or sum(weekly.values()),
        }

    def _prepare_grid_cell(self, tz):
        self.ensure_one()
        return {
            "id": self.id,
            "template_id": self.template_id.id,
            "code": self.template_id.code or "·",
            "name": self.template_id.name or "",
            "color": self.template_id.color,
            "start": self._get_local(self.start, tz).strftime("%H:%M"),
            "stop": self._get_local(self.stop, tz).strftime("%H:%M"),
            "hours": self.hours,
        }

    @api.model
    def _get_local(self, moment, tz):
        """Naive UTC ``moment`` by the clock on the wall."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(tz or "UTC"))

    @api.model
    def _get_window(self, first, last):
        """The days of the grid with a day more on each side: zones differ.

        :return: (start, stop), naive UTC
        """
        start = datetime.combine(first - timedelta(days=1), time.min)
        return start, datetime.combine(last + timedelta(days=2), time.min)

    @api.model
    def _get_grid_leaves(self, resources, first, last):
        """Time off that the user may see, by day.

        :return: dict of resource id -> {date as text: reason}
        """
        start, stop = self._get_window(first, last)
        domain = [
            ("resource_id", "in", [False, *resources.ids]),
            ("time_type", "=", "leave"),
            ("date_from", "<", stop),
            ("date_to", ">", start),
        ]
        result = defaultdict(dict)
        for leave in self.env["resource.calendar.leaves"].search(domain):
            for resource in leave.resource_id or resources:
                if leave.resource_id or leave._is_closing(resource):
                    days = self._get_local_days(leave, resource.tz, first, last)
                    result[resource.id].update(dict.fromkeys(days, leave.name or ""))
        return result

    @api.model
    def _get_local_days(self, leave, tz, first, last):
        """Days of the grid that a leave touches, as text."""
        begin = self._get_local(leave.date_from, tz).date()
        end = self._get_local(leave.date_to - timedelta(seconds=1), tz).date()
        begin, end = max(begin, first), min(end, last)
        return [
            fields.Date.to_string(begin + timedelta(days=index))
            for index in range((end - begin).days + 1)
        ]

    @api.model
    def _get_weekly_hours(self, resources, first, last):
        """Hours of those who work by weekly hours.

        :return: dict of resource id -> {date as text: hours}
        """
        weekly = resources.filtered(lambda row: not row.auto_service_uses_shifts)
        if not weekly:
            return {}
        start, stop = self._get_window(first, last)
        work = self.env["auto.service.planner"]._get_work(weekly.ids, start, stop)
        result = {}
        for resource in weekly:
            hours = defaultdict(float)
            for begin, end in work.get(resource.id, []):
                day = self._get_local(begin, resource.tz).date()
                if first <= day <= last:
                    seconds = (end - begin).total_seconds()
                    hours[fields.Date.to_string(day)] += seconds / 3600
            result[resource.id] = hours
        return result
