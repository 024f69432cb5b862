from contextlib import contextmanager

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, mute_logger

from ..tools.shift_rule import rule_days, shift_times
from .auto_service_allocation_guard import CONFLICT

LOCK_CLASS = 0x4154  # beside the locks of the board
MAX_DAYS = 400


class AutoServiceShift(models.Model):
    """Filling the grid: by clicking, and by a rule."""

    _inherit = "auto.service.shift"

    @api.model
    def paint(self, cells, params=None, switch=False):
        """Enter or erase shifts, one call for all that was clicked or dragged over.

        :param list cells: (resource id, date as text, template id or False to erase)
        :param dict params: what the grid shows, see ``get_grid``
        :param bool switch: people who work by weekly hours work by shifts from now on
        :return: the grid again when ``params`` is given
        """
        wanted = {
            (resource_id, fields.Date.to_date(day)): template_id
            for resource_id, day, template_id in cells
        }
        resources = self._get_rows({resource_id for resource_id, _day in wanted})
        if any(wanted.values()):
            self._ensure_shifts(resources, switch)
        self._replace(resources, wanted)
        return self.get_grid(params) if params else None

    @api.model
    def fill_rule(self, rule, params=None):
        """Enter shifts by a rule that goes round: “two on, two off” until a date.

        :param dict rule: ``resource_ids``; ``steps``: list of {"template_id" (False on
            days off), "days"}; ``first`` and ``last``: dates as text; ``overwrite``:
            replace what is entered there; ``stagger``: days by which everyone begins
            later than the one before
        :param dict params: what the grid shows, see ``get_grid``
        :return: {"created": number of shifts, "kept": days left as they were,
            "grid": the grid when ``params`` is given}
        """
        first, last, steps = self._read_rule(rule)
        resources = self._get_rows(set(rule["resource_ids"]))
        self._ensure_shifts(resources, switch=True)
        wanted = {}
        for index, resource_id in enumerate(rule["resource_ids"]):
            offset = index * int(rule.get("stagger") or 0)
            for day, template_id in rule_days(first, last, steps, offset):
                wanted[resource_id, day] = template_id
        kept = 0 if rule.get("overwrite") else self._drop_entered(resources, wanted)
        created = self._replace(resources, wanted)
        grid = self.get_grid(params) if params else None
        return {"created": created, "kept": kept, "grid": grid}

    @api.model
    def _read_rule(self, rule):
        """Dates and steps of a rule that somebody typed.

        :return: (first date, last date, list of (template id, days))
        """
        first = fields.Date.to_date(rule.get("first"))
        last = fields.Date.to_date(rule.get("last"))
        steps = [
            (step.get("template_id") or False, max(int(step.get("days") or 0), 0))
            for step in rule.get("steps") or []
        ]
        if not first or not last or last < first:
            raise UserError(self.env._("The rule ends before it begins."))
        if (last - first).days >= MAX_DAYS:
            raise UserError(
                self.env._("A rule fills %(days)s days at most.", days=MAX_DAYS)
            )
        if not any(template_id and days for template_id, days in steps):
            raise UserError(self.env._("Say which shift is worked, and how many days."))
        if not rule.get("resource_ids"):
            raise UserError(self.env._("Choose who works by the rule."))
        return first, last, steps

    @api.model
    def _get_rows(self, resource_ids):
        """Resources of the garage that the user may plan.

        :raise AccessError: the user may not enter shifts
        """
        self.browse().check_access("create")
        domain = [("id", "in", list(resource_ids)), ("auto_service_role", "!=", False)]
        resources = self.env["resource.resource"].search(domain)
        if len(resources) != len(resource_ids):
            raise UserError(
                self.env._("Somebody is not on the board any more. Reload the page.")
            )
        return resources

    @api.model
    def _ensure_shifts(self, resources, switch):
        """Shifts count only for those who work by them.

        :param bool switch: let them work by shifts; the garage's manager may
        """
        weekly = resources.filtered(lambda row: not row.auto_service_uses_shifts)
        if not weekly:
            return
        if not switch or not self.env["auto.service.technician"].has_access("write"):
            raise UserError(
                self.env._(
                    "%(names)s: the weekly hours count. A manager can switch to "
                    "shifts.",
                    names=", ".join(weekly.mapped("name")),
                )
            )
        weekly.sudo().auto_service_uses_shifts = True  # managers only read resources

    @api.model
    def _drop_entered(self, resources, wanted):
        """Leave days with a shift as they are.

        :param dict wanted: changed in place
        :return: number of days with another shift than the wanted one
        """
        kept = 0
        for shift in self._search_days(resources, wanted):
            key = (shift.resource_id.id, shift.date)
            if key in wanted:
                kept += wanted.pop(key) != shift.template_id.id
        return kept

    @api.model
    def _search_days(self, resources, wanted):
        days = [day for _resource_id, day in wanted]
        if not days:
            return self.browse()
        domain = [
            ("resource_id", "in", resources.ids),
            ("date", ">=", min(days)),
            ("date", "<=", max(days)),
        ]
        return self.search(domain)

    @api.model
    def _replace(self, resources, wanted):
        """What begins on those days goes, what is wanted comes; all or nothing.

        :param dict wanted: template id or False by (resource id, date)
        :return: number of shifts entered
        """
        later = self.with_context(auto_service_hours_later=True)
        with self._guarded(resources):
            old = later._search_days(resources, wanted)
            old = old.filtered(lambda row: (row.resource_id.id, row.date) in wanted)
            spans = old._get_spans()
            old.unlink()
            new = later.create(self._prepare_shifts(wanted))
            new.flush_recordset()
        self._flag_changed(spans + new._get_spans())
        return len(new)

    @api.model
    def _prepare_shifts(self, wanted):
        """Values of the shifts in ``wanted``, see ``_replace``."""
        templates = self.env["auto.service.shift.template"].browse(
            {template_id for template_id in wanted.values() if template_id}
        )
        hours = {template.id: template._get_shift_hours() for template in templates}
        resources = self.env["resource.resource"].browse({key[0] for key in wanted})
        by_id = {resource.id: resource for resource in resources}
        return [
            self._prepare_shift(by_id[resource_id], day, template_id, hours)
            for (resource_id, day), template_id in wanted.items()
            if template_id
        ]

    @api.model
    def _prepare_shift(self, resource, day, template_id, hours):
        start, stop, first, last = shift_times(
            day, hours[template_id], resource.tz or "UTC"
        )
        return {
            "resource_id": resource.id,
            "date": day,
            "template_id": template_id,
            "company_id": resource.company_id.id or self.env.company.id,
            "start": start,
            "stop": stop,
            "break_start": first,
            "break_stop": last,
        }

    # Guard ----------------------------------------------------------------------

    @contextmanager
    def _guarded(self, resources):
        """One after the other for the same people; an overlap is one clear sentence."""
        keys = [LOCK_CLASS << 48 | number for number in sorted(resources.ids)]
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) AS k", keys)
        )
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                yield
        except psycopg2.errors.ExclusionViolation as error:
            raise ValidationError(self._get_overlap_message(error)) from error

    @api.model
    def _get_overlap_message(self, error):
        """Who has which shift already."""
        found = CONFLICT.findall(error.diag.message_detail or "")
        if not found:
            return self.env._("A shift is entered for that time already.")
        resource_id, *moments = found[-1]  # the last key named is the one that is there
        resource = self.env["resource.resource"].browse(int(resource_id))
        board = self.env["auto.service.allocation"]
        times = [
            board._format_time(fields.Datetime.to_datetime(text[:19]), resource.tz)
            for text in moments
        ]
        return self.env._(
            "%(name)s has a shift from %(start)s to %(stop)s already, and the new one "
            "would overlap it. Leave a day between them or erase that shift.",
            name=resource.name,
            start=times[0],
            stop=times[1],
        )
