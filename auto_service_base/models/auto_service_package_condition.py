from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.vehicle_match import format_name
from .auto_service_vehicle_match import MATCH_FIELDS


class AutoServicePackageCondition(models.Model):
    """Vehicles that a package is for, or not for."""

    _name = "auto.service.package.condition"
    _description = "Vehicles of a Package"
    _inherit = ["auto.service.vehicle.match"]
    _order = "exclude, id"

    package_id = fields.Many2one(
        "auto.service.package",
        required=True,
        index=True,
        ondelete="cascade",
        help="Package whose vehicles are described.",
    )
    exclude = fields.Boolean(
        string="Not for these",
        help="The package is for every vehicle but these. What is not known of a "
        "vehicle excludes nothing.",
    )

    @api.depends(*MATCH_FIELDS, "exclude")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self._get_condition_labels()
        for condition in self:
            values = dict(condition._get_match_conditions())
            values.update(brand=condition.brand_id.name, model=condition.model_id.name)
            names = [format_name(values, labels), condition.category_id.name]
            text = " ".join(name for name in names if name)
            condition.display_name = (
                self.env._("not %(vehicles)s", vehicles=text)
                if condition.exclude
                else text
            )

    @api.model
    def _get_condition_labels(self):
        """Word of each value of the selections that describe vehicles."""
        labels = {}
        for field in self._fields.values():
            if field.type == "selection":
                labels.update(dict(field._description_selection(self.env)))
        return labels

    @api.constrains(*MATCH_FIELDS)
    def _check_says_something(self):
        empty = self.filtered(
            lambda condition: not any(condition._get_match_conditions().values())
        )
        if empty:
            raise ValidationError(
                self.env._(
                    "%(packages)s: a line describes no vehicle. Say something about "
                    "the vehicle, or delete the line.",
                    packages=", ".join(empty.package_id.mapped("name")),
                )
            )
