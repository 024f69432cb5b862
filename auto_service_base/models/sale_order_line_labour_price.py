from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Price of labour: fixed prices and labour rates, else the host's pricelists."""

    _inherit = "sale.order.line"

    @api.depends("operation_id", "order_id.pay_type")
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    def _get_display_price(self):
        if self._is_least_price():
            return self._get_minimum_price()
        price = self._get_labour_price()
        return super()._get_display_price() if price is None else price

    def _is_least_price(self):
        """Whether the line costs the least price of its rate, as it came to less."""
        self.ensure_one()
        least = self._get_minimum_price()
        if not least:
            return False
        price = self._get_labour_price()
        return (self._get_pricelist_price() if price is None else price) < least

    def _compute_discount(self):
        res = super()._compute_discount()
        # A labour rate is the price, and a least price is the least: the discount of
        # a pricelist is not taken again.
        for line in self.filtered("discount"):
            if line._get_labour_price() is not None or line._is_least_price():
                line.discount = 0.0
        return res

    def _get_labour_price(self):
        """Unit price by the garage's own rules, in the currency of the estimate.

        :return: float; ``None`` when the host's pricelists decide
        """
        self.ensure_one()
        if not self.order_id.work_order_id or self.kind != "labour":
            return None
        # Salespeople write estimates as well; the catalogue is the garage's.
        operation_sudo = self.sudo().operation_id
        if operation_sudo.pricing == "fixed" and not self._is_sold_by_time():
            return operation_sudo._get_fixed_price(
                self.currency_id, self.company_id, self._get_labour_date()
            )
        price = self._get_price_by_rate()
        return price and price * (self.order_id.currency_rate or 1.0)

    def _get_price_by_rate(self):
        """Price of one unit by the labour rates, ``None`` without a rate."""
        rate = self._get_labour_rate()
        if not rate.hourly_rate or not self._is_sold_by_time():
            return None
        return rate.hourly_rate * self._get_hours(1.0)

    def _get_minimum_price(self):
        """Unit price at which the line costs the least price of its rate.

        :return: float in the currency of the estimate; 0.0 when there is no such price
        """
        self.ensure_one()
        if not self.order_id.work_order_id or self.kind != "labour":
            return 0.0
        hours = self._get_hours() if self._is_sold_by_time() else 0.0
        least = self._get_labour_rate().minimum_amount
        if not hours or not least:
            return 0.0
        return least * self._get_hours(1.0) / hours * (self.order_id.currency_rate or 1)

    def _get_labour_rate(self):
        """Labour rate that fits the line.

        :return: auto.service.labour.rate record, may be empty
        """
        self.ensure_one()
        # Salespeople price estimates as well; the rates are the garage's.
        order_sudo = self.order_id.sudo()
        return (
            self.env["auto.service.labour.rate"]
            .sudo()
            ._find_rate(
                company=order_sudo.company_id,
                labour_category=self.sudo().operation_id.labour_category
                or "mechanical",
                pay_type=order_sudo.pay_type,
                vehicle=order_sudo.vehicle_id,
                partner=order_sudo.partner_id,
                date=self._get_labour_date(),
            )
        )

    def _get_labour_date(self):
        """Day whose times, rules and rates count for the line."""
        date = self.order_id.date_order or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, date).date()
