from odoo import fields, models


class FleetVehicleLogContract(models.Model):
    _inherit = "fleet.vehicle.log.contract"

    vehicle_id = fields.Many2one(domain=[("is_customer_vehicle", "=", False)])
