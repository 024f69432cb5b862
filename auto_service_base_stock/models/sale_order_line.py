from odoo import api, models

# Pick, pack, quality, out: a route of more steps than this is a circle.
MAX_STEPS = 8


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_issue_methods(self):
        return [*super()._get_issue_methods(), "stock_move"]

    def _issue(self):
        moved = self.filtered(lambda line: line.qty_delivered_method == "stock_move")
        res = super(SaleOrderLine, self - moved)._issue()
        for company, lines in moved.grouped("company_id").items():
            # advisors and people of the parts desk may have no rights in the stock
            lines.sudo().with_company(company)._issue_from_stock()
        return res

    def _issue_from_stock(self):
        """Take what is there out of the stock, along all steps of the delivery.

        Only what can be reserved goes out. The rest waits in the host's backorder.
        """
        self.filtered(
            lambda line: not line._get_moves_to_issue()
        )._action_launch_stock_rule()
        for _step in range(MAX_STEPS):
            moves = self._get_moves_to_issue()
            moves.filtered(lambda move: move.state != "assigned")._action_assign()
            ready = moves.filtered(
                lambda move: move.product_uom.compare(move.quantity, 0.0) > 0
            )
            if not ready:
                break
            ready._issue_to_job()

    def _get_moves_to_issue(self):
        """Open moves of the lines that start in the warehouse of the line.

        What is still on its way from a vendor or from another warehouse is received by
        those who have it in their hands.
        """
        return self.move_ids.filtered(
            lambda move: move.state not in ("draft", "done", "cancel")
            and move.picking_id
            and move.location_id.usage == "internal"
            and move.location_id.warehouse_id == move.sale_line_id.warehouse_id
        )

    def _is_issued_alike(self, quantity):
        """Whether just ``quantity`` of the line is issued, in its unit."""
        self.ensure_one()
        return not self.product_uom_id.compare(self.qty_delivered, quantity)

    def _get_missing_sentence(self):
        """What of the lines could not be issued, and what to do about it."""
        parts = [
            self.env._(
                "%(part)s (%(missing)s of %(ordered)s %(unit)s)",
                part=line.product_id.display_name,
                missing=line._format_quantity(
                    line.product_uom_qty - line.qty_delivered
                ),
                ordered=line._format_quantity(line.product_uom_qty),
                unit=line.product_uom_id.name,
            )
            for line in self
        ]
        return self.env._(
            "Not in stock: %(parts)s. Receive or order them, then issue again.",
            parts=", ".join(parts),
        )

    def _format_quantity(self, quantity):
        """Quantity of the line as text, without needless zeros."""
        return f"{self.product_uom_id.round(quantity):.10g}"
