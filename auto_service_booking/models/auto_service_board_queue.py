from odoo import api, models
from odoo.fields import Domain

#: Rows of each list at the side of the board.
QUEUE_LIMIT = 60


class AutoServicePlanner(models.AbstractModel):
    """What still has to be placed: it stands at the side of the board."""

    _inherit = "auto.service.planner"

    @api.model
    @api.readonly
    def get_board_queue(self, window):
        """Blocks to replan, customers who wait, jobs without a time.

        :param dict window: as ``get_board`` gave it
        :return: dict of lists of items: ``kind``, ``id``, ``title``, ``detail``,
            ``minutes``, ``reason``, ``due``
        """
        self._check_board_access()
        company, clock = self._get_window_clock(window)
        return {
            "replan": self._get_replan_items(company, clock),
            "waiting": self._get_waiting_items(company, clock),
            "jobs": self._get_job_items(company, clock),
        }

    @api.model
    def _get_replan_items(self, company, clock):
        """Blocks that cannot be kept, by their time."""
        rows = self.env["auto.service.allocation"].search_fetch(
            Domain("replan_reason", "!=", False)
            & Domain("state", "in", ("held", "planned", "started"))
            & Domain("company_id", "=", company.id),
            order="start, id",
            limit=QUEUE_LIMIT,
        )
        labels = dict(rows._fields["replan_reason"]._description_selection(self.env))
        return [
            {
                "kind": "block",
                "id": row.block,
                "source": row.resource_id.id,
                "role": row.role,
                "title": row._get_holder_name() or row.resource_id.sudo().name,
                "detail": row.line_id.name or row.job_id.name or "",
                "minutes": round(row.hours * 60),
                "reason": labels.get(row.replan_reason, ""),
                "reason_key": row.replan_reason,
                "due": clock.to_minute(row.start),
                "resource": row.resource_id.sudo().name,
            }
            for row in rows
        ]

    @api.model
    def _get_waiting_items(self, company, clock):
        """Bookings without a time, the oldest first."""
        bookings = self.env["auto.service.booking"].search_fetch(
            Domain("state", "in", ("requested", "waitlist"))
            & Domain("company_id", "=", company.id)
            & Domain("start", "=", False),
            order="id",
            limit=QUEUE_LIMIT,
        )
        labels = dict(bookings._fields["state"]._description_selection(self.env))
        return [
            {
                "kind": "booking",
                "id": booking.id,
                "role": False,
                "title": booking.display_name,
                "detail": ", ".join(booking.line_ids.mapped("name"))
                or booking.type_id.name,
                "minutes": round(
                    (booking.hours or booking.type_id.default_hours or 1) * 60
                ),
                "reason": labels[booking.state],
                "reason_key": booking.state,
                "due": booking.wish_to and clock.to_minute(booking.wish_to),
            }
            for booking in bookings
        ]

    @api.model
    def _get_job_domain(self, company):
        """Jobs of visits that are here, with no time ahead."""
        planned = self.env["auto.service.allocation"]._search(
            Domain("state", "in", ("held", "planned", "started"))
            & Domain("job_id", "!=", False)
        )
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("todo", "in_progress", "paused"))
            & Domain("authorisation", "not in", ("declined", "deferred"))
            & Domain("order_id.state", "=", "open")
            & Domain("id", "not in", planned.subselect("job_id"))
        )

    @api.model
    def _get_job_items(self, company, clock):
        jobs = self.env["auto.service.job"].search_fetch(
            self._get_job_domain(company), order="promised_at, id", limit=QUEUE_LIMIT
        )
        labels = dict(jobs._fields["authorisation"]._description_selection(self.env))
        return [
            {
                "kind": "job",
                "id": job.id,
                "role": False,
                "title": " · ".join(
                    part for part in (job.order_id.name, job.license_plate) if part
                ),
                "detail": job.name,
                "minutes": round((job.hours_authorised or job.hours_book or 1) * 60),
                "reason": labels[job.authorisation],
                "reason_key": job.authorisation,
                "due": job.promised_at and clock.to_minute(job.promised_at),
            }
            for job in jobs
        ]
