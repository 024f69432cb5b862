from odoo import models


class SaleOrder(models.Model):
    """A cancelled estimate: what comes for it is free, and the parts desk knows it."""

    _inherit = "sale.order"

    def _action_cancel(self):
        lines = self.filtered("work_order_id").order_line.filtered("stock_state")
        wanted = {line: line.product_uom_qty - line.qty_delivered for line in lines}
        purchases = lines._get_purchases_on_way()
        res = super()._action_cancel()
        lines._tell_not_wanted(purchases, wanted)
        return res
