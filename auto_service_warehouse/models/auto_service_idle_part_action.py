from odoo import models
from odoo.exceptions import UserError

from .auto_service_buy_proposal import ID_STEP


class AutoServiceIdlePart(models.Model):
    """From the list of idle parts to returns."""

    _inherit = "auto.service.idle.part"

    def action_return(self):
        """Put the parts on returns, one for each supplier.

        :return: act_window action of the returns
        """
        self.env["auto.service.buy.proposal"]._ensure_may_buy()
        rows = self._lock()
        rows._ensure_suppliers()
        returns = self.env["auto.service.supplier.return"]
        for (company, partner), group in rows.grouped(
            lambda row: (row.company_id, row.partner_id)
        ).items():
            back = returns._get_or_create_draft(partner, company)
            for row in group:
                back._add_part(row.product_id, row.quantity, row.warehouse_id)
            returns |= back
        return returns._get_action()

    def _lock(self):
        """Wait for whoever returns the same parts, then look again.

        :return: the records that are still idle
        """
        guard_sudo = self.env["auto.service.entry.guard"].sudo()  # nobody's table
        for product_id in sorted(self._get_products().ids):
            guard_sudo._enter(f"return:{product_id}")
        names = ", ".join(self._get_products().mapped("display_name"))
        self.env.invalidate_all()
        rows = self.search([("id", "in", self.ids)])
        if not rows:
            raise UserError(
                self.env._(
                    "These parts are on a return already, or not free any more: "
                    "%(parts)s. Load the list again.",
                    parts=names,
                )
            )
        return rows

    def _get_products(self):
        """Parts of the rows, also of those that are not idle any more."""
        ids = {row_id // ID_STEP for row_id in self.ids}
        return self.env["product.product"].browse(ids)

    def _ensure_suppliers(self):
        orphans = self.filtered(lambda row: not row.partner_id)
        if orphans:
            raise UserError(
                self.env._(
                    "Nobody is known to have sold %(parts)s. Make a return under "
                    "Supplier returns, choose the supplier there and add the part.",
                    parts=", ".join(orphans.product_id.mapped("display_name")),
                )
            )

    def action_view_product(self):
        """Open the part."""
        self.ensure_one()
        return self.product_id._get_records_action(name=self.product_id.display_name)
