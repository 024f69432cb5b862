import re

from odoo import models

DEFERRED = ("declined", "deferred")


class AutoServiceOrder(models.Model):
    """What the documents of a visit need, within the rights of their reader."""

    _inherit = "auto.service.order"

    def _get_document_name(self, kind):
        """Name of the file of a document: what, number and plate.

        :param str kind: ``reception``, ``floor`` or ``completion``
        """
        self.ensure_one()
        titles = {
            "reception": self.env._("Reception act"),
            "floor": self.env._("Job card"),
            "completion": self.env._("Act of completed work"),
        }
        parts = [titles[kind], self.name, self.license_plate]
        return re.sub(r"[\\/]+", "-", " ".join(part for part in parts if part))

    def _get_document_tz(self):
        """Time zone of what a customer reads: the garage's own.

        :return: name of the zone; a customer without login has none himself
        """
        self.ensure_one()
        order_sudo = self.sudo()  # calendars are not everybody's to read
        return (
            order_sudo.company_id.resource_calendar_id.tz
            or order_sudo.advisor_id.tz
            or self.env.user.tz
            or "UTC"
        )

    def _get_reception_jobs(self):
        """Jobs that the customer asked for at the reception.

        A signed act does not change any more: jobs found later are not on it, jobs
        declined later stay.
        """
        self.ensure_one()
        signed_on = self.reception_signed_on
        return self.job_ids.filtered(
            lambda job: job.create_date <= signed_on
            if signed_on
            else job.state != "cancelled" and job.authorisation not in DEFERRED
        )

    def _get_floor_jobs(self):
        """Jobs on the sheet for the floor: what is to be done, or done already."""
        self.ensure_one()
        return self.job_ids.filtered(
            lambda job: job.state != "cancelled" and job.authorisation not in DEFERRED
        )

    def _get_completion_estimates(self):
        """Confirmed estimates of the act of completed work, oldest first.

        :return: sale.order records; readable for those who may see prices
        """
        self.ensure_one()
        return self.sale_order_ids.filtered(lambda sale: sale.state == "sale").sorted(
            "id"
        )

    def _get_jobs_without_lines(self):
        """Jobs done for which nothing is billed, for example under goodwill."""
        self.ensure_one()
        billed = self._get_completion_estimates().order_line.filtered(
            lambda line: not line.display_type and line.qty_delivered
        )
        return self.job_ids.filtered(lambda job: job.state == "done") - billed.job_id

    def _get_recommendations_to_print(self):
        """Open recommendations that the customer takes home."""
        self.ensure_one()
        return self.recommendation_ids.filtered(lambda rec: rec.state == "open")

    def _get_portal_documents(self, company):
        """What a customer sees of the visit on the portal.

        :param company: res.partner, commercial partner of the customer
        :return: dict with ``estimates`` (sale.order) and ``invoices`` (account.move)
            that are addressed to the customer, and ``jobs_done``
        """
        self.ensure_one()
        return {
            "estimates": self.sale_order_ids.filtered(
                lambda sale: sale.state in ("sent", "sale")
                and sale.partner_id.commercial_partner_id == company
            ).sorted("id"),
            "invoices": self.invoice_ids.filtered(
                lambda move: move.state == "posted"
                and move.commercial_partner_id == company
            ).sorted("id"),
            "jobs_done": self.job_ids.filtered(lambda job: job.state == "done"),
        }
