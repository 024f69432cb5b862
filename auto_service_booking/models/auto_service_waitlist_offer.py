from odoo import api, fields, models


class AutoServiceWaitlistOffer(models.Model):
    """A time that was offered to somebody on the waitlist, and what came of it."""

    _name = "auto.service.waitlist.offer"
    _description = "Offer from the Waitlist"
    _order = "id desc"
    _log_access = False

    booking_id = fields.Many2one(
        "auto.service.booking",
        required=True,
        index=True,
        ondelete="cascade",
        help="Booking that waited.",
    )
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True, help="Branch."
    )
    offered_at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When it was offered."
    )
    start = fields.Datetime(required=True, help="Beginning of the time offered.")
    stop = fields.Datetime(required=True, help="End of the time offered.")
    held_until = fields.Datetime(
        required=True, help="Until then nobody else gets the time."
    )
    state = fields.Selection(
        [
            ("held", "Held"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("expired", "Not answered"),
            ("withdrawn", "Not needed any more"),
        ],
        required=True,
        default="held",
        index=True,
        help="What the customer said to it.",
    )
    allocation_ids = fields.One2many(
        "auto.service.allocation", "offer_id", help="Time held for the offer."
    )

    _one_held = models.UniqueIndex(
        "(booking_id) WHERE state = 'held'",
        "A time is held for this booking already.",
    )

    @api.model
    def _expire(self):
        """Take back what was held long enough; the next one is asked."""
        now = fields.Datetime.now()
        for offer in self.search([("state", "=", "held"), ("held_until", "<=", now)]):
            offer = offer.try_lock_for_update().filtered_domain(
                [("state", "=", "held")]
            )
            offer._close("expired")
        rows = self.env["auto.service.allocation"].search(
            [("state", "=", "held"), ("held_until", "<=", now)]
        )
        rows.write({"state": "cancelled"})

    def _close(self, state):
        """The offer is over; what is still held is given back.

        :param str state: key of ``state``
        """
        for offer in self:
            offer.state = state
            rows = offer.allocation_ids.filtered(lambda row: row.state == "held")
            quiet = rows.with_context(auto_service_no_log=True)
            if state == "accepted":
                quiet.write({"state": "planned", "held_until": False})
            else:
                quiet.write({"state": "cancelled", "held_until": False})
            offer.booking_id.held_until = False
            offer._log_answer(rows)
            offer.booking_id._forget_offer_activity()

    def _log_answer(self, rows):
        labels = dict(self._fields["state"]._description_selection(self.env))
        self.booking_id._log(
            "offer",
            before=rows._get_label(self.start, self.stop),
            after=labels[self.state],
        )
