from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_open_part_balance(self):
        """The balance of the product; of its first variant when there are several."""
        self.ensure_one()
        return self.product_variant_ids[:1].action_open_part_balance()
