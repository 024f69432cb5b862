from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

TO_ORDER_STATES = ("needed", "refused")


class SaleOrderLine(models.Model):
    """From the approved line to the purchase order, once."""

    _inherit = "sale.order.line"

    @api.model
    def _get_to_order_domain(self):
        """Parts of open visits that nobody ordered yet, and that may be ordered.

        :return: Domain
        """
        approved = Domain("state", "=", "sale")
        early = Domain("company_id.auto_service_parts_order_early", "=", True)
        return (
            Domain("part_state", "in", TO_ORDER_STATES)
            & Domain("product_uom_qty", ">", 0)
            & Domain("work_order_id.state", "=", "open")
            & (approved | (early & Domain("state", "!=", "cancel")))
        )

    def action_order_parts(self):
        """Ask the suppliers once more, then show what would be ordered from whom.

        :return: act_window action of the dialog
        """
        self._ensure_may_order()
        lines = self.filtered_domain(self._get_to_order_domain())
        if not lines:
            raise UserError(self._get_nothing_to_order_sentence())
        return self.env["auto.service.parts.order"]._open(lines)

    def _ensure_may_order(self):
        """Ordering spends money: parts people and managers do it."""
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_parts"
        ):
            raise AccessError(
                self.env._("Only parts people and managers order. Ask one of them.")
            )

    def _get_nothing_to_order_sentence(self):
        """Why nothing of the lines can be ordered."""
        waiting = self.filtered(
            lambda line: line.part_state in TO_ORDER_STATES and line.state != "sale"
        )
        if waiting:
            return self.env._(
                "The customer has not approved these parts yet: %(parts)s. Record the "
                "approval first.",
                parts=", ".join(waiting.mapped("name")),
            )
        ordered = self.filtered("purchase_line_count")
        if ordered:
            return self.env._(
                "Everything is ordered already: %(parts)s.",
                parts=", ".join(ordered.mapped("name")),
            )
        return self.env._("There is no part to order. Add parts from an enquiry first.")

    def _lock_for_order(self):
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

    def _ensure_still_to_order(self, quantities):
        """Refuse what is on a purchase order by now; call ``_lock_for_order`` first.

        Somebody else may have ordered a part of the quantity only: then as much is
        not needed any more.

        :param dict quantities: how many were needed when the user looked, by line, in
            the unit of the line
        :raise UserError: names the lines and their purchase orders
        """
        self.invalidate_recordset(["qty_on_purchase", "qty_to_order"])
        self.purchase_line_ids.invalidate_recordset()
        taken = self.filtered(
            lambda line: line in quantities
            and (
                line.product_uom_id.compare(line.qty_to_order, 0.0) <= 0
                or line._is_ordered_meanwhile(quantities[line])
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "Ordered already by %(orders)s: %(parts)s. Close the dialog and "
                    "look at the work order.",
                    orders=", ".join(sorted(set(taken._get_purchase_names()))),
                    parts=", ".join(taken.mapped("name")),
                )
            )

    def _is_ordered_meanwhile(self, needed):
        """Whether purchase orders bring some of what was needed.

        :param float needed: as in ``_ensure_still_to_order``
        """
        self.ensure_one()
        is_less = self.product_uom_id.compare(self.qty_to_order, needed) < 0
        return bool(is_less and self.qty_on_purchase)

    def _get_purchase_names(self):
        """Names of the purchase orders that bring the parts."""
        # The advisor may not read purchase orders; their numbers are no secret.
        lines_sudo = self.sudo().purchase_line_ids
        return lines_sudo.filtered(lambda line: line._is_part_live()).order_id.mapped(
            "name"
        )

    def action_view_purchases(self):
        """Open the purchase orders that bring the parts.

        :return: act_window action
        """
        orders = self.purchase_line_ids.order_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
        }
        if len(orders) == 1:
            action.update(view_mode="form", res_id=orders.id)
        return action
