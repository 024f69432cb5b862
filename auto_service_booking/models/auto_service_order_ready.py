from odoo import api, fields, models
from odoo.exceptions import UserError

UNFINISHED = ("todo", "in_progress", "paused")
PUT_OFF = ("declined", "deferred")


class AutoServiceOrder(models.Model):
    """The earliest honest time at which the vehicle is ready."""

    _inherit = "auto.service.order"

    ready_at = fields.Datetime(
        string="Can be ready",
        compute="_compute_ready",
        help="When all work can be done at the earliest, as the board stands now. "
        "Empty as long as something is open that nobody can know the end of.",
    )
    ready_if_at = fields.Datetime(
        string="Can be ready if nothing waits",
        compute="_compute_ready",
        help="The same, if everything that is open were settled now.",
    )
    ready_waits = fields.Text(
        string="Waits for",
        compute="_compute_ready",
        help="What has to be settled before the vehicle can be ready.",
    )

    @api.depends(
        "state",
        "job_ids.state",
        "job_ids.authorisation",
        "job_ids.planned_start",
        "job_ids.planned_stop",
    )
    def _compute_ready(self):
        planned = self.company_id.filtered(lambda company: company._has_board())
        for order in self:
            if order.company_id not in planned:
                order.update({"ready_at": False, "ready_if_at": False})
                order.ready_waits = False
                continue
            found = order._get_ready_time()
            order.ready_at = found["ready_at"]
            order.ready_if_at = found["ready_if_at"]
            order.ready_waits = "\n".join(found["waits"])

    def _get_ready_time(self):
        """When all jobs can be done at the earliest.

        Time that the board keeps for a job counts if it is still to come; the other
        jobs follow in the first free time. Work never starts before what is waited for.

        :return: dict: ``ready_at`` (naive UTC, or False when nobody can know),
            ``ready_if_at`` (if all that has no date were settled now), ``waits``:
            sentences
        """
        self.ensure_one()
        jobs = self._get_jobs_ahead()
        if not jobs:
            return {"ready_at": False, "ready_if_at": False, "waits": []}
        blockers = self._get_ready_blockers()
        now = fields.Datetime.now()
        earliest = max([now, *(moment for _sentence, moment in blockers if moment)])
        stop, problems = self._get_earliest_stop(jobs, earliest)
        is_known = all(moment for _sentence, moment in blockers)
        return {
            "ready_at": is_known and stop,
            "ready_if_at": stop,
            "waits": [sentence for sentence, _moment in blockers] + problems,
        }

    def _get_jobs_ahead(self):
        """Jobs that are still to be done on the vehicle, saved ones only."""
        if self.state != "open":
            return self.job_ids.browse()
        return self.job_ids._origin.filtered(
            lambda job: job.state in UNFINISHED and job.authorisation not in PUT_OFF
        )

    def _get_ready_blockers(self):
        """What the vehicle waits for; extend for parts on order, for example.

        :return: list of (sentence, naive UTC datetime when it is settled or None when
            nobody knows)
        """
        blockers = []
        jobs = self._get_jobs_ahead().filtered(lambda job: job._waits_for_answer())
        if jobs:
            names = ", ".join(jobs.mapped("name"))
            sentence = self.env._(
                "The customer has not approved: %(jobs)s.", jobs=names
            )
            blockers.append((sentence, None))
        if self.sudo().has_void_approval:  # technicians see no estimates
            sentence = self.env._("An approved estimate was changed. Ask again.")
            blockers.append((sentence, None))
        return blockers

    def _get_earliest_stop(self, jobs, earliest):
        """End of the work on ``jobs`` that does not start before ``earliest``.

        :return: naive UTC datetime or False, and sentences on why there is none
        """
        now = fields.Datetime.now()
        kept = jobs.filtered(
            lambda job: job.planned_stop
            and job.planned_stop > now
            and (job.planned_start >= earliest or earliest == now)
        )
        stop = max(kept.mapped("planned_stop"), default=earliest)
        others = (jobs - kept).sorted("sequence")
        if not others:
            return stop, []
        blocks = others.allocation_ids.filtered(lambda row: row.state == "planned")
        found = self._find_job_offers(
            others,
            start=max(stop, earliest),
            limit=1,
            exclude_blocks=list(set(blocks.mapped("block"))),
        )
        if not found["offers"]:
            return False, found["problems"]
        return found["offers"][0]["stop"], []

    def action_promise_ready(self):
        """Promise the vehicle for the time at which it can be ready."""
        for order in self:
            order._ensure_open()
            if not order.ready_at:
                raise UserError(
                    self.env._(
                        "%(order)s has no honest time yet. %(waits)s",
                        order=order.name,
                        waits=order.ready_waits
                        or self.env._("There is no job to be done."),
                    )
                )
            order.promised_at = order.ready_at
