from odoo import api, fields, models
from odoo.fields import Domain

BOOKING_STATES = [
    ("requested", "Requested"),
    ("waitlist", "Waitlist"),
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_work", "In work"),
    ("done", "Done"),
    ("no_show", "Did not come"),
    ("cancelled", "Cancelled"),
]
PLANNED_STATES = ("booked", "confirmed", "arrived", "in_work")
OPEN_STATES = ("requested", "waitlist", *PLANNED_STATES)


class AutoServiceBooking(models.Model):
    """A visit that is agreed on: who comes when, for what. Its allocations keep the
    bays and technicians; on arrival it becomes a work order."""

    _name = "auto.service.booking"
    _description = "Booking"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "start, id"
    _rec_names_search = ["name", "license_plate"]
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
        help="Number of the booking; given when it is saved.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Branch that the customer comes to.",
    )
    type_id = fields.Many2one(
        "auto.service.booking.type",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["auto.service.booking.type"].search([], limit=1),
        help="What the customer comes for.",
    )
    is_repair = fields.Boolean(
        related="type_id.is_repair", help="Whether a vehicle comes to the garage."
    )
    state = fields.Selection(
        BOOKING_STATES,
        required=True,
        default="requested",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand="_group_expand_states",
        help="How far the booking is.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        help="Who comes.",
    )
    phone = fields.Char(related="partner_id.phone", help="Telephone of the customer.")
    email = fields.Char(related="partner_id.email", help="E-mail of the customer.")
    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        help="Vehicle that comes.",
    )
    license_plate = fields.Char(
        related="vehicle_id.license_plate",
        store=True,
        index="trigram",
        string="Plate",
        help="Plate of the vehicle.",
    )
    advisor_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env["auto.service.order"]._default_advisor_id(),
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Service advisor who looks after the customer.",
    )
    source_id = fields.Many2one(
        "utm.source",
        ondelete="restrict",
        help="How the customer came to us: ask him.",
    )
    note = fields.Text(help="What the customer says, in his own words.")
    color = fields.Integer(help="Colour of the card, free for the garage to use.")
    is_waiter = fields.Boolean(
        string="Customer waits", help="The customer waits in the garage."
    )
    needs_courtesy_car = fields.Boolean(
        string="Courtesy car", help="The customer gets a courtesy car meanwhile."
    )
    courtesy_kind_id = fields.Many2one(
        "auto.service.resource.kind",
        string="Kind of courtesy car",
        domain="[('role', '=', 'courtesy_car')]",
        ondelete="restrict",
        help="Kind of courtesy car; empty: any.",
    )
    line_ids = fields.One2many(
        "auto.service.booking.line", "booking_id", copy=True, help="Services."
    )
    plannable_employees = fields.Json(
        compute="_compute_plannable_employees",
        help="Numbers of the employees whom the board plans in the branch.",
    )
    services = fields.Char(
        compute="_compute_services", help="What is to be done, in one line."
    )
    allocation_ids = fields.One2many(
        "auto.service.allocation", "booking_id", copy=False, help="Time kept for it."
    )
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        help="Planned hours of all services, in hours.",
    )
    start = fields.Datetime(
        compute="_compute_period",
        store=True,
        index=True,
        help="When the customer comes: the first time that is kept.",
    )
    stop = fields.Datetime(
        compute="_compute_period", store=True, help="End of the last time kept."
    )
    wish_from = fields.Datetime(
        copy=False, string="Not before", help="The customer cannot come earlier."
    )
    wish_to = fields.Datetime(
        copy=False,
        string="Not after",
        help="The customer wants to have it done by then.",
    )
    wish_part = fields.Selection(
        [("morning", "Mornings"), ("afternoon", "Afternoons")],
        string="Part of the day",
        help="Part of the day that suits the customer; empty: any.",
    )
    uses_reserve = fields.Boolean(
        string="Uses the reserve",
        copy=False,
        tracking=True,
        help="May use the part of the day that is held back for walk-ins.",
    )
    is_waitlisted = fields.Boolean(
        copy=False,
        string="Wants an earlier time",
        help="Offer an earlier time when one becomes free.",
    )
    held_until = fields.Datetime(
        copy=False, help="Until when the time offered from the waitlist is held."
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Work order that the visit became on arrival.",
    )
    arrived_at = fields.Datetime(
        readonly=True, copy=False, help="When the customer came."
    )
    done_at = fields.Datetime(
        readonly=True, copy=False, help="When the visit was over."
    )
    cancel_reason_id = fields.Many2one(
        "auto.service.reason",
        readonly=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        help="Why the booking was cancelled.",
    )
    cancel_note = fields.Text(
        readonly=True, copy=False, help="What else is to be known of it."
    )
    has_replan = fields.Boolean(
        compute="_compute_has_replan",
        search="_search_has_replan",
        string="To replan",
        help="Some of its time cannot be kept any more.",
    )
    log_ids = fields.One2many(
        "auto.service.booking.log", "booking_id", help="Every change, who and when."
    )
    link_ids = fields.One2many(
        "auto.service.booking.link", "booking_id", help="Links given to the customer."
    )
    plate_entry = fields.Char(
        string="Enter a plate",
        store=False,
        help="Type the plate: a known vehicle is found, a new one is created.",
    )
    phone_entry = fields.Char(
        string="Enter a telephone",
        store=False,
        help="Telephone of a new customer; a known customer is found by it.",
    )
    customer_entry = fields.Char(
        string="Customer's name",
        store=False,
        help="Name of a new customer. Leave it empty for a known one.",
    )

    _day_idx = models.Index("(company_id, start) WHERE state <> 'cancelled'")

    @api.model
    def _group_expand_states(self, states, domain):
        """The board of bookings shows what is to come, empty or not."""
        shown = {*states, *OPEN_STATES}
        return [state for state, _label in BOOKING_STATES if state in shown]

    @api.depends("company_id")
    def _compute_plannable_employees(self):
        for company, bookings in self.grouped("company_id").items():
            technicians = self.env["auto.service.technician"].search(
                [("company_id", "=", company.id)]
            )
            bookings.plannable_employees = technicians.employee_id.ids

    @api.depends("line_ids.name", "type_id")
    def _compute_services(self):
        for booking in self:
            names = booking.line_ids.mapped("name")
            booking.services = ", ".join(names) or booking.type_id.name

    @api.depends("line_ids.hours")
    def _compute_hours(self):
        for booking in self:
            booking.hours = sum(booking.line_ids.mapped("hours"))

    @api.depends("allocation_ids.start", "allocation_ids.stop", "allocation_ids.state")
    def _compute_period(self):
        """A booking that is over remembers its time when the time was given back.

        So does one for which the board keeps nothing: the signing of a contract.
        """
        for booking in self:
            rows = booking.allocation_ids.filtered(lambda row: row.state != "cancelled")
            is_over = booking.state not in OPEN_STATES
            if not rows and (is_over or not booking._needs_resources()):
                booking.start, booking.stop = booking.start, booking.stop
                continue
            booking.start = min(rows.mapped("start"), default=False)
            booking.stop = max(rows.mapped("stop"), default=False)

    @api.depends("allocation_ids.replan_reason", "allocation_ids.state")
    def _compute_has_replan(self):
        for booking in self:
            booking.has_replan = any(
                row.replan_reason and row.state != "cancelled"
                for row in booking.allocation_ids
            )

    @api.model
    def _search_has_replan(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = Domain("replan_reason", "!=", False) & Domain("state", "!=", "cancelled")
        domain = Domain("allocation_ids", "any", rows)
        return domain if True in value else ~domain

    @api.depends("name", "license_plate", "partner_id")
    def _compute_display_name(self):
        for booking in self:
            who = booking.license_plate or booking.partner_id.name
            booking.display_name = " · ".join(
                part for part in (booking.name, who) if part
            )
