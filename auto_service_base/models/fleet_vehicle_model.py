from odoo import api, fields, models
from odoo.fields import Domain


class FleetVehicleModel(models.Model):
    """The fleet app's model screens count the company's own vehicles, as before."""

    _inherit = "fleet.vehicle.model"

    default_fuel_type = fields.Selection(
        default=lambda self: self._get_default_fuel_type(),
        help="Fuel of new vehicles of the model.",
    )

    @api.model
    def _get_default_fuel_type(self):
        """Nothing for people of the garage: labour times go by the fuel.

        The fleet app takes every new model for electric, and so all its vehicles.
        """
        is_garage = self.env.user.has_group("auto_service_base.group_user")
        return False if is_garage else "electric"

    def _compute_vehicle_count(self):
        groups = self.env["fleet.vehicle"]._read_group(
            self._get_company_vehicle_domain() & Domain("model_id", "in", self.ids),
            ["model_id"],
            ["__count"],
        )
        counts = {model.id: count for model, count in groups}
        for model in self:
            model.vehicle_count = counts.get(model.id, 0)

    def action_model_vehicle(self):
        action = super().action_model_vehicle()
        return dict(action, domain=list(self._get_company_vehicle_domain()))

    def _get_company_vehicle_domain(self):
        """Domain of the vehicles that the fleet app's screens show."""
        return Domain("is_customer_vehicle", "=", False)
