from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class AutoServicePartBalance(models.AbstractModel):
    """What can be done with a part from its balance: the host's own documents."""

    _inherit = "auto.service.part.balance"

    @api.model
    def _get_screen_action(self, product):
        """The screen with a part on it."""
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_part_balance",
            "name": self.env._("Part Balance"),
            "params": {"product_id": product.id},
        }

    @api.model
    def reserve(self, product_id, move_id):
        """Reserve what is free for a demand, with the rights of the user.

        :return: the balance as it is then, see ``get_balance``
        """
        self._ensure_stock_user()
        self.env["stock.move"].browse(move_id)._action_assign()
        return self.get_balance(product_id)

    @api.model
    def unreserve(self, product_id, move_id):
        """Let go what is reserved for a demand; it is free for others then.

        :return: the balance as it is then, see ``get_balance``
        """
        self._ensure_stock_user()
        self.env["stock.move"].browse(move_id)._do_unreserve()
        return self.get_balance(product_id)

    @api.model
    def _ensure_stock_user(self):
        """The host lets salespeople write moves; who gets a part is not theirs."""
        if not self._get_rights()["stock"]:
            raise AccessError(
                self.env._("The parts desk decides who gets a part. Ask them.")
            )

    @api.model
    def action_transfer(self, product_id, location_id=False):
        """A new transfer within the warehouse, from a place if it is named."""
        product = self.env["product.product"].browse(product_id)
        location = self.env["stock.location"].browse(location_id or [])
        warehouse = location.warehouse_id or self.env.user._get_default_warehouse_id()
        source = location or warehouse.lot_stock_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer"),
            "res_model": "stock.picking",
            "views": [(False, "form")],
            "context": {
                "default_picking_type_id": warehouse.int_type_id.id,
                "default_location_id": source.id,
                "default_location_dest_id": warehouse.lot_stock_id.id,
                "default_move_ids": [
                    (0, 0, self._prepare_transfer_values(product, source, warehouse))
                ],
            },
        }

    @api.model
    def _prepare_transfer_values(self, product, location, warehouse):
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": 1.0,
            "location_id": location.id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }

    @api.model
    def action_count(self, product_id):
        """The host's count of just this part."""
        quants = self.env["stock.quant"].with_context(
            default_product_id=product_id, single_product=True
        )
        action = quants.action_view_inventory()
        action["domain"] = list(
            Domain("location_id.usage", "in", ("internal", "transit"))
            & Domain("product_id", "=", product_id)
        )
        action["context"] = {**quants.env.context, "inventory_mode": True}
        return action

    @api.model
    def action_order(self, product_id):
        """A new question to the supplier of the part."""
        product = self.env["product.product"].browse(product_id)
        seller = product._select_seller(quantity=None) or product.seller_ids[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order"),
            "res_model": "purchase.order",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": seller.partner_id.id,
                "default_order_line": [
                    (0, 0, {"product_id": product.id, "product_qty": 1.0})
                ],
            },
        }

    @api.model
    def action_label(self, product_id):
        """Labels of the part."""
        return self.env["product.product"].browse(product_id).action_open_label_layout()
