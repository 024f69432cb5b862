from odoo import models


class StockPicking(models.Model):
    """Advisors learn that the parts of their jobs are here."""

    _inherit = "stock.picking"

    def _action_done(self):
        # whoever receives goods may have no rights on estimates
        lines_sudo = self.sudo()._get_lines_in_want()
        if not lines_sudo:
            return super()._action_done()
        with lines_sudo._telling_arrivals():
            return super()._action_done()

    def _get_lines_in_want(self):
        """Lines of open visits that the transfers may bring parts for."""
        products = self.filtered(
            lambda picking: picking.picking_type_code in ("incoming", "internal")
        ).move_ids.product_id
        lines = self.env["sale.order.line"]
        if not products:
            return lines
        return lines.search(
            [
                ("product_id", "in", products.ids),
                ("stock_state", "in", lines._get_waiting_stock_states()),
                ("work_order_id.state", "=", "open"),
                ("company_id", "in", self.company_id.ids),
            ]
        )
