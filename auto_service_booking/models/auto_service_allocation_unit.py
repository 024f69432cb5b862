from datetime import timedelta
from itertools import chain

from odoo import models
from odoo.fields import Domain

from .auto_service_allocation_replan import LIVE_STATES

LINKED = timedelta(hours=66)  # a weekend; a longer pause is meant to be one
MINUTE = timedelta(minutes=1)
LEAST_MINUTES = 30  # work that took longer than planned still needs some time


class AutoServiceAllocation(models.Model):
    """What has to be moved together when some of it cannot be kept.

    A unit is the time of one visit from what cannot be kept on: the same work over
    lunch or the night, and the services that follow it. Work that runs beside it stays.
    """

    _inherit = "auto.service.allocation"

    def _get_visit_key(self):
        """What the time is kept for: work order, booking, or an event of its own."""
        self.ensure_one()
        if self.order_id:
            return f"order-{self.order_id.id}"
        if self.booking_id:
            return f"booking-{self.booking_id.id}"
        return f"block-{self.block}"

    def _get_work_key(self):
        """Which work of the visit: job, service, courtesy car or a block."""
        self.ensure_one()
        if self.job_id:
            return f"job-{self.job_id.id}"
        if self.line_id:
            return f"line-{self.line_id.id}"
        if self.role == "courtesy_car":
            return "car"
        return f"block-{self.block}"

    def _get_replan_units(self):
        """Units that have to be moved when these rows cannot be kept.

        :return: list of auto.service.allocation records, one per visit
        """
        domain = Domain("order_id", "in", self.order_id.ids)
        domain |= Domain("booking_id", "in", self.booking_id.ids)
        domain |= Domain("block", "in", list(set(self.mapped("block"))))
        domain &= Domain("state", "in", LIVE_STATES)
        visits = self.search(domain).grouped(lambda row: row._get_visit_key())
        affected = self.grouped(lambda row: row._get_visit_key())
        return [
            visits[key]._get_unit(rows)
            for key, rows in affected.items()
            if key in visits
        ]

    def _get_unit(self, affected):
        """The part of a visit (``self``) that moves with its ``affected`` rows."""
        works = self.grouped(lambda row: row._get_work_key())
        cars = works.pop("car", self.browse())
        hit = {row._get_work_key() for row in affected}
        if hit == {"car"}:
            hit = set(works)
        unit = self.browse()
        for key in hit & set(works):
            first = min((affected & works[key]).mapped("start"), default=False)
            unit |= works[key]._get_chain(first or works[key][0].start)
        followers = chain.from_iterable(
            rows.sorted("start") for key, rows in works.items() if key not in hit
        )
        for row in sorted(followers, key=lambda row: row.start):
            end = max(unit.mapped("stop"), default=row.start)
            touched = unit.filtered(lambda other, row=row: other.stop > row.start)
            if unit and not touched and row.start - end <= LINKED:
                unit |= row._with_block()
        return unit | cars

    def _get_chain(self, first):
        """The blocks of one work from ``first`` on, up to a pause that is meant."""
        rows = self.filtered(lambda row: row.stop > first).sorted("start")
        chained, end = self.browse(), first
        for row in rows:
            if row.start - end > LINKED:
                break
            chained |= row
            end = max(end, row.stop)
        return chained

    # What the unit still needs ---------------------------------------------------

    def _get_replan_lines(self):
        """What the planner has to find for the unit: one line per work, in order.

        :return: list of dict, see ``_find_slots``
        """
        works = self.filtered(lambda row: row.role != "courtesy_car").grouped(
            lambda row: row._get_work_key()
        )
        ordered = sorted(works.items(), key=lambda item: min(item[1].mapped("start")))
        return [rows._get_replan_line(key) for key, rows in ordered]

    def _get_replan_line(self, key):
        """What one work needs: as its service or job says, and as it was planned."""
        roles = set(self.mapped("role"))
        kinds = {
            role: rows.resource_id.sudo().auto_service_kind_id
            for role, rows in self.grouped("role").items()
        }
        none = self.env["auto.service.resource.kind"]
        source = {}
        if self.line_id:
            source = self.line_id[:1]._get_slot_line()
        elif self.job_id:  # who was to do the job was the board's choice
            source = self.job_id[:1]._get_slot_line()
            source["technician_resource_id"] = False
        return {
            "bay_kind_id": kinds.get("bay", none)[:1].id,
            "bay_resource_id": False,
            "technician_resource_id": False,
            "skill_ids": [],
            "skill_level": False,
            "equipment_kind_ids": kinds.get("equipment", none).ids,
            "keeps_bay": any(self.mapped("is_gap")),
            **source,
            "key": key,
            "minutes": self._get_minutes_left(),
            "needs_bay": "bay" in roles,
            "needs_technician": "technician" in roles,
        }

    def _get_minutes_left(self):
        """Minutes that are still to be worked, in steps of the board's grid.

        What was clocked on the job is done; work that took longer than its plan gets
        half an hour, so that somebody looks at it again.
        """
        slot = int(self.company_id[:1].auto_service_slot_minutes or 15)
        planned = self._get_planned_minutes()
        left = planned - self._get_worked_minutes()
        left = max(left, min(planned, LEAST_MINUTES), slot)
        return -int(-left // slot) * slot

    def _get_planned_minutes(self):
        """Minutes of the blocks in which somebody works."""
        blocks = {
            row.block: (row.stop - row.start) / MINUTE for row in self if not row.is_gap
        }
        return sum(blocks.values())

    def _get_worked_minutes(self):
        """Minutes of these blocks that technicians clocked already.

        Only time since the first of the blocks counts: earlier blocks had their own.
        """
        if not self.job_id or self.mapped("replan_reason") == [False]:
            return 0.0
        begun = min(self.mapped("start"))
        now = self._now()
        clocks_sudo = self.job_id.sudo().clocking_ids  # hours, whoever may read them
        return sum(
            ((clock.stop or now) - max(clock.start, begun)) / MINUTE
            for clock in clocks_sudo
            if (clock.stop or now) > begun
        )
