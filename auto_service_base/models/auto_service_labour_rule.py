from odoo import api, fields, models

from .auto_service_operation import LABOUR_CATEGORIES


class AutoServiceLabourRule(models.AbstractModel):
    """What adjustments and rates may ask for alike, and how it reads."""

    _name = "auto.service.labour.rule"
    _description = "Conditions on Labour"

    labour_category = fields.Selection(
        LABOUR_CATEGORIES, help="Only operations of this trade. Empty: any trade."
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        string="Make",
        index="btree_not_null",
        ondelete="restrict",
        help="Only vehicles of this make. Empty: any make.",
    )
    age_from = fields.Integer(
        string="Age from",
        default=0,
        aggregator=None,
        help="Full years of the vehicle since its first registration.",
    )
    age_to = fields.Integer(
        string="Age below",
        default=0,
        aggregator=None,
        help="Only vehicles younger than this, in years. Zero: of any age.",
    )
    conditions = fields.Char(
        string="Holds for",
        compute="_compute_conditions",
        help="Vehicles, customers and work that it holds for.",
    )

    @api.depends(lambda self: self._get_condition_fields())
    @api.depends_context("lang")
    def _compute_conditions(self):
        for rule in self:
            rule.conditions = rule._get_reason() or self.env._("Everything")

    @api.model
    def _get_condition_fields(self):
        """Fields that are conditions, in the order in which they are told."""
        return ("labour_category", "brand_id", "age_from", "age_to")

    def _get_reason(self):
        """What is asked for, in a few words: why the rule or rate counts.

        :return: translated text, empty when nothing is asked for
        """
        self.ensure_one()
        return " · ".join(text for text in self._get_condition_texts() if text)

    def _get_condition_texts(self):
        """One text for each condition; override together with the fields."""
        texts = [
            self._get_condition_text(name)
            for name in self._get_condition_fields()
            if not name.endswith(("_from", "_to"))
        ]
        return [*texts, self._get_range_text("age", self.env._("years"))]

    def _get_condition_text(self, name):
        """Value of a field in words."""
        value = self[name]
        if self._fields[name].type == "selection":
            return dict(self._fields[name]._description_selection(self.env)).get(value)
        return value.display_name

    def _get_range_text(self, name, unit):
        """Range in words, empty when there is none.

        :param str name: ``age`` for the fields ``age_from`` and ``age_to``
        :param str unit: translated unit
        """
        first, last = self[f"{name}_from"], self[f"{name}_to"]
        texts = {"first": f"{first:g}", "last": f"{last:g}", "unit": unit}
        if first and last:
            return self.env._("%(first)s to below %(last)s %(unit)s", **texts)
        if first:
            return self.env._("from %(first)s %(unit)s", **texts)
        return self.env._("below %(last)s %(unit)s", **texts) if last else ""
