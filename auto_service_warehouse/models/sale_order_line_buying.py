from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_quantity_asked(self, product):
        """What purchase orders that are not confirmed yet bring for the line.

        :param product: product.product record
        :return: float in the unit of the product
        """
        self.ensure_one()
        return sum(
            line.product_uom_qty
            for line in self.purchase_line_ids
            if line.product_id == product
            and line.order_id.state in ("draft", "sent", "to approve")
        )
