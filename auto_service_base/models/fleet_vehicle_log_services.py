from odoo import fields, models


class FleetVehicleLogServices(models.Model):
    _inherit = "fleet.vehicle.log.services"

    vehicle_id = fields.Many2one(domain=[("is_customer_vehicle", "=", False)])
