from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AutoServiceMaintenanceRecord(models.Model):
    """Maintenance that no work order tells of: done elsewhere, or set right by hand."""

    _name = "auto.service.maintenance.record"
    _description = "Maintenance on Record"
    _order = "date desc, id desc"

    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        required=True,
        index=True,
        ondelete="cascade",
        help="Vehicle that was maintained.",
    )
    item_id = fields.Many2one(
        "auto.service.maintenance.item",
        string="Work of a plan",
        index="btree_not_null",
        ondelete="set null",
        help="Work of the maintenance plan that was done.",
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        compute="_compute_operation_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Operation that was done; it counts for every plan with this operation.",
    )
    name = fields.Char(
        string="Work",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What was done. It stays when the plan changes.",
    )
    date = fields.Date(
        string="Done on",
        default=fields.Date.context_today,
        help="Day on which it was done. Only a correction may leave it empty: then "
        "nothing is known of the last time.",
    )
    odometer = fields.Integer(
        help="What the odometer showed then, in the unit of the vehicle. Zero: "
        "unknown; it is estimated from the readings."
    )
    odometer_unit = fields.Selection(
        related="vehicle_id.odometer_unit", help="Unit of the vehicle's odometer."
    )
    is_correction = fields.Boolean(
        string="Correction",
        help="What work orders and earlier entries tell does not count; only work done "
        "after this entry does.",
    )
    note = fields.Char(
        help="Where it was done, or why the record is corrected: stamp in the service "
        "book, an invoice, the word of the customer."
    )

    _odometer_positive = models.Constraint(
        "CHECK (odometer IS NULL OR odometer >= 0)",
        "The odometer cannot be below zero. Leave zero when it is unknown.",
    )
    _date_given = models.Constraint(
        "CHECK (date IS NOT NULL OR is_correction IS TRUE)",
        "Enter the day on which the maintenance was done.",
    )

    @api.depends("item_id")
    def _compute_operation_id(self):
        for record in self:
            record.operation_id = record.item_id.operation_id or record.operation_id

    @api.depends("item_id", "operation_id")
    def _compute_name(self):
        for record in self:
            item, operation = record.item_id, record.operation_id
            title = item._get_title() if item else operation.name
            record.name = title or record.name

    @api.constrains("date")
    def _check_date(self):
        """What is not done yet is not on record."""
        today = fields.Date.context_today(self)
        wrong = self.filtered(lambda record: record.date and record.date > today)
        if wrong:
            raise ValidationError(
                self.env._(
                    "%(works)s: the day lies in the future. Enter when it was done.",
                    works=", ".join(wrong.mapped("name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.vehicle_id._update_next_maintenance()
        return records

    def write(self, vals):
        vehicles = self.vehicle_id
        res = super().write(vals)
        (vehicles | self.vehicle_id)._update_next_maintenance()
        return res

    def unlink(self):
        vehicles = self.vehicle_id
        res = super().unlink()
        vehicles._update_next_maintenance()
        return res
