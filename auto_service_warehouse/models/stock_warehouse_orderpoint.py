from odoo import models


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def action_save_rule(self):
        """Close the dialog; what was typed is saved by then."""
        return {"type": "ir.actions.act_window_close"}
