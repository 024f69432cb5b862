from odoo import fields, models

from odoo.addons.auto_service_base.models.auto_service_skill import SKILL_LEVELS


class AutoServiceBookingLine(models.Model):
    """One service of a booking, with what it needs. Services follow one another."""

    _name = "auto.service.booking.line"
    _description = "Service of a Booking"
    _order = "booking_id, sequence, id"

    booking_id = fields.Many2one(
        "auto.service.booking",
        required=True,
        index=True,
        ondelete="cascade",
        help="Booking that the service belongs to.",
    )
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True, help="Branch."
    )
    sequence = fields.Integer(default=10, help="Services follow one another.")
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What is to be done, in a few words.",
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        index="btree_not_null",
        ondelete="restrict",
        help="Operation of the catalogue.",
    )
    package_id = fields.Many2one(
        "auto.service.package",
        index="btree_not_null",
        ondelete="restrict",
        help="Package of the catalogue.",
    )
    hours = fields.Float(
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="Hours kept on the board, in hours; they may differ from the hours that "
        "are billed.",
    )
    needs_bay = fields.Boolean(
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="A bay is planned.",
    )
    bay_kind_id = fields.Many2one(
        "auto.service.resource.kind",
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('role', '=', 'bay')]",
        ondelete="restrict",
        help="Kind of bay; empty: any bay.",
    )
    bay_id = fields.Many2one(
        "auto.service.bay",
        string="This bay",
        ondelete="set null",
        help="Only this bay; empty: the best free one.",
    )
    needs_technician = fields.Boolean(
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="A technician is planned.",
    )
    technician_id = fields.Many2one(
        "hr.employee",
        string="This technician",
        ondelete="set null",
        help="Only this technician; empty: the best free one.",
    )
    skill_ids = fields.Many2many(
        "auto.service.skill",
        "auto_service_booking_line_skill_rel",
        "line_id",
        "skill_id",
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="Skills that the technician must have.",
    )
    skill_level = fields.Selection(
        SKILL_LEVELS,
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="Level that the technician must have at least.",
    )
    equipment_kind_ids = fields.Many2many(
        "auto.service.resource.kind",
        "auto_service_booking_line_equipment_rel",
        "line_id",
        "kind_id",
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('role', '=', 'equipment')]",
        help="Equipment that the work occupies.",
    )
    keeps_bay = fields.Boolean(
        compute="_compute_needs",
        store=True,
        readonly=False,
        precompute=True,
        help="The vehicle cannot leave the bay in pauses: nights and breaks count.",
    )
    allocation_ids = fields.One2many(
        "auto.service.allocation", "line_id", help="Time kept for the service."
    )
    start = fields.Datetime(
        compute="_compute_period", store=True, help="First time kept for the service."
    )
    stop = fields.Datetime(
        compute="_compute_period", store=True, help="End of the time kept."
    )
    job_id = fields.Many2one(
        "auto.service.job",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Job of the work order that the service became.",
    )
