from odoo import api, fields, models

from odoo.addons.auto_service_base.models.auto_service_skill import SKILL_LEVELS

LEVELS = [level for level, _label in SKILL_LEVELS]
NEEDS = (
    "needs_bay",
    "bay_kind_id",
    "needs_technician",
    "skill_ids",
    "skill_level",
    "equipment_kind_ids",
    "keeps_bay",
)


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
    recommendation_id = fields.Many2one(
        "auto.service.recommendation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Open recommendation of the vehicle that the service takes up.",
    )
    hours = fields.Float(
        compute="_compute_hours",
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
    taken = fields.Char(
        string="Kept",
        compute="_compute_taken",
        help="Bay, technician and equipment that are kept for the service.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Job of the work order that the service became.",
    )

    _hours_range = models.Constraint(
        "CHECK (hours BETWEEN 0 AND 1000)",
        "A service takes between 0 and 1000 hours.",
    )

    @api.depends("operation_id", "package_id")
    def _compute_name(self):
        for line in self:
            service = line.operation_id or line.package_id
            line.name = service.name or line.name or line.booking_id.type_id.name or "/"

    @api.depends("operation_id", "package_id", "booking_id.vehicle_id")
    def _compute_hours(self):
        """Hours of the service on the vehicle; what is on the board already stays."""
        for _key, lines in self.grouped(
            lambda line: (line.booking_id.vehicle_id, line.company_id)
        ).items():
            hours = lines._get_operations_hours()
            for line in lines:
                if line.allocation_ids and line.hours:
                    line.hours = line.hours
                    continue
                known = sum(hours.get(rec.id, 0.0) for rec in line._get_operations())
                line.hours = (
                    known
                    or (not line._get_operations() and line.hours)
                    or line.booking_id.type_id.default_hours
                    or 1.0
                )

    @api.depends("operation_id", "package_id", "booking_id.type_id")
    def _compute_needs(self):
        for line in self:
            values = line._get_needs()
            for name in NEEDS:
                line[name] = values[name]

    @api.depends("allocation_ids.start", "allocation_ids.stop", "allocation_ids.state")
    def _compute_period(self):
        for line in self:
            rows = line.allocation_ids.filtered(lambda row: row.state != "cancelled")
            line.start = min(rows.mapped("start"), default=False)
            line.stop = max(rows.mapped("stop"), default=False)

    @api.depends("allocation_ids.resource_id", "allocation_ids.state")
    def _compute_taken(self):
        for line in self:
            rows = line.allocation_ids.filtered(lambda row: row.state != "cancelled")
            line.taken = ", ".join(rows.sudo().resource_id.mapped("name"))

    def _get_operations(self):
        """Operations that the service consists of, on the vehicle of the booking.

        :return: auto.service.operation records
        """
        self.ensure_one()
        if self.package_id:
            rows = self.package_id._prepare_lines(self.booking_id.vehicle_id)
            return self.operation_id.concat(*(row["operation"] for row in rows))
        return self.operation_id

    def _get_operations_hours(self):
        """Hours that the board keeps for the operations of these services.

        The services have one vehicle and one branch; the times are read in one query.

        :return: dict of operation id -> hours, 0.0 where no time is known
        """
        operations = self.operation_id.union(*(line._get_operations() for line in self))
        operations = operations._origin
        if not operations:
            return {}
        times = operations._get_labour_times(
            self.booking_id.vehicle_id._origin,
            company=self[:1].booking_id.company_id or self.env.company,
        )
        return {
            operation.id: operation.booking_hours
            or (times[operation.id].chosen and times[operation.id].chosen.hours)
            or 0.0
            for operation in operations
        }

    def _get_needs(self):
        """What the service needs on the board; extend for other needs.

        :return: dict of field name -> value
        """
        self.ensure_one()
        kind = self.booking_id.type_id
        operations = self._get_operations().sudo()
        if not operations:
            return {
                "needs_bay": kind.needs_bay,
                "bay_kind_id": kind.bay_kind_id,
                "needs_technician": kind.needs_technician,
                "skill_ids": False,
                "skill_level": False,
                "equipment_kind_ids": False,
                "keeps_bay": False,
            }
        return {
            "needs_bay": any(operations.mapped("needs_bay")),
            "bay_kind_id": operations.bay_kind_id[:1] or kind.bay_kind_id,
            "needs_technician": True,
            "skill_ids": operations.skill_ids,
            "skill_level": max(operations.mapped("skill_level"), key=LEVELS.index),
            "equipment_kind_ids": operations.equipment_kind_ids,
            "keeps_bay": any(operations.mapped("keeps_bay")),
        }

    def _get_slot_line(self):
        """What the service needs, for ``auto.service.planner._find_slots``."""
        self.ensure_one()
        technician = self.technician_id.sudo()
        return {
            "key": self.id,
            "minutes": self.booking_id._round_up(self.hours * 60),
            "needs_bay": self.needs_bay,
            "bay_kind_id": self.bay_kind_id.id,
            "bay_resource_id": self.bay_id.sudo().resource_id.id,
            "needs_technician": self.needs_technician,
            "technician_resource_id": technician.resource_id.id,
            "skill_ids": self.skill_ids.ids,
            "skill_level": self.skill_level,
            "equipment_kind_ids": self.equipment_kind_ids.ids,
            "keeps_bay": self.keeps_bay,
        }

    def _make_job(self, order):
        """Make the service a job of ``order``, with its lines on the estimate.

        :param order: auto.service.order record
        :return: auto.service.job record
        """
        self.ensure_one()
        if self.recommendation_id.state == "open":
            return self.recommendation_id._revive_on(order)
        if self.package_id and self.package_id._prepare_lines(order.vehicle_id):
            return self.package_id._add_to_order(order)
        job = self.env["auto.service.job"].create(self._prepare_job_values(order))
        if self.operation_id:
            order._add_operations([{"operation_id": self.operation_id.id}], job)
        return job

    def _prepare_job_values(self, order):
        """Values of the job that the service becomes on ``order``."""
        self.ensure_one()
        return {"order_id": order.id, "name": self.name}

    def _get_planned_technician(self):
        """Who does the service, by the board.

        :return: hr.employee record, may be empty
        """
        self.ensure_one()
        rows = self.allocation_ids.filtered(
            lambda row: row.role == "technician" and row.state != "cancelled"
        )
        return rows[:1]._get_employee() or self.technician_id

    def _has_other_time(self):
        """Whether the time that is kept is not what the service needs now."""
        self.ensure_one()
        rows = self.allocation_ids.filtered(
            lambda row: row.state != "cancelled" and not row.is_gap
        )
        if not rows:
            return self.needs_bay or self.needs_technician
        blocks = rows.grouped("block").values()
        kept = sum(round(block[:1].hours * 60) for block in blocks)
        return kept != self.booking_id._round_up(self.hours * 60)
