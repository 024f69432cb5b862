import math

from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_print_part_labels(self):
        """Print a label for every piece of the transfers: what came gets its label."""
        quantities = {}
        for line in self.move_line_ids:
            product = line.product_id
            quantities[product] = (
                quantities.get(product, 0.0) + line.quantity_product_uom
            )
        products = self.env["product.product"].concat(*quantities)
        copies = {
            product.id: math.ceil(quantity) for product, quantity in quantities.items()
        }
        return self.env["auto.service.label"]._open(products, copies)
