from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.vehicle_match import engine_key

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

    @api.onchange("engine_code")
    def _onchange_engine_code(self):
        self.update(self._prepare_engine_values({"engine_code": self.engine_code}))

    def write(self, vals):
        if vals.get("engine_code") and len(self) == 1:
            vals = {**self._prepare_engine_values(vals), **vals}
        before = self._get_labour_identity(vals)
        res = super().write(vals)
        changed = self.filtered(
            lambda vehicle: before.get(vehicle.id)
            and before[vehicle.id] != vehicle._get_labour_identity(vals)[vehicle.id]
        )
        if changed:
            changed._follow_labour_times()
        return res

    def _prepare_engine_values(self, vals):
        """What follows from another engine: its size, power and fuel.

        Taken from the vehicle types with this engine in the same model, where they
        agree. A K-type that belongs to other engines goes.

        :param dict vals: values that are written, with the ``engine_code``
        :return: dict of values
        """
        self.ensure_one()
        model_id = vals.get("model_id") or self.model_id.id
        key = engine_key(vals["engine_code"])
        if not key or not model_id or key == engine_key(self._origin.engine_code):
            return {}
        # The fleet app's people write engine codes too, and have no vehicle types.
        types = (
            self.env["auto.service.vehicle.type"]
            .sudo()
            .search(
                Domain("model_id", "=", model_id) & Domain("engine_key", "like", key)
            )
        )
        values = [self._prepare_type_values(record) for record in types]
        names = {"engine_capacity", "power", "power_unit", "fuel_type"}
        common = {
            name: values[0][name]
            for name in (names & set(values[0]) if values else ())
            if all(row.get(name) == values[0][name] for row in values)
        }
        if self._is_ktype_of_other_engines(vals, key):
            common["ktype"] = False
        return common

    def _is_ktype_of_other_engines(self, vals, key):
        """Whether the K-type of the vehicle is known for other engines only."""
        if not self.ktype or "ktype" in vals:
            return False
        # As above: not only the garage writes vehicles.
        types = (
            self.env["auto.service.vehicle.type"]
            .sudo()
            .search([("ktype", "=", self.ktype), ("engine_key", "!=", False)])
        )
        return bool(types) and not any(key in record.engine_key for record in types)

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
