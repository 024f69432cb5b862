from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """From the part that is missing on a job to its purchase order, once."""

    _inherit = "sale.order.line"

    def action_order_missing_parts(self):
        """Show what would be ordered from whom; extend it for other ways to order.

        :return: act_window action of the dialog
        """
        return self._open_missing_parts()

    def _open_missing_parts(self):
        """Dialog that orders what nobody cares for yet.

        :return: act_window action
        """
        self._ensure_may_buy()
        lines = self.filtered(
            lambda line: line.stock_to_order > 0 and line.work_order_id.state == "open"
        )
        if not lines:
            raise UserError(
                self.env._(
                    "There is nothing to order: what is approved is here or on its "
                    "way. Parts of an estimate are ordered once it is approved."
                )
            )
        return self.env["auto.service.missing.part"]._open(lines)

    def _ensure_may_buy(self):
        """Ordering spends money: parts people and managers do it."""
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_parts"
        ):
            raise AccessError(
                self.env._("Only parts people and managers order. Ask one of them.")
            )

    def _prepare_missing_values(self):
        """Values of auto.service.missing.part.line: the best vendor is proposed."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        missing = self._get_missing_pieces()
        seller = product._select_seller(quantity=missing, uom_id=product.uom_id)
        seller = seller or self._get_part_vendors()[:1]
        return {
            "sale_line_id": self.id,
            "quantity_missing": missing,
            "partner_id": seller.partner_id.id,
        }

    def _get_missing_pieces(self):
        """How many nobody cares for, in the unit of the product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.stock_to_order, self.product_id.uom_id, round=False
        )

    def _get_elsewhere_text(self):
        """Free pieces of the part in other warehouses of the company, in words."""
        self.ensure_one()
        rows = self._query_free_stock(self.product_id, self.company_id)
        texts = [
            self.env._(
                "%(free)s in %(warehouse)s",
                free=f"{self.product_id.uom_id.round(quantity):.10g}",
                warehouse=name,
            )
            for _product_id, warehouse_id, name, quantity in rows
            if quantity > 0 and warehouse_id != self.warehouse_id.id
        ]
        return ", ".join(texts) or False

    def _lock_for_buying(self):
        """Wait for, and then exclude, whoever else orders the same lines.

        Writing the rows, not only locking them, makes the second of two transactions
        start again and see the purchase orders of the first one (REPEATABLE READ).
        """
        self.flush_recordset()
        for line_id in sorted(self.ids):
            self.env.cr.execute(
                SQL("UPDATE sale_order_line SET id = id WHERE id = %s", line_id),
                log_exceptions=False,
            )
        self.invalidate_recordset(["stock_to_order"])
