from odoo import api, models

from .auto_service_board import ROLE_MODELS

FOUND = 8


class AutoServicePlanner(models.AbstractModel):
    """Small questions of the board: what a box shows, what a field finds."""

    _inherit = "auto.service.planner"

    @api.model
    @api.readonly
    def get_block_details(self, block):
        """What a click on a block tells beyond what the board shows anyway.

        :param int block: number of the block
        :return: dict with ``phone``, ``note``, ``waiting``
        """
        self._check_board_access()
        domain = [("block", "=", block), ("state", "!=", "cancelled")]
        row = self.env["auto.service.allocation"].search(domain, limit=1)
        source = row.booking_id or row.order_id
        order = row.order_id or row.booking_id.order_id
        return {
            "phone": source.phone or False,
            "note": row.booking_id.note or order.complaint or False,
            "waiting": order.waiting_reason_id.name or False,
        }

    @api.model
    @api.readonly
    def search_board_vehicles(self, text):
        """Customers' vehicles for the box "Plate".

        :param str text: plate, name or telephone, as the box of vehicles takes it
        :return: list of dicts
        """
        vehicles = self.env["fleet.vehicle"]
        if not (text or "").strip():
            return []
        domain = vehicles._get_search_domain(text)
        return [
            {
                "id": vehicle.id,
                "plate": vehicle.license_plate or "",
                "label": " · ".join(
                    part
                    for part in (
                        vehicle.license_plate,
                        vehicle.model_id.name,
                        vehicle.owner_id.name,
                    )
                    if part
                ),
                "partner": vehicle.owner_id.id,
                "customer": vehicle.owner_id.name or "",
                "phone": vehicle.owner_id.phone or "",
            }
            for vehicle in vehicles.search(domain, limit=FOUND)
        ]

    @api.model
    def get_resource_action(self, resource_id):
        """Form of a row: the bay, the technician, the courtesy car.

        :return: act_window action
        """
        resource = self.env["resource.resource"].browse(resource_id).sudo()
        model = ROLE_MODELS[resource.auto_service_role]
        domain = [("resource_id", "=", resource_id)]
        record = self.env[model].with_context(active_test=False).search(domain, limit=1)
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record.id,
            "views": [[False, "form"]],
        }
