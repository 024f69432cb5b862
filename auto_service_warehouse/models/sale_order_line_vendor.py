from odoo import fields, models


class SaleOrderLine(models.Model):
    """Whether a part that has to be bought has a vendor."""

    _inherit = "sale.order.line"

    def _get_part_vendors(self):
        """Prices of vendors of the part that are in force, the best one first.

        :return: product.supplierinfo records
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        product = self.product_id._origin.with_company(self.company_id)
        return product._prepare_sellers().filtered(
            lambda row: (not row.date_end or row.date_end >= today)
            and (not row.product_id or row.product_id == product)
        )

    def _has_vendor(self):
        """Whether somebody is known who sells the part; extend it in your addon."""
        self.ensure_one()
        bought = self.purchase_line_ids.filtered(lambda row: row.state != "cancel")
        return bool(bought or self._get_part_vendors())

    def _get_lines_without_vendor(self):
        """Parts that would have to be bought, and that nobody sells.

        Never services, nor parts that are not bought at all, nor what lies free in a
        warehouse of the company.
        """
        bought = self.filtered(lambda line: line._is_to_be_bought())
        missing = bought.filtered(lambda line: not line._has_vendor())
        if not missing:
            return missing
        rows = self._query_free_stock(missing.product_id, missing.company_id)
        free = {}
        for product_id, _warehouse_id, _name, quantity in rows:
            free[product_id] = free.get(product_id, 0.0) + max(quantity, 0.0)
        short = self.browse()
        for product, lines in missing.grouped("product_id").items():
            wanted = sum(line._get_wanted_pieces() for line in lines)
            if product.uom_id.compare(free.get(product.id, 0.0), wanted) < 0:
                short |= lines
        return short

    def _is_to_be_bought(self):
        """Whether the part comes from a vendor when it is not in stock."""
        self.ensure_one()
        product = self.product_id
        return bool(
            self.kind == "part"
            and product.type == "consu"
            and product.purchase_ok
            and self.product_uom_id.compare(self.product_uom_qty, 0.0) > 0
            and (product.is_storable or self._is_bought_for_each_order())
        )

    def _is_bought_for_each_order(self):
        """Whether the host buys the product anew for every order."""
        self.ensure_one()
        route = self.warehouse_id.sudo().mto_pull_id.route_id  # sellers have no rights
        product = self.product_id
        routes = self.route_ids or product.route_ids | product.categ_id.total_route_ids
        return bool(route and route in routes)

    def _get_wanted_pieces(self):
        """Quantity of the line in the unit of its product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _get_names_of_parts(self):
        """Names of the parts in one line, each of them once."""
        return ", ".join(self.product_id.mapped("display_name"))
