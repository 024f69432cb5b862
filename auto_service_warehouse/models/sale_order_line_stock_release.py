from odoo import models


class SaleOrderLine(models.Model):
    """What nobody wants any more is free for others, and the parts desk knows it."""

    _inherit = "sale.order.line"

    def write(self, vals):
        """Fewer pieces than were ordered: tell the parts desk."""
        if "product_uom_qty" not in vals:
            return super().write(vals)
        less = self.filtered(
            lambda line: line.stock_state
            and line.product_uom_id.compare(
                vals["product_uom_qty"] or 0.0, line.product_uom_qty
            )
            < 0
        )
        if not less:
            return super().write(vals)
        before = {line: line.product_uom_qty for line in less}
        purchases = less._get_purchases_on_way()
        res = super().write(vals)
        less._tell_not_wanted(
            purchases, {line: before[line] - line.product_uom_qty for line in less}
        )
        return res

    def _release_stock(self):
        """Give up what is reserved and on its way for the lines; called in sudo."""
        lines = self.filtered("stock_state")
        wanted = {line: line.product_uom_qty - line.qty_delivered for line in lines}
        purchases = lines._get_purchases_on_way()
        lines._tell_put_back()
        for line in lines:
            line._get_delivery_moves()._action_cancel()
        lines._tell_not_wanted(purchases, wanted)

    def _tell_put_back(self):
        """What lies in the box of a job has to go back to the shelf."""
        picked = self.filtered(lambda line: line.stock_state == "picked")
        for order, lines in picked.grouped("work_order_id").items():
            order.message_post(
                body=self.env._(
                    "Picked, and not wanted any more: %(parts)s. Put them back.",
                    parts=lines._get_names_of_parts(),
                )
            )

    def _want_stock_again(self):
        """Reserve and order anew what was given up; called in sudo."""
        self.filtered(lambda line: line._is_part_of_stock())._action_launch_stock_rule()
