from odoo import fields, models


class AutoServiceBookingCancel(models.TransientModel):
    _name = "auto.service.booking.cancel"
    _description = "Cancel Bookings with a Reason"

    booking_ids = fields.Many2many(
        "auto.service.booking", required=True, help="Bookings to cancel."
    )
    reason_id = fields.Many2one(
        "auto.service.reason",
        required=True,
        domain="[('kind', '=', 'cancel')]",
        help="Why nobody comes; reports count by it.",
    )
    note = fields.Text(help="What else is to be known.")

    def action_cancel_bookings(self):
        """Cancel the bookings with the reason."""
        self.ensure_one()
        self.booking_ids._cancel(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
