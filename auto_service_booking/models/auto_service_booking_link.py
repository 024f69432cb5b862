from odoo import fields, models


class AutoServiceBookingLink(models.Model):
    """A link by which a customer picks, moves or cancels his time without a login."""

    _name = "auto.service.booking.link"
    _description = "Customer's Link to a Booking"
    _order = "id desc"

    booking_id = fields.Many2one(
        "auto.service.booking",
        required=True,
        index=True,
        ondelete="cascade",
        help="Booking that the link opens; no other.",
    )
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True, help="Branch."
    )
    nonce = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Random part of the link.",
    )
    expires_at = fields.Datetime(required=True, help="The link is of no use after it.")
    revoked_at = fields.Datetime(readonly=True, help="When somebody withdrew the link.")
    opened_at = fields.Datetime(
        readonly=True, help="When the customer opened it first."
    )
    used_at = fields.Datetime(
        readonly=True, help="When the customer picked, moved or cancelled last."
    )
