from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_unit_price_of_part(self, product, price, taxes=None):
        """Price of one piece as it stands on the line of the estimate.

        :param product: product.product record that is billed
        :param float price: without taxes, in the currency of the company
        :param taxes: account.tax records; those of the product when omitted
        :return: float in the currency of the estimate, with the taxes that are part of
            prices
        """
        self.ensure_one()
        price *= self.currency_rate or 1.0
        product_sudo = product.sudo()  # taxes are not the advisors'
        if taxes is None:
            taxes = product_sudo.taxes_id._filter_taxes_by_company(self.company_id)
            taxes = self.fiscal_position_id.map_tax(taxes)
        return taxes._adapt_price_unit_to_another_taxes(
            price, product_sudo, taxes.browse(), taxes
        )

    def _change_payer(self, payer):
        """Parts of suppliers cost the new payer what his group pays.

        Prices that somebody typed stay.
        """
        lines = self.order_line._filtered_priced_by_rules()
        res = super()._change_payer(payer)
        lines._set_prices_by_rules()
        return res
