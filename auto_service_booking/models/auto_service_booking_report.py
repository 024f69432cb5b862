from odoo import fields, models
from odoo.tools import SQL

from .auto_service_booking import BOOKING_STATES


class AutoServiceBookingReport(models.Model):
    """Bookings in figures: who stays away, how long people wait, what brings them."""

    _name = "auto.service.booking.report"
    _description = "Bookings in Figures"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "booking_id"
    _depends = {
        "auto.service.booking": [
            "advisor_id",
            "cancel_reason_id",
            "company_id",
            "create_date",
            "hours",
            "is_waiter",
            "partner_id",
            "source_id",
            "start",
            "state",
            "type_id",
            "vehicle_id",
        ],
    }

    booking_id = fields.Many2one(
        "auto.service.booking", readonly=True, help="The booking."
    )
    date = fields.Datetime(
        string="Time", readonly=True, help="When the customer comes."
    )
    entered_at = fields.Datetime(
        string="Entered", readonly=True, help="When the booking was made."
    )
    company_id = fields.Many2one("res.company", readonly=True, help="Branch.")
    state = fields.Selection(
        BOOKING_STATES, readonly=True, help="How far the booking is."
    )
    type_id = fields.Many2one(
        "auto.service.booking.type",
        string="Kind",
        readonly=True,
        help="What the customer comes for.",
    )
    source_id = fields.Many2one(
        "utm.source", readonly=True, help="How the customer came to us."
    )
    advisor_id = fields.Many2one(
        "res.users", readonly=True, help="Service advisor of the booking."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Who comes."
    )
    vehicle_id = fields.Many2one(
        "fleet.vehicle", readonly=True, help="Vehicle that comes."
    )
    cancel_reason_id = fields.Many2one(
        "auto.service.reason", readonly=True, help="Why it was cancelled."
    )
    is_waiter = fields.Boolean(
        string="Customer waits", readonly=True, help="The customer waits in the garage."
    )
    hours = fields.Float(readonly=True, help="Planned hours, in hours.")
    lead_days = fields.Float(
        string="Days ahead",
        readonly=True,
        aggregator="avg",
        help="Days from the entry of the booking to its time; on average how long a "
        "customer waits for a place.",
    )
    no_show_percent = fields.Float(
        string="Did not come, %",
        readonly=True,
        aggregator="avg",
        help="Per cent of the customers who were expected and did not come. Bookings "
        "that are still to come or were cancelled do not count.",
    )
    cancelled_percent = fields.Float(
        string="Cancelled, %",
        readonly=True,
        aggregator="avg",
        help="Per cent of the bookings that were cancelled. Those still to come do not "
        "count.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, id AS booking_id, start AS date, create_date AS entered_at,
                   company_id, state, type_id, source_id, advisor_id, partner_id,
                   vehicle_id, cancel_reason_id, is_waiter, hours,
                   EXTRACT(EPOCH FROM start - create_date) / 86400 AS lead_days,
                   CASE WHEN state = 'no_show' THEN 100.0
                        WHEN state IN ('arrived', 'in_work', 'done') THEN 0.0
                    END AS no_show_percent,
                   CASE WHEN state = 'cancelled' THEN 100.0
                        WHEN state IN ('no_show', 'arrived', 'in_work', 'done') THEN 0.0
                    END AS cancelled_percent
              FROM auto_service_booking
            """
        )
