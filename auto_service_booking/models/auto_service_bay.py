from odoo import models


class AutoServiceBay(models.Model):
    _name = "auto.service.bay"
    _description = "Bay"
    _inherit = ["auto.service.plannable"]
    _role = "bay"
