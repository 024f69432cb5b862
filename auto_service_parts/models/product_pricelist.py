from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        """Rules are read once for all offers of an enquiry.

        :param dict auto_service_rules: in ``kwargs``: rules that were read already, and
            all products by the name of their model
        """
        cache = kwargs.get("auto_service_rules")
        if cache is None:
            return super()._get_applicable_rules(products, date, **kwargs)
        key = (self, products._name)
        if key not in cache:
            every = cache.get(products._name, products)
            cache[key] = super()._get_applicable_rules(every, date, **kwargs)
        return cache[key]
