from odoo import models


class AutoServiceEquipment(models.Model):
    """Equipment that only one job at a time can use: tester, press, lifting table."""

    _name = "auto.service.equipment"
    _description = "Equipment"
    _inherit = ["auto.service.plannable"]
    _role = "equipment"
