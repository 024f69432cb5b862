from odoo import models


class SaleOrderLine(models.Model):
    """Price of an offered part: by our rules, and kept once it is on the estimate."""

    _inherit = "sale.order.line"

    def _is_offered(self):
        """Whether the price of the line is that of an offer, not of its product."""
        self.ensure_one()
        return bool(self.parts_offer_id or self.core_of_line_id.parts_offer_id)

    def _get_display_price(self):
        """ "Update prices" of the host asks our rules again, not the product."""
        if not self._is_offered():
            return super()._get_display_price()
        taxes = self.product_id.sudo().taxes_id  # taxes are not the advisors'
        taxes = taxes._filter_taxes_by_company(self.company_id)
        price = self._get_untaxed_prices_by_rules()[self]
        return self._to_line_price(price, taxes)

    def _compute_discount(self):
        """Our prices contain the discount of the pricelist already."""
        ours = self.filtered(lambda line: line._is_offered())
        res = super(SaleOrderLine, self - ours)._compute_discount()
        for line in ours:
            line.discount = line.discount
        return res

    def _get_untaxed_prices_by_rules(self):
        """Prices of one piece for who pays the estimate, by the rules of today.

        :return: dict of line to float, in the currency of the company; a deposit is
            what the supplier asks
        """
        prices = {}
        for order, lines in self.grouped("order_id").items():
            parts = lines.filtered("parts_offer_id")
            offers = parts.parts_offer_id
            found = dict(zip(offers, offers._get_prices_for(order), strict=True))
            prices |= {line: found[line.parts_offer_id] for line in parts}
            for line in lines - parts:
                offer = line.core_of_line_id.parts_offer_id
                prices[line] = offer._to_company_currency(offer.core_price)
        return prices

    def _to_line_price(self, price, taxes):
        """Price as it stands on the line.

        :param float price: of one piece, without taxes, in the currency of the company
        :param taxes: account.tax records that may be part of the price
        :return: float in the currency of the estimate, of one unit of the line
        """
        self.ensure_one()
        price = self.order_id._get_unit_price_of_part(self.product_id, price, taxes)
        return self.product_id.uom_id._compute_price(price, self.product_uom_id)

    def _get_prices_by_rules(self):
        """Prices of the lines by the rules of today, as they stand on the lines.

        :return: dict of line to float
        """
        return {
            line: line._to_line_price(price, line.sudo().tax_ids)
            for line, price in self._get_untaxed_prices_by_rules().items()
        }

    def _filtered_priced_by_rules(self):
        """Lines of offers whose price nobody typed.

        :return: sale.order.line records
        """
        prices = self.filtered("parts_offer_id")._get_prices_by_rules()
        return self.filtered(
            lambda line: line in prices
            and not line.currency_id.compare_amounts(prices[line], line.price_unit)
        )

    def _set_prices_by_rules(self):
        """Price the lines again; called when somebody else pays."""
        for line, price in self._get_prices_by_rules().items():
            line.write({"price_unit": price, "technical_price_unit": 0.0})
