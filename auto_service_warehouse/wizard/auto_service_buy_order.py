from odoo import Command, fields, models
from odoo.exceptions import UserError


class AutoServiceBuyOrder(models.TransientModel):
    """What is ordered from whom, before it is ordered."""

    _name = "auto.service.buy.order"
    _description = "Order of Low Stock"

    line_ids = fields.One2many(
        "auto.service.buy.order.line",
        "wizard_id",
        string="Parts",
        help="What is ordered; take out what is not needed.",
    )

    def _open(self, rows):
        """Dialog with one line for each row of the list.

        :param rows: auto.service.buy.proposal records
        :return: act_window action
        """
        lines = self.env["auto.service.buy.order.line"]
        wizard = self.create(
            {"line_ids": [Command.create(lines._prepare_values(row)) for row in rows]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order parts"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Make the purchase orders, or add to those that are being written.

        :return: act_window action of the purchase orders
        """
        self.ensure_one()
        self.env["auto.service.buy.proposal"]._ensure_may_buy()
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not lines:
            raise UserError(self.env._("Enter how many of which part are ordered."))
        lines._ensure_suppliers()
        lines._ensure_not_ordered()
        orders = self.env["purchase.order"]
        for key, group in lines.grouped(lambda line: line._get_order_key()).items():
            orders |= group._order_from(*key)
        return self._get_orders_action(orders)

    def _get_orders_action(self, orders):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
        }
        if len(orders) == 1:
            action.update(view_mode="form", res_id=orders.id)
        return action
