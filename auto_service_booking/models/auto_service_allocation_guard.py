import re
from contextlib import contextmanager

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_datetime, mute_logger

LOCK_CLASS = 0x4153  # "AS": our part of the space of advisory locks
#: Locks are few (64 for each connection). Time longer than that is guarded by the
#: constraint alone after so many days.
LOCK_DAYS = 40
#: The values of a key in the server's message, whatever its language; the last are
#: those of the row that is there.
CONFLICT = re.compile(r"=\((\d+), \[\"?([^\",]+)\"?,\"?([^\")]+)\"?\)\)")


class AutoServiceAllocation(models.Model):
    """The guard: no resource is given twice, however many people click at once.

    The exclusion constraint decides. In front of it stands an advisory lock per
    resource and day, taken in one order, so that inserts into the GiST index do not
    wait for each other crosswise (they would deadlock for seconds).
    """

    _inherit = "auto.service.allocation"

    def _auto_init(self):
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super()._auto_init()

    def init(self):
        """Installation and upgrade stop here when the constraint could not be made."""
        result = super().init()
        self._check_guard()
        return result

    @api.model
    def _check_guard(self):
        """The addon does not run without its constraint.

        :raise UserError: the database has no exclusion constraint; rows that overlap
            are named, they are what keeps it from being made
        """
        self.env.cr.execute(
            "SELECT 1 FROM pg_constraint WHERE contype = 'x'"
            " AND conrelid = 'auto_service_allocation'::regclass"
        )
        if self.env.cr.fetchone():
            return
        raise UserError(
            self.env._(
                "The database does not guard the board against double bookings. "
                "%(why)s",
                why=self._get_guard_problem(),
            )
        )

    @api.model
    def _get_guard_problem(self):
        """Why the constraint could not be made, in one sentence."""
        self.env.cr.execute(
            """
            SELECT a.id, b.id
              FROM auto_service_allocation a
              JOIN auto_service_allocation b
                ON b.resource_id = a.resource_id AND b.id > a.id
               AND a.start < b.stop AND b.start < a.stop
               AND a.state <> 'cancelled' AND b.state <> 'cancelled'
             LIMIT 10
            """
        )
        pairs = self.env.cr.fetchall()
        if not pairs:
            return self.env._(
                "Let the database's administrator run CREATE EXTENSION btree_gist, "
                "then upgrade this app again."
            )
        return self.env._(
            "These overlap, cancel one of each pair and upgrade again: %(pairs)s",
            pairs=", ".join(f"{first}/{second}" for first, second in pairs),
        )

    # Spans: (resource id, start, stop) ------------------------------------------

    def _get_spans(self):
        """What the rows keep now.

        :return: list of (resource id, start, stop) of the live rows
        """
        return [
            (row.resource_id.id, row.start, row.stop)
            for row in self
            if row.state != "cancelled"
        ]

    @api.model
    def _get_new_spans(self, vals_list):
        return [
            (
                vals["resource_id"],
                fields.Datetime.to_datetime(vals["start"]),
                fields.Datetime.to_datetime(vals["stop"]),
            )
            for vals in vals_list
            if vals.get("start") and vals.get("stop") and vals.get("resource_id")
            if vals.get("state") != "cancelled"
        ]

    def _get_changed_spans(self, vals):
        """What the rows keep after ``vals``; other rows of a block only take times."""
        start = fields.Datetime.to_datetime(vals.get("start"))
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        if vals.get("state") == "cancelled":
            return []
        return [
            (
                vals.get("resource_id") or row.resource_id.id,
                start or row.start,
                stop or row.stop,
            )
            for row in self
        ]

    @api.model
    def _check_branch(self, pairs):
        """A branch plans with its own resources and with those of all branches.

        :param pairs: (resource id, company id)
        :raise ValidationError: a resource belongs to another branch; it is not named
        """
        pairs = {pair for pair in pairs if pair[0]}
        # sudo: advisors may not read the resources of other branches
        resources_sudo = self.env["resource.resource"].sudo()
        resources_sudo = resources_sudo.browse({pair[0] for pair in pairs})
        branches = {res.id: res.company_id.id for res in resources_sudo}
        if any(branches[key] not in (False, company) for key, company in pairs):
            raise ValidationError(
                self.env._("That bay or technician belongs to another branch.")
            )

    @api.model
    def _check_branch_of_work(self, vals, company_ids):
        """Time of one branch is not kept for the work of another one.

        :param dict vals: values that are about to be written
        :param set company_ids: branches of the rows
        :raise ValidationError: a booking or a work order belongs to another branch
        """
        for name in ("booking_id", "order_id", "job_id"):
            if not vals.get(name):
                continue
            # sudo: advisors may not read what other branches do
            work_sudo = self.env[self._fields[name].comodel_name].sudo()
            branch = work_sudo.browse(vals[name]).company_id
            if branch and company_ids - set(branch.ids):
                raise ValidationError(
                    self.env._("That work belongs to another branch.")
                )

    # The guard ------------------------------------------------------------------

    @contextmanager
    def _guarded_write(self, spans):
        """Write ``spans`` under the lock; a conflict becomes one clear sentence.

        :param list spans: (resource id, start, stop) that are about to be written
        :raise ValidationError: somebody else has the resource at that time
        """
        try:
            with self.env.cr.savepoint():
                # Inside, so that who loses gives the lock back at once.
                self._lock_spans(spans + self._get_spans())
                with mute_logger("odoo.sql_db"):
                    yield
        except psycopg2.errors.ExclusionViolation as error:
            raise ValidationError(self._get_conflict_message(error, spans)) from error

    @api.model
    def _get_lock_keys(self, spans):
        """Numbers of the locks of ``spans``: one per resource and day, in order."""
        keys = set()
        for resource, start, stop in spans:
            first = start.toordinal()
            last = min(stop.toordinal(), first + LOCK_DAYS)
            keys.update(
                LOCK_CLASS << 48 | (resource & 0xFFFFFFF) << 20 | day & 0xFFFFF
                for day in range(first, last + 1)
            )
        return sorted(keys)

    @api.model
    def _lock_spans(self, spans):
        """Wait for whoever books the same resources on the same days."""
        keys = self._get_lock_keys(spans)
        if keys:
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) AS k",
                    keys,
                )
            )

    @api.model
    def _get_conflict_message(self, error, spans):
        """One sentence: what is taken by whom, and when it is free next."""
        details = CONFLICT.findall(error.diag.message_detail or "")
        if not details:
            return self.env._(
                "The bay or technician is taken at that time already. Choose another "
                "time."
            )
        resource_id, start, stop = details[-1]
        resource = self.env["resource.resource"].browse(int(resource_id)).sudo()
        start = fields.Datetime.to_datetime(start.split(".")[0])
        stop = fields.Datetime.to_datetime(stop.split(".")[0])
        tz = self._get_board_tz(self.company_id or resource.company_id)
        return self.env._(
            "%(name)s is taken from %(start)s to %(stop)s%(who)s. %(free)s",
            name=resource.name,
            start=self._format_time(start, tz),
            stop=self._format_time(stop, tz),
            who=self._get_holder_label(resource, start),
            free=self._get_next_free_sentence(resource, spans, tz),
        )

    @api.model
    def _get_holder_label(self, resource, start):
        """By whom the resource is taken at ``start``: " by B00012 · 123 ABC".

        The row may be newer than what this transaction sees, hence the second look
        with a cursor of its own.
        """
        domain = [
            ("resource_id", "=", resource.id),
            ("state", "!=", "cancelled"),
            ("start", "<=", start),
            ("stop", ">", start),
            # another branch's business is not told
            ("company_id", "in", self.env.companies.ids),
        ]
        label = self.sudo().search(domain, limit=1)._get_holder_name()
        if not label:
            with self.env.registry.cursor() as cr:
                other = self.with_env(self.env(cr=cr)).sudo()
                label = other.search(domain, limit=1)._get_holder_name()
        return self.env._(" by %(who)s", who=label) if label else ""

    def _get_holder_name(self):
        """Number and plate of what the time is kept for; empty without a row."""
        if not self:
            return ""
        source = self.booking_id or self.order_id
        parts = (self.name, source.name, source.license_plate)
        return " · ".join(part for part in parts if part)

    @api.model
    def _get_next_free_sentence(self, resource, spans, tz):
        """When the resource is free next for as long as it was asked for."""
        asked = [span for span in spans if span[0] == resource.id]
        if not asked:
            return self.env._("Choose another time.")
        _resource, start, stop = asked[0]
        with self.env.registry.cursor() as cr:  # it sees what others have committed
            company = {"allowed_company_ids": self.env.company.ids}
            env = self.env(cr=cr, user=SUPERUSER_ID, context=company)
            planner = env["auto.service.planner"]
            free = planner._get_next_free(resource.id, start, stop - start)
        if not free:
            return self.env._("Choose another time.")
        return self.env._(
            "It is free next at %(time)s.", time=self._format_time(free, tz)
        )

    @api.model
    def _get_board_tz(self, company=None):
        """Name of the zone in which times of the board are written.

        :param company: res.company; that of the rows, or else the current one
        """
        company = (company or self.company_id)[:1] or self.env.company
        calendar_sudo = company.sudo()._get_opening_calendar()  # its zone only
        return calendar_sudo.tz or self.env.user.tz or "UTC"

    @api.model
    def _format_time(self, moment, tz):
        """``moment`` (naive UTC) as a person of the garage reads it."""
        return format_datetime(self.env, moment, tz=tz, dt_format="EEE d MMM HH:mm")
