from odoo import models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _compute_base_price(self, product, quantity, uom, date, currency, **kwargs):
        """Pricelists reckon from the price of an offer as from a product's.

        :param tuple auto_service_part: in ``kwargs``: company, its price and the cost
            of the offer, in its currency
        """
        part = kwargs.get("auto_service_part")
        base = self.base or "list_price"
        if not part or (base == "pricelist" and self.base_pricelist_id):
            return super()._compute_base_price(
                product, quantity, uom, date, currency, **kwargs
            )
        company, price, cost = part
        amount = cost if base == "standard_price" else price
        if company.currency_id == currency:
            return amount
        return company.currency_id._convert(
            amount, currency, company, date, round=False
        )
