from odoo import api, fields, models


class StockMove(models.Model):
    """What jobs wait for, and nobody has bought yet."""

    _inherit = "stock.move"

    supplier_return_line_id = fields.Many2one(
        "auto.service.supplier.return.line",
        string="Return to supplier",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Line of the return to a supplier that the move is of.",
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        names = super()._prepare_merge_moves_distinct_fields()
        return [*names, "supplier_return_line_id"]

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._follow_cores()
        return moves

    def _prepare_move_split_vals(self, qty):
        """What is left of a return stays on it."""
        values = super()._prepare_move_split_vals(qty)
        if self.supplier_return_line_id:
            values["supplier_return_line_id"] = self.supplier_return_line_id.id
        return values

    def _get_waiting_for_purchase(self, product, warehouse):
        """Open moves to jobs that are not reserved in full and wait for no purchase.

        :return: stock.move records, the oldest first
        """
        moves = self.search(
            [
                ("product_id", "=", product.id),
                ("state", "in", ["confirmed", "partially_available", "waiting"]),
                ("sale_line_id.job_id", "!=", False),
                ("location_id.warehouse_id", "=", warehouse.id),
                ("procure_method", "=", "make_to_stock"),
            ],
            order="priority desc, date, id",
        )
        return moves.filtered(
            lambda move: not move.move_orig_ids and not move.created_purchase_line_ids
        )
