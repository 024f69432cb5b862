from odoo import api, fields, models
from odoo.tools import float_compare

from .auto_service_booking_line import LEVELS

LIVE = ("held", "planned", "started")


class AutoServiceJob(models.Model):
    """The job on the board: its time, and what the board learns from the clock."""

    _inherit = "auto.service.job"

    allocation_ids = fields.One2many(
        "auto.service.allocation",
        "job_id",
        domain=[("state", "!=", "cancelled")],
        help="Time kept for the job.",
    )
    booking_line_ids = fields.One2many(
        "auto.service.booking.line", "job_id", help="Booked service that it was."
    )
    planned_start = fields.Datetime(
        compute="_compute_planned",
        store=True,
        help="First time on the board that is kept for the job.",
    )
    planned_stop = fields.Datetime(
        compute="_compute_planned", store=True, help="End of the time kept for it."
    )
    hours_planned = fields.Float(
        compute="_compute_planned",
        store=True,
        help="Hours kept on the board, pauses not counted, in hours.",
    )
    planned_place = fields.Char(
        compute="_compute_planned_place", help="Bay that is kept for the job."
    )
    needs_time = fields.Boolean(
        compute="_compute_needs_time",
        search="_search_needs_time",
        help="The job is to be done and has no time on the board.",
    )

    @api.depends(
        "allocation_ids.start",
        "allocation_ids.stop",
        "allocation_ids.state",
        "allocation_ids.is_gap",
    )
    def _compute_planned(self):
        for job in self:
            rows = job.allocation_ids.filtered(lambda row: row.state != "cancelled")
            blocks = rows.filtered(lambda row: not row.is_gap).grouped("block")
            job.planned_start = min(rows.mapped("start"), default=False)
            job.planned_stop = max(rows.mapped("stop"), default=False)
            job.hours_planned = sum(block[:1].hours for block in blocks.values())

    @api.depends("allocation_ids.resource_id", "allocation_ids.role")
    def _compute_planned_place(self):
        for job in self:
            rows = job.allocation_ids.filtered(lambda row: row.role == "bay")
            # Names of bays are no secret; technicians have no right on resources.
            job.planned_place = ", ".join(rows.sudo().resource_id.mapped("name"))

    @api.depends("state", "authorisation", "planned_start")
    def _compute_needs_time(self):
        for job in self:
            job.needs_time = (
                job.state in ("todo", "in_progress", "paused")
                and job.authorisation not in ("declined", "deferred")
                and not job.planned_start
            )

    @api.model
    def _search_needs_time(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            [
                ("state", "in", ("todo", "in_progress", "paused")),
                ("authorisation", "not in", ("declined", "deferred")),
                ("planned_start", "=", False),
            ]
        )
        return domain if True in value else ~domain

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "planned_start",
            "planned_stop",
            "hours_planned",
        }

    # What the planner is asked ----------------------------------------------------

    def _get_slot_line(self):
        """What the job needs, for ``auto.service.planner._find_slots``."""
        self.ensure_one()
        operations = self._get_operations()
        kind = self.env["auto.service.booking.type"]._get_usual()
        levels = operations.mapped("skill_level")
        bookings = self.env["auto.service.booking"].new({"company_id": self.company_id})
        needs_bay = any(operations.mapped("needs_bay")) if operations else True
        return {
            "key": self.id,
            "minutes": bookings._round_up(self._get_hours_to_plan() * 60),
            "needs_bay": needs_bay,
            "bay_kind_id": (operations.bay_kind_id[:1] or kind.bay_kind_id).id,
            "bay_resource_id": False,
            "needs_technician": True,
            "technician_resource_id": self._get_plannable_technician().id,
            "skill_ids": operations.skill_ids.ids,
            "skill_level": max(levels, key=LEVELS.index) if levels else False,
            "equipment_kind_ids": operations.equipment_kind_ids.ids,
            "keeps_bay": any(operations.mapped("keeps_bay")),
        }

    def _get_operations(self):
        """Operations on the estimates of the job.

        :return: auto.service.operation records
        """
        # Technicians see the plan and no estimates.
        lines = self.sudo().line_ids.filtered(lambda line: line.state != "cancel")
        return lines.operation_id

    def _get_hours_to_plan(self):
        """Hours that are still to be worked: what was offered less what was clocked.

        :return: hours, the usual duration where nothing was offered
        """
        self.ensure_one()
        kind = self.env["auto.service.booking.type"]._get_usual()
        operations = self._get_operations()
        own = sum(operations.mapped("booking_hours"))
        if not own or len(operations.filtered("booking_hours")) < len(operations):
            own = 0.0
        hours = own or self.hours_authorised or self.hours_judged or self.hours_book
        hours = (hours or kind.default_hours or 1.0) - self.hours_clocked
        return hours if float_compare(hours, 0.25, precision_digits=2) > 0 else 0.25

    def _get_plannable_technician(self):
        """Resource of the technician of the job, if the board plans him.

        :return: resource.resource record, may be empty
        """
        resource = self.technician_id.sudo().resource_id
        return resource.filtered(lambda rec: rec.auto_service_role == "technician")

    # What the board learns from the clock -----------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            self.sudo()._follow_on_board(vals["state"])  # technicians only read it
        return res

    def _follow_on_board(self, state):
        """The time on the board and the booking follow the state of the jobs."""
        rows = self.env["auto.service.allocation"].search(
            [("job_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        if state == "in_progress":
            rows._resume_work()
            rows._start_work()
        elif state in ("done", "cancelled"):
            rows._finish_work()
        elif state in ("todo", "paused"):
            rows._resume_work()
        self.booking_line_ids.booking_id._follow_jobs()

    def _take_planned_technician(self):
        """Jobs without a technician are given to whom the board has planned."""
        for job in self.filtered(lambda job: not job.technician_id):
            rows = job.allocation_ids.filtered(lambda row: row.role == "technician")
            if rows:
                job.technician_id = rows[:1]._get_employee()
