from odoo import api, models

CHANGED = "auto_service_warehouse.changed_products"


class StockQuant(models.Model):
    """Parts that wait learn that the shelf changed, once for each transaction."""

    _inherit = "stock.quant"

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        self._note_change(product_id, location_id)
        return super()._update_available_quantity(
            product_id, location_id, *args, **kwargs
        )

    @api.model
    def _update_reserved_quantity(self, product_id, location_id, *args, **kwargs):
        self._note_change(product_id, location_id)
        return super()._update_reserved_quantity(
            product_id, location_id, *args, **kwargs
        )

    @api.model
    def _note_change(self, product, location):
        """Remember that free pieces of a product came or went."""
        if location.usage != "internal":
            return
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self._refresh_waiting_parts)
        precommit.data[CHANGED].add(product.id)

    @api.model
    def _refresh_waiting_parts(self):
        """Look again where the parts are that waited for what changed."""
        changed = self.env.cr.precommit.data.pop(CHANGED, ())
        # Whoever moves goods may have no rights on estimates.
        lines_sudo = self.env["sale.order.line"].sudo()
        lines_sudo.search(
            [
                ("product_id", "in", list(changed)),
                ("stock_state", "in", lines_sudo._get_waiting_stock_states()),
            ]
        )._refresh_stock_state()
