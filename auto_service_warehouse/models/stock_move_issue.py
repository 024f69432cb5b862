from odoo import models


class StockMove(models.Model):
    """Deliveries for jobs: just the pieces that are handed over, and a record of it."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._record_for_jobs()
        return moves

    def _record_for_jobs(self):
        """Who has what now, or brought it back: one row for every moved piece."""
        done_sudo = self.sudo().filtered(
            lambda move: move.state == "done" and move.sale_line_id.work_order_id
        )
        if not done_sudo:
            return self.env["auto.service.part.issue"]
        rows = [
            values
            for move in done_sudo
            if (kind := move._get_issue_kind())
            for values in move._prepare_issue_rows(kind)
        ]
        # Nobody writes these rows by hand.
        issues = self.env["auto.service.part.issue"].sudo().create(rows)
        issues._after_create()
        return issues

    def _get_issue_kind(self):
        """Whether the move hands parts over or brings them back.

        :return: str, key of auto.service.part.issue's ``kind``, or None
        """
        self.ensure_one()
        if self.location_dest_id._is_outgoing():
            return "issue"
        return "return" if self.location_id._is_outgoing() and self.to_refund else None

    def _prepare_issue_rows(self, kind):
        """Values of auto.service.part.issue, one dict for every line of the move."""
        self.ensure_one()
        line = self.sale_line_id
        return [
            {
                **line._prepare_issue_values(kind, row.quantity_product_uom),
                "lot_id": row.lot_id.id,
                "location_id": (
                    row.location_id if kind == "issue" else row.location_dest_id
                ).id,
                "move_id": self.id,
            }
            for row in self.move_line_ids
            if row.quantity_product_uom
        ]

    def _is_last_step(self):
        """Whether the move hands over to the customer, not to the next step."""
        self.ensure_one()
        return self.location_dest_id._is_outgoing()

    def _is_from_shelf(self):
        """Whether the pieces lie where they are kept, not at a gate of the warehouse.

        Deliveries in two or three steps go through a place of their own, and who brings
        parts there has picked them.
        """
        self.ensure_one()
        gates = self.warehouse_id | self.picking_type_id.warehouse_id
        gates = gates.wh_output_stock_loc_id | gates.wh_pack_stock_loc_id
        return self.location_id not in gates

    def _split_for(self, lines):
        """Leave just the reserved ``lines`` on the move, the rest gets its own move.

        :param lines: stock.move.line records of the move
        :return: stock.move record, self
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        wanted = sum(lines.mapped("quantity_product_uom"))
        rest = self.product_qty - wanted
        others = self.move_line_ids - lines
        if unit.compare(rest, 0.0) <= 0:
            return self
        move = self.create(self._split(rest))
        others.write({"move_id": move.id})
        self.invalidate_recordset(["move_line_ids"])
        move.with_context(bypass_entire_pack=True)._action_confirm(
            merge=False, create_proc=False
        )
        (self | move)._recompute_state()
        return self
