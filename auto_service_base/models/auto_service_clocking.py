from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceClocking(models.Model):
    _name = "auto.service.clocking"
    _description = "Clocked Time of a Technician"
    _order = "start desc, id desc"
    _check_company_auto = True

    job_id = fields.Many2one(
        "auto.service.job",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Job on which the time was spent.",
    )
    order_id = fields.Many2one(
        related="job_id.order_id",
        store=True,
        index=True,
        help="Work order of the job.",
    )
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, index=True, help="Company of the job."
    )
    technician_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who did the work.",
    )
    start = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When the technician started.",
    )
    stop = fields.Datetime(
        help="When the technician stopped; empty while the clock runs."
    )
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        aggregator="sum",
        help="Clocked hours; zero while the clock still runs.",
    )
    note = fields.Char(help="Why the time was corrected, or what held the work up.")

    _stop_after_start = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)",
        "A clocking cannot stop before it starts. Correct one of the two times.",
    )
    # Invariant 3: two taps on two tablets at once cannot open two clocks.
    _one_open = models.UniqueIndex(
        "(technician_id) WHERE stop IS NULL",
        "This technician already has a running clock. Reload the page: it shows which.",
    )

    @api.depends("start", "stop")
    def _compute_hours(self):
        for clocking in self:
            seconds = (
                (clocking.stop - clocking.start).total_seconds()
                if clocking.start and clocking.stop
                else 0.0
            )
            clocking.hours = seconds / 3600.0

    @api.depends("technician_id", "job_id")
    def _compute_display_name(self):
        for clocking in self:
            clocking.display_name = self.env._(
                "%(technician)s on %(job)s",
                technician=clocking.technician_id.name or "",
                job=clocking.job_id.name or "",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Clocked time is never deleted. Correct its start and stop instead, "
                "with a note that says why."
            )
        )

    def _stop(self, at=None):
        """Stop the running clocks of ``self``.

        :param datetime at: moment in UTC, now when omitted
        """
        running = self.filtered(lambda clocking: not clocking.stop)
        running.write({"stop": at or fields.Datetime.now()})
        # The index must see it before the next clock is opened.
        running.flush_recordset(["stop"])
