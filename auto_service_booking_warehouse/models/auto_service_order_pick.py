from odoo import api, models


class AutoServiceOrder(models.Model):
    """Parts lie ready when the appointment begins."""

    _inherit = "auto.service.order"

    @api.depends("job_ids.planned_start", "job_ids.state", "booking_ids.start")
    def _compute_parts_wanted_at(self):
        return super()._compute_parts_wanted_at()

    def _get_pick_time(self):
        """The first time on the board, else the booking, as long as work is ahead."""
        self.ensure_one()
        jobs = self.job_ids.filtered(lambda job: job.state in ("todo", "paused"))
        starts = jobs.mapped("planned_start") + self.booking_ids.mapped("start")
        planned = min(filter(None, starts), default=False)
        return planned or super()._get_pick_time()
