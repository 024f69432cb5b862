from odoo import models


class SaleOrderLine(models.Model):
    """The board is told when parts of a visit move."""

    _inherit = "sale.order.line"

    def _after_parts_moved(self):
        res = super()._after_parts_moved()
        # Whoever moves goods may have no rights on the board.
        orders_sudo = self.sudo().work_order_id
        if orders_sudo:
            self.env["auto.service.allocation"].sudo().search(
                [("order_id", "in", orders_sudo.ids), ("state", "!=", "cancelled")]
            )._notify_board()  # numbers of blocks only
        return res
