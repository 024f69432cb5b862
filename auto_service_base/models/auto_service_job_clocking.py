from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceJob(models.Model):
    """Start, pause and finish: what technicians do with a job."""

    _inherit = "auto.service.job"

    running_clocking_ids = fields.One2many(
        "auto.service.clocking",
        "job_id",
        domain=[("stop", "=", False)],
        help="Clocks that run now.",
    )
    is_running = fields.Boolean(
        compute="_compute_is_running", help="Somebody is working on the job now."
    )
    is_mine_running = fields.Boolean(
        compute="_compute_is_running", help="Your own clock runs on the job."
    )
    running_names = fields.Char(
        compute="_compute_is_running", help="Who is working on the job now."
    )
    can_be_started = fields.Boolean(
        compute="_compute_can_be", help="The job may be worked on now."
    )
    can_be_finished = fields.Boolean(
        compute="_compute_can_be", help="The job may be finished now."
    )
    hours_clocked = fields.Float(
        compute="_compute_hours_clocked",
        store=True,
        help="Hours that technicians clocked; a running clock is not in it yet.",
    )

    @api.depends("running_clocking_ids.technician_id")
    @api.depends_context("uid")
    def _compute_is_running(self):
        me = self.env.user.employee_ids
        for job in self:
            technicians = job.running_clocking_ids.technician_id
            job.is_running = bool(technicians)
            job.is_mine_running = bool(technicians & me)
            job.running_names = ", ".join(technicians.mapped("name"))

    @api.depends(
        "state",
        "authorisation",
        "order_id.state",
        "company_id.auto_service_require_authorisation",
    )
    def _compute_can_be(self):
        for job in self:
            is_open = job.order_id.state == "open"
            job.can_be_started = (
                is_open
                and job.state in ("todo", "in_progress", "paused")
                and job._is_authorised_to_start()
            )
            job.can_be_finished = is_open and job.state in ("in_progress", "paused")

    @api.depends("clocking_ids.hours")
    def _compute_hours_clocked(self):
        for job in self:
            job.hours_clocked = sum(job.clocking_ids.mapped("hours"))

    def _is_authorised_to_start(self):
        """Whether work may start; a setting of the company asks for the approval."""
        self.ensure_one()
        if self.authorisation in ("declined", "deferred"):
            return False
        return (
            self.authorisation == "approved"
            or not self.company_id.sudo().auto_service_require_authorisation
        )

    def _get_current_technician(self):
        """Employee who taps: the user's own, or the technician of the job.

        :return: hr.employee record
        :raise UserError: when neither is known
        """
        self.ensure_one()
        # Technicians have no rights to employees, their own record is enough.
        user_sudo = self.env.user.sudo().with_company(self.company_id)
        technician = user_sudo.employee_id.sudo(False)
        if not technician and self.env.user.has_group(
            "auto_service_base.group_advisor"
        ):
            technician = self.technician_id
        if not technician:
            raise UserError(
                self.env._(
                    "%(user)s is not linked to an employee, so nobody's time could be "
                    "clocked on “%(job)s”. Ask a manager to link user and employee, or "
                    "choose a technician for the job.",
                    user=self.env.user.name,
                    job=self.name,
                )
            )
        return technician

    def _ensure_can_be_started(self):
        for job in self:
            if job.can_be_started:
                continue
            if not job._is_authorised_to_start():
                raise UserError(
                    self.env._(
                        "“%(job)s” is not approved by the customer yet. Ask the "
                        "advisor.",
                        job=job.name,
                    )
                )
            raise UserError(
                self.env._(
                    "“%(job)s” is finished or its work order is closed; ask the "
                    "advisor to reopen it.",
                    job=job.name,
                )
            )

    def action_start(self):
        """Start the clock of the current technician; a clock elsewhere is stopped.

        Guarded by the unique index of auto.service.clocking: of two taps at once, one
        is told to reload.
        """
        self.ensure_one()
        self.check_access("write")  # technicians, not everybody who reads
        self._ensure_can_be_started()
        technician = self._get_current_technician()
        if technician in self.running_clocking_ids.technician_id:
            return
        # Two taps at once: the second one starts again and switches, as any other.
        self.env["auto.service.entry.guard"].sudo()._enter(f"clock {technician.id}")
        self._stop_other_clocks(technician)
        job_sudo = self.sudo()  # technicians may not write state and clockings
        job_sudo.env["auto.service.clocking"].create(
            job_sudo._prepare_clocking_values(technician)
        )
        job_sudo.env["auto.service.clocking"].flush_model()
        job_sudo.write(
            {
                "state": "in_progress",
                "technician_id": (self.technician_id or technician).id,
            }
        )
        job_sudo.order_id._advance_to("in_repair")

    def _prepare_clocking_values(self, technician):
        """Values of the clocking that ``action_start`` opens."""
        self.ensure_one()
        return {"job_id": self.id, "technician_id": technician.id}

    def _stop_other_clocks(self, technician):
        """Stop the clock that runs elsewhere: one tap switches jobs."""
        running_sudo = (
            self.env["auto.service.clocking"]
            .sudo()
            .search([("technician_id", "=", technician.id), ("stop", "=", False)])
        )
        running_sudo._stop()
        running_sudo.job_id._pause_if_idle()

    def _pause_if_idle(self):
        """Jobs in progress on which no clock runs any more become paused."""
        self.invalidate_recordset(["running_clocking_ids"])
        self.filtered(
            lambda job: job.state == "in_progress" and not job.running_clocking_ids
        ).write({"state": "paused"})

    def action_pause(self):
        """Stop the clock of the current technician; the job waits."""
        self.ensure_one()
        self.check_access("write")  # technicians, not everybody who reads
        technician = self._get_current_technician()
        job_sudo = self.sudo()  # technicians may not write state and clockings
        job_sudo.running_clocking_ids.filtered(
            lambda clocking: clocking.technician_id == technician
        )._stop()
        job_sudo._pause_if_idle()

    def action_finish(self):
        """Stop every clock on the job and bill its labour: the job is done."""
        for job in self:
            job.check_access("write")  # technicians, not everybody who reads
            if not job.can_be_finished:
                raise UserError(
                    self.env._(
                        "“%(job)s” was not started, or is finished already.",
                        job=job.name,
                    )
                )
        self.sudo()._finish()  # technicians may not write state, lines and stage

    def _finish(self):
        """Finish the jobs: clocks, state, delivered labour, stage of the order."""
        self.running_clocking_ids._stop()
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        self._deliver_labour()
        for job in self.filtered("company_id.auto_service_issue_parts_on_done"):
            job._issue_parts_when_done()
        for order in self.order_id:
            if order._are_jobs_done():
                order._advance_to("quality_control")

    def action_reopen(self):
        """Take a finished or cancelled job up again; what is invoiced stays so."""
        self._ensure_advisor()
        for job in self.filtered(lambda job: job.state in ("done", "cancelled")):
            job.order_id._ensure_open()
            job.sudo()._reopen()  # nobody writes the state by hand

    def _reopen(self):
        """Take the job up again: its labour is to be done, its offer to be asked."""
        self.ensure_one()
        self._undeliver_labour()
        self.order_id._return_to_repair()
        values = {"state": "paused" if self.clocking_ids else "todo", "done_at": False}
        if self.authorisation in ("declined", "deferred"):
            values["authorisation"] = "draft"
        self.write(values)
        self._ensure_sections()
        self.order_id._sync_labour()

    def action_cancel(self):
        """Cancel jobs that will not be done; approved lines stay to be settled."""
        self._ensure_advisor()
        for job in self:
            if job.is_running:
                raise UserError(
                    self.env._(
                        "%(names)s works on “%(job)s” now; stop the clock first.",
                        names=job.running_names,
                        job=job.name,
                    )
                )
        self.sudo().write({"state": "cancelled"})  # nobody writes the state by hand
        self.order_id._sync_labour()
