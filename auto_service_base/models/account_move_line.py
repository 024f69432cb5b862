from odoo import fields, models


class AccountMoveLine(models.Model):
    """A vehicle on a vendor bill is a cost of the fleet: only own vehicles."""

    _inherit = "account.move.line"

    vehicle_id = fields.Many2one(domain=[("is_customer_vehicle", "=", False)])
