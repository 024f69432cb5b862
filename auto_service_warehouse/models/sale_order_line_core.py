from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_core_price(self):
        """Deposit for one old part of the line; extend in your addon.

        :return: float in the currency of the company
        """
        self.ensure_one()
        return self.product_id.auto_service_core_price
