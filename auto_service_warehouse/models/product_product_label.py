from odoo import models
from odoo.tools.misc import formatLang


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_print_part_labels(self):
        """Print labels of the parts."""
        return self.env["auto.service.label"]._open(self)

    def _get_label_values(self):
        """What stands on the labels of the parts.

        :return: list of dicts of values of auto.service.label.line
        """
        return [
            {
                "title": product.with_context(display_default_code=False).display_name,
                "text": product.default_code,
                "code": product.barcode or product.default_code,
                "price": product._get_label_price(),
            }
            for product in self
        ]

    def _get_label_price(self):
        """Sales price as it is printed on a label."""
        self.ensure_one()
        return formatLang(self.env, self.lst_price, currency_obj=self.currency_id)
