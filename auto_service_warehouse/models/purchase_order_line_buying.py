from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    supplier_return_line_ids = fields.One2many(
        "auto.service.supplier.return.line",
        "purchase_line_id",
        string="Returned",
        help="What of the line goes back to the supplier.",
    )

    @api.depends("order_id.name", "product_qty")
    @api.depends_context("auto_service_show_purchase")
    def _compute_display_name(self):
        """Returns to suppliers name the purchase order, not the part once more."""
        res = super()._compute_display_name()
        if self.env.context.get("auto_service_show_purchase"):
            for line in self:
                line.display_name = self.env._(
                    "%(order)s, %(quantity)s bought",
                    order=line.order_id.name,
                    quantity=f"{line.product_qty:.10g}",
                )
        return res

    def _get_quantity_on_drafts(self):
        """What is on returns that did not leave yet, in the unit of the product."""
        self.ensure_one()
        lines = self.supplier_return_line_ids.filtered(
            lambda line: line.state in ("draft", "ready") and not line.core_id
        )
        return sum(lines.mapped("quantity"))

    def _get_receipt_moves(self):
        """Done moves that brought the part, the oldest first."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state == "done"
            and move.location_id.usage in ("supplier", "transit")
            and move.product_id == self.product_id
        )
        return moves.sorted("id")

    def _get_core_price(self):
        """Deposit that the supplier asks for one old part; extend in your addon.

        :return: float in the currency of the company
        """
        self.ensure_one()
        return self.product_id.auto_service_core_price
