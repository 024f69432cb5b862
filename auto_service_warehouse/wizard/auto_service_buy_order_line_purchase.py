from odoo import fields, models
from odoo.tools import float_compare


class AutoServiceBuyOrderLine(models.TransientModel):
    """From the lines of the dialog to purchase orders."""

    _inherit = "auto.service.buy.order.line"

    def _order_from(self, partner, warehouse, currency):
        """Put the lines on a purchase order.

        :return: purchase.order record: the one that is being written for the supplier,
            else a new one
        """
        order = self._find_order(partner, warehouse, currency)
        order = order or self.env["purchase.order"].create(
            self._prepare_order_values(partner, warehouse, currency)
        )
        for line in self:
            line._add_to_order(order)
        return order

    def _find_order(self, partner, warehouse, currency):
        """Purchase order of the supplier that is not sent yet."""
        return self.env["purchase.order"].search(
            [
                ("partner_id", "=", partner.id),
                ("state", "=", "draft"),
                ("picking_type_id", "=", warehouse.in_type_id.id),
                ("currency_id", "=", currency.id),
                ("company_id", "=", warehouse.company_id.id),
            ],
            order="id desc",
            limit=1,
        )

    def _prepare_order_values(self, partner, warehouse, currency):
        return {
            "partner_id": partner.id,
            "company_id": warehouse.company_id.id,
            "picking_type_id": warehouse.in_type_id.id,
            "currency_id": currency.id,
            "origin": self.env._("Low stock"),
        }

    def _add_to_order(self, order):
        """What jobs wait for is bought for them; the rest is for the shelf."""
        self.ensure_one()
        rest = self.quantity
        for sale_line, quantity in self._share_among_jobs():
            self._create_purchase_line(order, quantity, sale_line)
            rest -= quantity
        if self.uom_id.compare(rest, 0.0) > 0:
            self._raise_or_create(order, rest)

    def _share_among_jobs(self):
        """Which jobs get how many of what is ordered, the oldest demand first.

        :return: list of pairs (sale.order.line record, quantity in the unit of the
            product)
        """
        self.ensure_one()
        # buyers may have no rights on estimates and deliveries
        moves_sudo = (
            self.env["stock.move"]
            .sudo()
            ._get_waiting_for_purchase(self.product_id, self.warehouse_id)
        )
        rest = min(self.quantity, self.quantity_needed)
        shares = []
        for line_sudo, moves in moves_sudo.grouped("sale_line_id").items():
            missing = sum(move._get_missing_quantity() for move in moves)
            missing -= line_sudo._get_quantity_asked(self.product_id)
            share = min(rest, missing)
            if self.uom_id.compare(share, 0.0) > 0:
                shares.append((line_sudo, share))
                rest -= share
        return shares

    def _raise_or_create(self, order, quantity):
        """More of what is on the order for the shelf already, else a new line."""
        same = order.order_line.filtered(
            lambda line: line.product_id == self.product_id
            and line.product_uom_id == self.uom_id
            and line.orderpoint_id == self.orderpoint_id
            and not line.sale_line_id
        )[:1]
        if not same:
            return self._create_purchase_line(order, quantity)
        same.product_qty += quantity
        if same.currency_id.compare_amounts(same.price_unit, self.price_unit):
            same.price_unit = self.price_unit
        return same

    def _create_purchase_line(self, order, quantity, sale_line=None):
        """Line of a purchase order at the price of the dialog."""
        lines = self.env["purchase.order.line"]
        values = lines._prepare_purchase_order_line(
            self.product_id,
            quantity,
            self.uom_id,
            self.company_id,
            self.partner_id,
            order,
        )
        values["date_planned"] = values["date_planned"] or fields.Datetime.now()
        values["orderpoint_id"] = self.orderpoint_id.id
        if not self._select_seller() or not self._is_price_of_list():
            values.update(price_unit=self.price_unit, discount=0.0)
        if sale_line:
            values["sale_line_id"] = sale_line.id
        return lines.create(values)

    def _is_price_of_list(self):
        """Whether the buyer left the price as the supplier's list has it."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return not float_compare(
            self.price_unit, self._get_price(), precision_digits=digits
        )
