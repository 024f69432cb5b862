from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_slot_minutes = fields.Selection(
        related="company_id.auto_service_slot_minutes",
        readonly=False,
        help="Times on the board and offered times are multiples of it.",
    )
    auto_service_opening_calendar_id = fields.Many2one(
        related="company_id.auto_service_opening_calendar_id",
        readonly=False,
        help="When customers can come; empty: the working hours of the company.",
    )
    auto_service_reserve_percent = fields.Integer(
        related="company_id.auto_service_reserve_percent",
        readonly=False,
        help="Per cent of the technicians' hours of a day that bookings made before "
        "leave free.",
    )
    auto_service_break_minutes = fields.Integer(
        related="company_id.auto_service_break_minutes",
        readonly=False,
        help="Work may go on after a break of that length.",
    )
    auto_service_hold_minutes = fields.Integer(
        related="company_id.auto_service_hold_minutes",
        readonly=False,
        help="How long a time that became free is held for the waitlist.",
    )
    auto_service_link_days = fields.Integer(
        related="company_id.auto_service_link_days",
        readonly=False,
        help="How long a customer can use a link that was sent to him.",
    )
    auto_service_change_hours = fields.Integer(
        related="company_id.auto_service_change_hours",
        readonly=False,
        help="How long before the time the customer may move or cancel.",
    )
    auto_service_reopen_hours = fields.Integer(
        related="company_id.auto_service_reopen_hours",
        readonly=False,
        help="How long a booking that is over can be reopened.",
    )
