from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """The advisor learns that all parts of a job are here."""
        # whoever receives goods may have no rights on estimates
        lines_sudo = self.sudo()._get_waiting_part_lines()
        if not lines_sudo:
            return super()._action_done()
        with lines_sudo._telling_part_changes():
            return super()._action_done()

    def _get_waiting_part_lines(self):
        """Lines of open visits that the transfers may bring parts for."""
        products = self.filtered(
            lambda picking: picking.picking_type_code in ("incoming", "internal")
        ).move_ids.product_id
        if not products:
            return self.env["sale.order.line"]
        return self.env["sale.order.line"].search(
            [
                ("product_id", "in", products.ids),
                ("part_state", "not in", ["arrived", False]),
                ("work_order_id.state", "=", "open"),
                ("state", "=", "sale"),
                ("company_id", "in", self.company_id.ids),
            ]
        )
