from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceVehicleMerge(models.TransientModel):
    _name = "auto.service.vehicle.merge"
    _description = "Merge Vehicles"

    vehicle_ids = fields.Many2many(
        comodel_name="fleet.vehicle",
        string="Vehicles",
        required=True,
        domain=[("is_customer_vehicle", "=", True)],
        help="Entries of one and the same vehicle.",
    )
    target_id = fields.Many2one(
        comodel_name="fleet.vehicle",
        string="Keep",
        required=True,
        domain="[('id', 'in', vehicle_ids)]",
        help="Entry that stays. The others are archived and everything they have moves "
        "to it.",
    )

    @api.model
    def default_get(self, fields):
        """Take the vehicles that are selected in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "fleet.vehicle":
            ids = self.env.context.get("active_ids") or []
            values.setdefault("vehicle_ids", ids)
            values.setdefault("target_id", self._get_best_target(ids).id)
        return values

    @api.model
    def _get_best_target(self, ids):
        """The entry with most visits stays, the oldest of equals.

        :param list ids: ids of fleet.vehicle
        :return: fleet.vehicle record, empty without vehicles
        """
        vehicles = self.env["fleet.vehicle"].browse(ids)
        return vehicles.sorted(lambda vehicle: (-vehicle.work_order_count, vehicle.id))[
            :1
        ]

    def action_merge(self):
        """Merge and open the vehicle that stays.

        :return: act_window action
        """
        self.ensure_one()
        if self.target_id not in self.vehicle_ids:
            raise UserError(
                self.env._(
                    "%(vehicle)s is not among the vehicles to merge; choose which of "
                    "them to keep.",
                    vehicle=self.target_id.display_name,
                )
            )
        self.vehicle_ids._merge_into(self.target_id)
        return self.target_id.get_formview_action()

    def _get_form_action(self):
        """Action that opens this wizard."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Vehicles"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
