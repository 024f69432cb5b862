from odoo import models


class SaleOrderLine(models.Model):
    """Deposits on estimates and the register of old parts agree."""

    _inherit = "sale.order.line"

    def _get_core_price(self):
        """What the customer pays on the estimate is what he gets back."""
        self.ensure_one()
        deposits = self.core_line_ids.filtered("product_uom_qty")
        if not deposits:
            return super()._get_core_price()
        deposit = deposits[0]
        quantity = deposit.product_uom_qty
        return deposit._to_company_currency(deposit.price_subtotal) / quantity

    def action_core_returned(self):
        """The old part came: it is outstanding no more."""
        lines = self.filtered("can_be_core_returned")
        res = super().action_core_returned()
        # whoever takes old parts may have no rights on the register
        lines.sudo().core_of_line_id._settle_cores_of_customer()
        return res

    def _settle_cores_of_customer(self):
        """Settle what is outstanding for the new parts of the lines."""
        cores = self.env["auto.service.core"].search(
            [("sale_line_id", "in", self.ids), ("state", "=", "open")]
        )
        for core in cores:
            core._settle(core.quantity_open, "old_part")
