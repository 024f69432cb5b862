from odoo import models


class SaleOrderLine(models.Model):
    """Parts of jobs, and the purchases that bring them."""

    _inherit = "sale.order.line"

    def _get_moves_without_supply(self, product, warehouse):
        """Open moves of the lines that wait for nothing yet.

        :param product: product.product record that is bought
        :param warehouse: stock.warehouse record that it is received in
        :return: stock.move records
        """
        return self._get_moves_to_issue().filtered(
            lambda move: move.product_id == product
            and move.location_id.warehouse_id == warehouse
            and not move.move_orig_ids
            and not move.created_purchase_line_ids
            and move.procure_method == "make_to_stock"
        )

    def _issue_from_stock(self):
        """What lies free is taken, even if something else was bought for the job."""
        for move in self._get_moves_to_issue():
            if move.move_orig_ids and move.product_id.is_storable:
                free = self.env["stock.quant"]._get_available_quantity(
                    move.product_id, move.location_id
                )
                move._take_missing(max(free, 0.0))._forget_supply()
        return super()._issue_from_stock()
