import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
LEAST_NOTICE = timedelta(minutes=30)  # so much time a customer needs to come
BATCH = 200


class AutoServiceFreed(models.Model):
    """Time that was given back and is still to be offered to the waitlist."""

    _name = "auto.service.freed"
    _description = "Time Given Back"
    _order = "start, id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", help="Branch."
    )
    start = fields.Datetime(required=True, help="From this moment.")
    stop = fields.Datetime(required=True, help="Up to this moment.")

    @api.model
    def _add(self, company, spans):
        """Remember that something became free, if somebody waits for it.

        :param company: res.company record
        :param list spans: (start, stop), naive UTC
        """
        now = fields.Datetime.now()
        spans = {span for span in spans if span[1] > now + LEAST_NOTICE}
        if not spans or not self.env["auto.service.booking"]._has_waiting(company):
            return
        self.create(
            [
                {"company_id": company.id, "start": start, "stop": stop}
                for start, stop in sorted(spans)
            ]
        )
        self._trigger()

    @api.model
    def _trigger(self, at=None):
        """Have the waitlist looked at, soon or at a moment."""
        cron = self.env.ref(
            "auto_service_booking.ir_cron_offer_waitlist", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger(at)  # whoever frees time has no right on crons

    @api.model
    def _cron_offer_waitlist(self):
        """Take back what nobody answered, then offer what is free.

        Safe to run twice and by two workers: the rows are locked while they are worked
        on, and the board itself lets nobody hold the same time again.
        """
        self.env["auto.service.waitlist.offer"]._expire()
        todo = self.search([("id", ">", 0)], limit=BATCH)
        self.env["ir.cron"]._commit_progress(remaining=len(todo))
        for freed in todo._merge():
            freed = freed.try_lock_for_update()
            freed._offer()
            count = len(freed)
            freed.unlink()
            if not self.env["ir.cron"]._commit_progress(count):
                break

    def _merge(self):
        """The rows in groups of the same branch that touch each other.

        :return: list of auto.service.freed records
        """
        groups = []
        for rows in self.grouped("company_id").values():
            group, end = self.browse(), None
            for row in rows.sorted("start"):
                if group and row.start > end:
                    groups.append(group)
                    group = self.browse()
                group, end = group | row, max(end or row.stop, row.stop)
            groups.append(group)
        return groups

    def _offer(self):
        """Offer the freed time to those who wait, in their order."""
        if not self:
            return
        company = self.company_id[:1]
        start, stop = min(self.mapped("start")), max(self.mapped("stop"))
        bookings = self.env["auto.service.booking"].with_company(company)
        for booking in bookings._get_waiting(company, start):
            try:
                with self.env.cr.savepoint():
                    offer = booking._find_waitlist_offer(start, stop)
                    if offer:
                        booking._hold_waitlist_offer(offer)
            except UserError as error:  # one booking does not keep the others waiting
                _logger.warning("Waitlist: %s: %s", booking.name, error)
