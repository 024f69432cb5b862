from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ..tools.maintenance import Interval, to_unit


class PlannedWork(NamedTuple):
    """Work of a plan as plain data, for many vehicles at once."""

    item: object
    sequence: int
    title: str
    name: str
    interval: Interval
    operation_id: int
    package_id: int
    operations: frozenset

    def is_told_by(self, entry):
        """Whether an entry by hand tells when this work was done.

        :param entry: with item_id, package_id, operation_id and name
        """
        if entry.item_id == self.item.id:
            return True
        if self.package_id and entry.package_id == self.package_id:
            return True
        if entry.operation_id and self.operation_id:
            return entry.operation_id == self.operation_id
        return entry.name == self.name


class AutoServiceMaintenanceItem(models.Model):
    """Work of a maintenance plan: what, and how often by distance and by time.

    Whichever limit comes first counts. Distances are stored in kilometres; the plan
    says in which unit people enter them.
    """

    _name = "auto.service.maintenance.item"
    _description = "Work of a Maintenance Plan"
    _order = "sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "auto.service.maintenance.plan",
        string="Plan",
        required=True,
        index=True,
        ondelete="cascade",
        help="Plan that asks for the work.",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, help="Company of the plan."
    )
    sequence = fields.Integer(default=10, help="Place of the work in the plan.")
    name = fields.Char(
        string="Work",
        translate=True,
        help="What is done, as the customer reads it. Empty: the name of the "
        "operation or package.",
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Labour operation that does the work: when it was done on a work order, "
        "the next time is counted from there.",
    )
    package_id = fields.Many2one(
        "auto.service.package",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Service package that does the work, instead of one operation.",
    )
    interval_km = fields.Integer(
        string="Every (km)",
        help="Kilometres from one time to the next. Zero: distance does not matter.",
    )
    interval_months = fields.Integer(
        string="Every (months)",
        help="Months from one time to the next. Zero: time does not matter.",
    )
    first_km = fields.Integer(
        string="First at (km)",
        help="Kilometres of a new vehicle when the work is due for the first time. "
        "Zero: after the usual distance.",
    )
    first_months = fields.Integer(
        string="First after (months)",
        help="Months after the first registration when the work is due for the first "
        "time. Zero: after the usual months.",
    )
    odometer_unit = fields.Selection(
        related="plan_id.odometer_unit", help="Unit in which distances are entered."
    )
    interval_distance = fields.Integer(
        string="Every",
        compute="_compute_distances",
        inverse="_inverse_interval_distance",
        help="Distance from one time to the next, in the unit of the plan. Zero: "
        "distance does not matter.",
    )
    first_distance = fields.Integer(
        string="First at",
        compute="_compute_distances",
        inverse="_inverse_first_distance",
        help="Odometer of a new vehicle when the work is due for the first time, in "
        "the unit of the plan. Zero: after the usual distance.",
    )
    note = fields.Char(help="What to mind, for example which oil.")

    _not_negative = models.Constraint(
        "CHECK (interval_km >= 0 AND interval_months >= 0"
        " AND first_km >= 0 AND first_months >= 0)",
        "Distances and months of maintenance cannot be negative. Leave zero where one "
        "of them does not matter.",
    )
    _operation_or_package = models.Constraint(
        "CHECK (operation_id IS NULL OR package_id IS NULL)",
        "Choose an operation or a package for the work, not both.",
    )
    _some_limit = models.Constraint(
        "CHECK (GREATEST(interval_km, interval_months, first_km, first_months, 0) > 0)",
        "Say after how many kilometres or months the work is due.",
    )

    @api.depends("interval_km", "first_km", "plan_id.odometer_unit")
    def _compute_distances(self):
        for item in self:
            unit = item.plan_id.odometer_unit
            item.interval_distance = round(to_unit(item.interval_km, unit))
            item.first_distance = round(to_unit(item.first_km, unit))

    def _inverse_interval_distance(self):
        for item in self:
            item.interval_km = item.plan_id._to_km(item.interval_distance)

    def _inverse_first_distance(self):
        for item in self:
            item.first_km = item.plan_id._to_km(item.first_distance)

    @api.depends("name", "operation_id.name", "package_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item._get_title()

    @api.constrains("plan_id", "name", "operation_id", "package_id")
    def _check_named(self):
        unnamed = self.filtered(lambda item: not item._get_title())
        if unnamed:
            raise ValidationError(
                self.env._(
                    "Every work of %(plans)s needs an operation, a package or a name.",
                    plans=", ".join(unnamed.plan_id.mapped("name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_distances(vals) for vals in vals_list])

    @api.model
    def _complete_distances(self, vals):
        """Values of a new item with distances in kilometres.

        The inverses come too late: the database asks for a limit at once.
        """
        plan = self.env["auto.service.maintenance.plan"].browse(vals.get("plan_id"))
        vals = dict(vals)
        for name in ("interval", "first"):
            distance = vals.pop(f"{name}_distance", 0)
            if distance and not vals.get(f"{name}_km"):
                vals[f"{name}_km"] = plan._to_km(distance)
        return vals

    def _get_title(self):
        """Name of the work as people read it."""
        self.ensure_one()
        return self.name or self.operation_id.name or self.package_id.name or ""

    def _get_subject(self):
        """What makes two items of different plans the same work.

        :return: hashable tuple
        """
        self.ensure_one()
        if self.operation_id:
            return ("operation", self.operation_id.id)
        if self.package_id:
            return ("package", self.package_id.id)
        return ("name", (self.name or "").strip().lower())

    def _get_interval(self):
        """The limits as plain data.

        :return: Interval, kilometres and months
        """
        self.ensure_one()
        return Interval(
            km=self.interval_km,
            months=self.interval_months,
            first_km=self.first_km,
            first_months=self.first_months,
        )

    @api.model
    def _get_due_fields(self):
        """Fields that tell what is due; fetched at once for all plans."""
        return [
            "plan_id",
            "sequence",
            "name",
            "operation_id",
            "package_id",
            "interval_km",
            "interval_months",
            "first_km",
            "first_months",
        ]

    def _get_work(self):
        """The item as plain data.

        :return: PlannedWork
        """
        self.ensure_one()
        title = self._get_title()
        return PlannedWork(
            item=self,
            sequence=self.sequence,
            title=title,
            name=title.strip().lower(),
            interval=self._get_interval(),
            operation_id=self.operation_id.id,
            package_id=self.package_id.id,
            operations=frozenset(self._get_work_operations()),
        )

    def _get_work_operations(self):
        """Operations that must have been done in one job for the work to be done.

        :return: set of ids; empty when no operation can tell
        """
        self.ensure_one()
        lines = self.package_id.line_ids.filtered(lambda line: not line.vehicle_type_id)
        return set((self.operation_id | lines.operation_id).ids)

    def _get_interval_text(self, unit):
        """How often the work is due, for a vehicle with an odometer in ``unit``.

        :return: translated text, for example "15,000 km or 12 months"
        """
        self.ensure_one()
        return self._join_limits(
            self.interval_km, self.interval_months, unit
        ) or self.env._(
            "once at %(limits)s",
            limits=self._join_limits(self.first_km, self.first_months, unit),
        )

    def _join_limits(self, km, months, unit):
        """Distance and months as one text, empty without both."""
        units = dict(self._fields["odometer_unit"]._description_selection(self.env))
        texts = []
        if km:
            # 10,000 mi are stored as 16,093 km: nobody wants to read 16,093.
            number = round(to_unit(km, unit), 0 if unit == self.odometer_unit else -2)
            texts.append(f"{formatLang(self.env, number, digits=0)} {units[unit]}")
        if months:
            texts.append(self.env._("%(count)s months", count=months))
        return self.env._(" or ").join(texts)
