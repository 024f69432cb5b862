import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    auto_service_slot_minutes = fields.Selection(
        [
            ("5", "5 minutes"),
            ("10", "10 minutes"),
            ("15", "15 minutes"),
            ("30", "30 minutes"),
        ],
        string="Grid of the board",
        default="15",
        required=True,
        help="Times on the board and offered times are multiples of it.",
    )
    auto_service_opening_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        help="When customers can come; empty: the working hours of the company.",
    )
    auto_service_reserve_percent = fields.Integer(
        string="Held back for walk-ins",
        default=20,
        help="Per cent of the technicians' hours of a day that bookings made before "
        "that day leave free, for walk-ins and extra work. 20 is the rule of the "
        "trade.",
    )
    auto_service_break_minutes = fields.Integer(
        string="Longest break in a job, in minutes",
        default=120,
        help="Work may go on after a break of that length, lunch for example. Work "
        "longer than a day goes on the next day.",
    )
    auto_service_hold_minutes = fields.Integer(
        string="Hold for the waitlist, in minutes",
        default=60,
        help="How long a time that became free is held for the customer it was "
        "offered to.",
    )
    auto_service_link_days = fields.Integer(
        string="Links to a booking are valid, in days",
        default=7,
        help="A customer's link that nobody used is of no use after it.",
    )
    auto_service_change_hours = fields.Integer(
        string="Customers change until, in hours before",
        default=24,
        help="How long before the time the customer may move or cancel by himself.",
    )
    auto_service_reopen_hours = fields.Integer(
        string="Reopen within, in hours",
        default=24,
        help="How long a booking that is done, cancelled or missed can be reopened.",
    )

    _auto_service_reserve_range = models.Constraint(
        "CHECK (auto_service_reserve_percent BETWEEN 0 AND 90)",
        "Hold back between 0 and 90 per cent of the day.",
    )

    def _get_opening_calendar(self):
        """Calendar of the hours in which customers can come.

        :return: resource.calendar record, may be empty
        """
        self.ensure_one()
        return self.auto_service_opening_calendar_id or self.resource_calendar_id

    def _get_planning_tz(self):
        """Zone in which the days of the branch begin.

        :return: tzinfo
        """
        self.ensure_one()
        return pytz.timezone(self.sudo()._get_opening_calendar().tz or "UTC")

    def _get_planning_day(self):
        """Today in the branch.

        :return: date
        """
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(self._get_planning_tz()).date()

    def _has_board(self):
        """Whether the branch plans anything: companies without bays and technicians
        pay for no search.

        :return: bool
        """
        self.ensure_one()
        resources = self.env["resource.resource"].sudo()
        domain = [
            ("auto_service_role", "!=", False),
            ("company_id", "in", [False, self.id]),
        ]
        return bool(resources.search_count(domain, limit=1))
