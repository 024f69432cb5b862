from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.labour_adjust import Rule


class AutoServiceLabourAdjustment(models.Model):
    """What the garage adds to labour times or takes off them.

    Guides give times for new vehicles in good shape. Every rule that fits counts; per
    cents are all of the hours after deductions, so their order does not matter.
    """

    _name = "auto.service.labour.adjustment"
    _description = "Labour Adjustment"
    _inherit = ["auto.service.labour.rule"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="Reason, as advisor and customer read it, for example “vehicle over ten "
        "years”.",
    )
    sequence = fields.Integer(
        default=10, help="Rules with low numbers are listed first; all of them count."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Company and its branches for which the rule holds. Empty: every company.",
    )
    odometer_from = fields.Integer(
        string="Odometer from (km)",
        default=0,
        aggregator=None,
        help="Kilometres that the vehicle has run at least.",
    )
    odometer_to = fields.Integer(
        string="Odometer below (km)",
        default=0,
        aggregator=None,
        help="The rule holds below this distance. Zero: whatever the distance.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        index="btree_not_null",
        domain="[('brand_id', '=?', brand_id)]",
        ondelete="restrict",
        help="Only vehicles of this model.",
    )
    partner_category_id = fields.Many2one(
        "res.partner.category",
        string="Customer group",
        index="btree_not_null",
        ondelete="restrict",
        help="Only customers with this tag, or one below it.",
    )
    hours_from = fields.Float(
        string="Hours from",
        aggregator=None,
        help="Only operations that take at least these hours.",
    )
    hours_to = fields.Float(
        string="Hours below",
        aggregator=None,
        help="Only operations that take less. Zero: however long they take.",
    )
    operation_category_id = fields.Many2one(
        "auto.service.operation.category",
        string="Category of operations",
        index="btree_not_null",
        ondelete="restrict",
        help="Only operations of this category, or one below it.",
    )
    percent = fields.Float(
        string="Per cent",
        aggregator=None,
        help="Part of the hours that is added; below zero it is taken off.",
    )
    hours = fields.Float(
        string="Hours added",
        aggregator=None,
        help="Hours that are added to every operation; below zero they are taken off.",
    )
    active = fields.Boolean(
        default=True, help="An archived rule does not count any more."
    )

    _effect_given = models.Constraint(
        "CHECK (COALESCE(percent, 0) <> 0 OR COALESCE(hours, 0) <> 0)",
        "Say what the rule adds or takes off: per cent, hours or both.",
    )
    _percent_sane = models.Constraint(
        "CHECK (percent > -100)",
        "A rule cannot take off all of the hours or more.",
    )
    _limits_positive = models.Constraint(
        "CHECK (age_from >= 0 AND odometer_from >= 0 AND hours_from >= 0)",
        "Ages, distances and hours of a rule start at zero or above.",
    )
    _limits_ordered = models.Constraint(
        "CHECK ((COALESCE(age_to, 0) = 0 OR age_to > COALESCE(age_from, 0))"
        " AND (COALESCE(odometer_to, 0) = 0"
        " OR odometer_to > COALESCE(odometer_from, 0))"
        " AND (COALESCE(hours_to, 0) = 0 OR hours_to > COALESCE(hours_from, 0)))",
        "A rule must end above its beginning: the second number is the first one that "
        "is too high.",
    )

    @api.model
    def _get_condition_fields(self):
        return (
            *super()._get_condition_fields(),
            *("model_id", "partner_category_id", "operation_category_id"),
            *("odometer_from", "odometer_to", "hours_from", "hours_to"),
        )

    def _get_condition_texts(self):
        return [
            *super()._get_condition_texts(),
            self._get_range_text("odometer", self.env._("km")),
            self._get_range_text("hours", self.env._("hours")),
        ]

    @api.model
    def _get_adjustments(self, vehicle, partner, company, date):
        """Rules for a visit; those for single operations still ask `_fits_line`.

        What nobody knows about the vehicle never fits a rule that asks for it.

        :param vehicle: fleet.vehicle record, may be empty
        :param partner: res.partner record, may be empty
        :param company: res.company record of the visit
        :param date date: day on which the age of the vehicle counts
        :return: auto.service.labour.adjustment records, found in one query
        """
        domain = self._get_adjustment_domain(vehicle, partner, company, date)
        return self.search_fetch(domain, list(self._get_rule_fields()))

    @api.model
    def _get_rule_fields(self):
        """Fields that :meth:`_fits_line` and :meth:`_get_engine_rules` read."""
        return (
            *("name", "percent", "hours", "hours_from", "hours_to"),
            *("labour_category", "operation_category_id"),
        )

    @api.model
    def _get_adjustment_domain(self, vehicle, partner, company, date):
        """Which rules fit a visit; override to add a condition of your own."""
        customer = partner | partner.commercial_partner_id
        return Domain.AND(
            [
                [("company_id", "in", [False, *company.sudo().parent_ids.ids])],
                [("brand_id", "in", [False, *vehicle.model_id.brand_id.ids])],
                [("model_id", "in", [False, *vehicle.model_id.ids])],
                self._get_tag_domain(customer.category_id),
                self._get_range_domain("age", vehicle._get_age(date)),
                self._get_range_domain("odometer", vehicle._get_odometer_km()),
            ]
        )

    @api.model
    def _get_tag_domain(self, tags):
        """Rules without a customer group, or with one of ``tags`` or above them."""
        paths = "/".join(path for path in tags.mapped("parent_path") if path)
        above = {int(number) for number in paths.split("/") if number}
        return Domain("partner_category_id", "in", [False, *sorted(above)])

    @api.model
    def _get_range_domain(self, name, value):
        """Rules whose range holds ``value``; ``None`` only fits an open range."""
        if value is None:
            return Domain(f"{name}_from", "=", 0) & Domain(f"{name}_to", "=", 0)
        return Domain(f"{name}_from", "<=", value) & (
            Domain(f"{name}_to", "=", 0) | Domain(f"{name}_to", ">", value)
        )

    def _fits_line(self, hours, operation):
        """Whether the rule holds for one operation.

        :param float hours: hours of the operation after all deductions
        :param operation: auto.service.operation record
        """
        self.ensure_one()
        if self.labour_category not in (False, operation.labour_category):
            return False
        if not operation._is_of_category(self.operation_category_id):
            return False
        hours = round(hours, 6)
        return self.hours_from <= hours and (not self.hours_to or hours < self.hours_to)

    def _get_engine_rules(self, hours, operation):
        """Rules that hold for one operation, as ``tools/labour_adjust`` takes them.

        :param float hours: hours of the operation after all deductions
        :param operation: auto.service.operation record
        :return: list of ``labour_adjust.Rule``
        """
        return [
            Rule(rule.id, rule.name, rule.percent, rule.hours)
            for rule in self
            if rule._fits_line(hours, operation)
        ]
