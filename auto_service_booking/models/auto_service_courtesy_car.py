from odoo import fields, models


class AutoServiceCourtesyCar(models.Model):
    _name = "auto.service.courtesy.car"
    _description = "Courtesy Car"
    _inherit = ["auto.service.plannable"]
    _role = "courtesy_car"

    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        index="btree_not_null",
        ondelete="restrict",
        help="Vehicle of the company that is lent.",
    )
