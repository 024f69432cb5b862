from odoo import fields, models


class FleetVehicle(models.Model):
    _inherit = "fleet.vehicle"

    work_order_ids = fields.One2many(
        "auto.service.order",
        "vehicle_id",
        string="Visits",
        help="Visits of the vehicle, newest first.",
    )
    work_order_count = fields.Integer(
        compute="_compute_work_order_count", help="Visits that were not cancelled."
    )
    open_work_order_count = fields.Integer(
        compute="_compute_work_order_count", help="Visits that are not finished."
    )
    recommendation_ids = fields.One2many(
        "auto.service.recommendation",
        "vehicle_id",
        domain=[("state", "in", ("open", "scheduled"))],
        help="Work that is recommended and not done yet.",
    )
    recommendation_count = fields.Integer(
        compute="_compute_recommendation_count",
        help="Open recommendations for the vehicle.",
    )

    def _compute_work_order_count(self):
        groups = self.env["auto.service.order"]._read_group(
            [("vehicle_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["vehicle_id", "state"],
            ["__count"],
        )
        totals, opened = {}, {}
        for vehicle, state, count in groups:
            totals[vehicle] = totals.get(vehicle, 0) + count
            if state == "open":
                opened[vehicle] = count
        for vehicle in self:
            vehicle.work_order_count = totals.get(vehicle, 0)
            vehicle.open_work_order_count = opened.get(vehicle, 0)

    def _compute_recommendation_count(self):
        counts = dict(
            self.env["auto.service.recommendation"]._read_group(
                [("vehicle_id", "in", self.ids), ("state", "=", "open")],
                ["vehicle_id"],
                ["__count"],
            )
        )
        for vehicle in self:
            vehicle.recommendation_count = counts.get(vehicle, 0)

    def action_new_work_order(self):
        """Open the form of a new visit of the vehicle.

        :return: act_window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "auto.service.order",
            "view_mode": "form",
            "context": {
                "default_vehicle_id": self.id,
                "default_partner_id": self.owner_id.id,
            },
        }

    def action_view_work_orders(self):
        """Open the visits of the vehicle.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_order_action"
        )
        action["domain"] = [("vehicle_id", "in", self.ids)]
        action["context"] = {"default_vehicle_id": self[:1].id}
        return action

    def action_view_recommendations(self):
        """Open the recommended work of the vehicle.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_recommendation_action"
        )
        action["domain"] = [("vehicle_id", "in", self.ids)]
        action["context"] = {
            "search_default_open": 1,
            "default_vehicle_id": self[:1].id,
        }
        return action
