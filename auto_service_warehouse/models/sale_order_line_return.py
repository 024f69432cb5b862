from odoo import api, models
from odoo.exceptions import UserError

from .auto_service_job_return import RETURN_REASONS


class SaleOrderLine(models.Model):
    """What was issued and not fitted goes back to a place of the stock."""

    _inherit = "sale.order.line"

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """What is not needed is not procured anew when the estimate changes."""
        quantity = super()._get_qty_procurement(previous_product_uom_qty)
        return quantity + self._get_not_needed()

    def _get_not_needed(self):
        """How many pieces of what is approved are not needed, in the line's unit."""
        self.ensure_one()
        rest = max(self.product_uom_qty - self.qty_delivered, 0.0)
        return min(self.qty_not_needed, rest)

    def _can_be_returned(self):
        """Whether the line is a part that the job has."""
        self.ensure_one()
        return bool(
            self.kind == "part"
            and self.work_order_id
            and self.qty_delivered_method in self._get_issue_methods()
            and self.product_uom_id.compare(self.qty_delivered, 0.0) > 0
        )

    def _prepare_returns(self):
        """Values of the rows of the return dialog, one for every lot.

        :return: list of dicts
        """
        self.ensure_one()
        values = {
            "line_id": self.id,
            "name": self.product_id.display_name,
            "uom_name": self.product_uom_id.name,
            "quantity_issued": self.qty_delivered,
        }
        if self.product_id.tracking == "none":
            return [values]
        moves = self._get_delivered_moves()
        rows = []
        for lot in moves.move_line_ids.lot_id:
            quantity = sum(move._get_returnable_quantity(lot) for move in moves)
            if quantity > 0:
                rows.append(
                    {
                        **values,
                        "lot_ref": lot.id,
                        "lot_name": lot.name,
                        "quantity_issued": self._from_product_unit(quantity),
                    }
                )
        return rows

    def _plan_return(self, values):
        """Which moves bring the pieces of a return back.

        :param dict values: see ``_return_parts`` of auto.service.job
        :return: list of dicts, one for every delivery that it takes
        """
        self.ensure_one()
        quantity = values["quantity"]
        if self.product_uom_id.compare(quantity, 0.0) <= 0:
            return []
        share = {
            "line": self,
            "move": self.env["stock.move"],
            "quantity": self._to_product_unit(quantity),
            "place": self.env["stock.location"].browse(values.get("location_id") or []),
            "lot": self.env["stock.lot"].browse(values.get("lot_id") or []),
            "reason": values.get("reason") or "not_needed",
            "employee_id": values.get("employee_id") or False,
        }
        if self.qty_delivered_method != "stock_move":
            self._ensure_returnable(share["quantity"], self.qty_delivered)
            return [share]
        return self._plan_return_of_moves(share)

    def _plan_return_of_moves(self, share):
        """Spread the pieces of a return over the deliveries, the latest first."""
        plan = []
        left = share["quantity"]
        unit = self.product_id.uom_id
        for move in self._get_delivered_moves():
            taken = min(left, move._get_returnable_quantity(share["lot"]))
            if unit.compare(taken, 0.0) > 0:
                plan.append({**share, "move": move, "quantity": taken})
                left -= taken
        if unit.compare(left, 0.0) > 0:
            there = self._from_product_unit(share["quantity"] - left)
            self._ensure_returnable(share["quantity"], there)
        return plan

    def _get_delivered_moves(self):
        """Moves that handed pieces of the lines over, the latest first."""
        return self.move_ids.filtered(
            lambda move: move.state == "done"
            and move.picking_id
            and move._get_issue_kind() == "issue"
        ).sorted("id", reverse=True)

    def _ensure_returnable(self, quantity, issued):
        """No more comes back than was issued.

        :param float quantity: in the unit of the product
        :param float issued: in the unit of the line
        """
        asked = self._from_product_unit(quantity)
        if self.product_uom_id.compare(asked, issued) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: %(issued)s %(unit)s issued to %(order)s, so no more "
                    "than that can come back. Check the work order on the part.",
                    part=self.product_id.display_name,
                    issued=self._format_quantity(issued),
                    unit=self.product_uom_id.name,
                    order=self.work_order_id.name,
                )
            )

    @api.model
    def _return_shares(self, shares):
        """Move the pieces back and record who brought them.

        :param list shares: dicts from ``_plan_return``
        :return: auto.service.part.issue records
        """
        issues = self.env["auto.service.part.issue"]
        groups = {}
        for share in shares:
            key = (share["move"].picking_id, share["reason"], share["employee_id"])
            groups.setdefault(key, []).append(share)
        for (picking, reason, employee_id), rows in groups.items():
            context = {
                "auto_service_return_reason": dict(RETURN_REASONS)[reason],
                "auto_service_employee_id": employee_id or None,
            }
            if picking:
                moves = picking.with_context(**context)._return_to_shelf(rows)
                issues |= issues.search([("move_id", "in", moves.ids)])
            else:
                for row in rows:
                    issues |= row["line"].with_context(**context)._return_by_hand(row)
        return issues

    def _return_by_hand(self, share):
        """Take back a part whose stock is not kept.

        :return: auto.service.part.issue record
        """
        self.qty_delivered -= self._from_product_unit(share["quantity"])
        values = self._prepare_issue_values("return", share["quantity"])
        values.update(lot_id=share["lot"].id, location_id=share["place"].id)
        issue = self.env["auto.service.part.issue"].create(values)
        issue._after_create()
        return issue

    def _forget_need(self, values):
        """Pieces that are not needed are not issued again; others are procured anew."""
        again = self.browse()
        for row in values:
            line = self.browse(row["line_id"])
            if (row.get("reason") or "not_needed") == "not_needed":
                line.qty_not_needed += row["quantity"]
            else:
                again |= line
        again._action_launch_stock_rule()

    def _release_pieces(self):
        """Open pieces are not needed: nothing is reserved or procured for them.

        What lies in the box of the visit stays there, free for others.
        """
        lines = self.filtered(lambda line: line._can_be_issued())
        quantities = {line: line._get_open_quantity() for line in lines}
        lines._release_stock()
        for line, quantity in quantities.items():
            line._get_moves_to_issue()._action_cancel()
            line.qty_not_needed += quantity

    def action_need_again(self):
        """Pieces that were not needed are needed after all."""
        self._ensure_may_handle_parts()
        lines_sudo = self.sudo()  # no rights in the stock
        lines_sudo.qty_not_needed = 0.0
        lines_sudo._action_launch_stock_rule()

    def _tell_credit_due(self):
        """A posted invoice has pieces that came back: somebody has to credit them."""
        for line in self:
            due = line.qty_invoiced_posted - line.qty_delivered
            if line.product_uom_id.compare(due, 0.0) <= 0:
                continue
            order = line.work_order_id
            invoices = line.invoice_lines.move_id.filtered(
                lambda move: move.state == "posted"
            )
            order.message_post(
                body=self.env._(
                    "%(part)s: %(quantity)s %(unit)s came back after %(invoices)s was "
                    "posted. A credit note is due (button Invoice on the estimate).",
                    part=line.product_id.display_name,
                    quantity=line._format_quantity(due),
                    unit=line.product_uom_id.name,
                    invoices=", ".join(invoices.mapped("name")),
                ),
                partner_ids=order.advisor_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
