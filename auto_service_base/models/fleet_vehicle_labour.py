from odoo import fields, models

# What decides which labour times fit: when it changes, the open estimates follow.
LABOUR_FIELDS = {
    "model_id",
    "generation",
    "engine_code",
    "ktype",
    "engine_capacity",
    "power",
    "fuel_type",
    "transmission",
    "drive",
    "body",
    "category_id",
    "build_year",
    "first_registration_date",
}


class FleetVehicle(models.Model):
    """A vehicle that turns out to be another one has other labour times."""

    _inherit = "fleet.vehicle"

    def write(self, vals):
        before = self._get_labour_identity(vals)
        res = super().write(vals)
        changed = self.filtered(
            lambda vehicle: before.get(vehicle.id)
            and before[vehicle.id] != vehicle._get_labour_identity(vals)[vehicle.id]
        )
        if changed:
            changed._follow_labour_times()
        return res

    def _get_labour_identity(self, vals):
        """What of the written values decides on labour times.

        :param dict vals: values of ``write``
        :return: dict of vehicle id to tuple, empty when nothing of it is written
        """
        names = sorted(LABOUR_FIELDS & set(vals))
        if not names:
            return {}
        return {vehicle.id: tuple(vehicle[name] for name in names) for vehicle in self}

    def _follow_labour_times(self):
        """Look the times of estimates up again that no customer has seen yet."""
        # Whoever corrects a vehicle need not have rights to estimates.
        orders_sudo = (
            self.env["auto.service.order"]
            .sudo()
            .search([("vehicle_id", "in", self.ids), ("state", "=", "open")])
        )
        for order in orders_sudo:
            if order._sync_labour(states=("draft",)):
                order._message_log(
                    body=self.env._(
                        "The vehicle's data changed: the labour hours of the estimate "
                        "were looked up again."
                    )
                )

    def _is_under_warranty(self):
        """Whether the maker's warranty of the vehicle still runs today."""
        today = fields.Date.context_today(self)
        return any(
            vehicle.warranty_until and vehicle.warranty_until >= today
            for vehicle in self
        )
