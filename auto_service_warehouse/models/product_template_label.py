from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_print_part_labels(self):
        """Print labels of the parts."""
        return self.product_variant_ids.action_print_part_labels()
