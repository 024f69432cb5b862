from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

OVERRUN = timedelta(hours=1)  # somebody still works on it: so long nobody is asked
MISSED_AFTER = timedelta(minutes=30)  # so late a customer may be


class AutoServiceAllocation(models.Model):
    """What is not done in its time rolls over through the replan queue."""

    _inherit = "auto.service.allocation"

    @api.model
    def _cron_roll_over(self):
        """Put unfinished work and customers who did not come into the queue.

        Safe to run twice: what is in the queue already stays as it is.
        """
        self._flag_unfinished()
        self._flag_missed()
        self._flag_late()

    @api.model
    def _get_unfinished_domain(self):
        """Domain of the time of work that is still to be done; extend as needed."""
        job = Domain("job_id.state", "not in", ("done", "cancelled"))
        service = Domain("job_id", "=", False) & Domain(
            "booking_id.state", "in", ("arrived", "in_work")
        )
        return (
            Domain("state", "in", ("planned", "started"))
            & Domain("role", "in", ("bay", "technician"))
            & Domain("is_gap", "=", False)
            & Domain("order_id.state", "=", "open")
            & (job | service)
        )

    @api.model
    def _flag_unfinished(self):
        """Flag the last time of all work whose time has run out."""
        now = self._now()
        domain = self._get_unfinished_domain()
        groups = self._read_group(
            domain,
            ["order_id", "job_id", "line_id"],
            ["stop:max", "id:recordset"],
            having=[("stop:max", "<=", now)],
        )
        for _order, job, _line, last, rows in groups:
            if job.is_running and last > now - OVERRUN:
                continue
            rows.filtered(
                lambda row, last=last: row.stop == last and not row.replan_reason
            )._set_replan("unfinished")

    @api.model
    def _flag_missed(self):
        """Ask about bookings whose customer has not come half an hour later."""
        bookings = self.env["auto.service.booking"].search(
            [
                ("state", "in", ("booked", "confirmed")),
                ("start", "<=", self._now() - MISSED_AFTER),
            ]
        )
        bookings.allocation_ids.filtered(
            lambda row: row.state == "planned" and not row.replan_reason
        )._set_replan("missed")
