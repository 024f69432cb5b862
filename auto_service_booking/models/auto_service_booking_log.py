from odoo import fields, models


class AutoServiceBookingLog(models.Model):
    """History: who moved, lengthened, cancelled or confirmed what, and when."""

    _name = "auto.service.booking.log"
    _description = "Change of a Booking"
    _order = "id desc"
    _log_access = False

    booking_id = fields.Many2one(
        "auto.service.booking",
        index="btree_not_null",
        ondelete="cascade",
        help="Booking that was changed.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        index="btree_not_null",
        ondelete="cascade",
        help="Job whose time was changed.",
    )
    at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When it was changed."
    )
    user_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        ondelete="set null",
        help="Who changed it; the customer by his link is the public user.",
    )
    what = fields.Selection(
        [
            ("booked", "Booked"),
            ("moved", "Moved"),
            ("resized", "Lengthened or shortened"),
            ("resource", "Other bay or technician"),
            ("freed", "Time given back"),
            ("state", "State"),
            ("services", "Services"),
            ("offer", "Offered from the waitlist"),
            ("customer", "By the customer"),
            ("replan", "Replanned"),
        ],
        required=True,
        help="Kind of change.",
    )
    before = fields.Char(help="What was there before.")
    after = fields.Char(help="What is there now.")
    note = fields.Char(help="Why, where somebody said so.")
