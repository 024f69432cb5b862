from odoo import models
from odoo.fields import Domain


class FleetVehicleModel(models.Model):
    """The fleet app's model screens count the company's own vehicles, as before."""

    _inherit = "fleet.vehicle.model"

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
