from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _create_stock_moves(self, picking):
        self._keep_for_jobs()
        # The host reads the routes of estimates, buyers may have no rights on them.
        self.sale_line_id.sudo().fetch(["route_ids"])
        return super()._create_stock_moves(picking)

    def _keep_for_jobs(self):
        """What is bought for a job is reserved for it when it is received.

        The host does so for products that are replenished on order; here it is done for
        every part that was ordered from a line of an estimate.
        """
        for line in self:
            # buyers may have no rights on estimates and deliveries
            sale_line_sudo = line.sudo().sale_line_id
            if not sale_line_sudo.work_order_id or line.move_ids or line.move_dest_ids:
                continue
            moves_sudo = sale_line_sudo._get_moves_without_supply(
                line.product_id, line.order_id.picking_type_id.warehouse_id
            )
            quantity = line.product_uom_id._compute_quantity(
                line.product_qty, line.product_id.uom_id, round=False
            )
            moves_sudo = moves_sudo._take_missing(quantity)
            if moves_sudo:
                # A cancelled purchase never cancels what the customer approved.
                line.write({"move_dest_ids": moves_sudo.ids, "propagate_cancel": False})
