from odoo import api, models
from odoo.tools import SQL


class AutoServicePartFinder(models.AbstractModel):
    """How many of the own products are free, warehouse by warehouse."""

    _inherit = "auto.service.part.finder"

    @api.model
    def _get_own_template_fields(self):
        return [*super()._get_own_template_fields(), "is_storable"]

    @api.model
    def _get_own_stock(self, products):
        """Free pieces: in stock and reserved for nobody.

        The user's own warehouse comes first, the first one of the company by default,
        and is told to be empty when only others have pieces. Products whose quantity is
        not kept are left to the addons that know more.
        """
        stock = super()._get_own_stock(products)
        kept = products.filtered("product_tmpl_id.is_storable")
        if not kept:
            return stock
        stock.update({product_id: [] for product_id in kept.ids})
        for product_id, warehouse, quantity, home in self._query_free_stock(kept):
            if not stock[product_id] and warehouse != home:
                stock[product_id].append((home, 0.0))
            stock[product_id].append((warehouse, quantity))
        return stock

    @api.model
    def _query_free_stock(self, products):
        """Rows (product id, warehouse, free pieces, own warehouse), none are left out.

        As the host's free quantity: all internal places below a warehouse count.
        """
        quants = self.env["stock.quant"]
        quants.flush_model(
            ["product_id", "location_id", "company_id", "quantity", "reserved_quantity"]
        )
        return self.env.execute_query(
            SQL(
                """
                WITH home AS (
                    SELECT id, name FROM stock_warehouse
                     WHERE company_id = %(company)s AND active
                     ORDER BY id <> %(home)s, sequence, id LIMIT 1
                )
                SELECT quant.product_id, warehouse.name,
                       SUM(quant.quantity - quant.reserved_quantity)::float AS free,
                       (SELECT name FROM home)
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id
                  JOIN stock_warehouse warehouse ON warehouse.id = location.warehouse_id
                 WHERE quant.product_id = ANY(%(products)s)
                   AND location.usage = 'internal'
                   AND warehouse.company_id = %(company)s
                   AND warehouse.active
                 GROUP BY quant.product_id, warehouse.id
                HAVING SUM(quant.quantity - quant.reserved_quantity) > 0
                 ORDER BY quant.product_id, warehouse.id <> (SELECT id FROM home),
                          warehouse.sequence, warehouse.id
                """,
                products=products.ids,
                company=products.env.company.id,
                home=self.env.user.property_warehouse_id.id or 0,
            )
        )

    def _make_own_offers(self, product, quantities, match):
        """Pieces of another warehouse have to be brought here first."""
        offers = super()._make_own_offers(product, quantities, match)
        for offer in offers[1:]:
            offer.hours_min = offer.hours_max = None
            offer.note = self.env._(
                "To be brought from %(warehouse)s", warehouse=offer.warehouse
            )
        return offers
