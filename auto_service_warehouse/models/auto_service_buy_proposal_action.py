from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.reorder import propose_limits
from .auto_service_buy_proposal import ID_STEP, USE_DAYS


class AutoServiceBuyProposal(models.Model):
    """What a buyer does with the parts that are short."""

    _inherit = "auto.service.buy.proposal"

    def _ensure_may_buy(self):
        """Ordering spends money: parts people and managers do it."""
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_parts"
        ):
            raise AccessError(
                self.env._("Only parts people and managers order. Ask one of them.")
            )

    def _get_fresh(self, pairs):
        """Rows of today for parts and warehouses, also after something was bought.

        :param pairs: iterable of (product.product, stock.warehouse) records
        :return: dict (product, warehouse) -> record; pairs that are not short any more
            are left out
        """
        self.env.invalidate_all()
        ids = {product.id * ID_STEP + warehouse.id for product, warehouse in pairs}
        rows = self.search([("id", "in", list(ids))])
        return {(row.product_id, row.warehouse_id): row for row in rows}

    def action_order(self):
        """Show what would be ordered from whom; nothing is ordered yet.

        :return: act_window action of the dialog
        """
        self._ensure_may_buy()
        rows = self.filtered(
            lambda row: row.reason == "suggest"
            or row.uom_id.compare(row.quantity_to_order, 0.0) > 0
        )
        if not rows:
            raise UserError(
                self.env._(
                    "There is enough of these parts, here or on order: %(parts)s.",
                    parts=", ".join(self.product_id.mapped("display_name")),
                )
            )
        return self.env["auto.service.buy.order"]._open(rows)

    def action_make_rule(self):
        """Reorder rules for the parts, with limits from what was used.

        One part: the rule opens and can be changed. Several: they are made at once.
        They order nothing by themselves until somebody makes them automatic.

        :return: act_window action
        """
        self._ensure_may_buy()
        rows = self.filtered(lambda row: not row.orderpoint_id)
        if not rows:
            raise UserError(
                self.env._(
                    "These parts have a reorder rule already: %(parts)s.",
                    parts=", ".join(self.product_id.mapped("display_name")),
                )
            )
        rules_sudo = self.env["stock.warehouse.orderpoint"].sudo()
        # parts people keep the rules of the garage without the rights of an
        # administrator of the stock; the role is checked above
        rules = rules_sudo.create([row._prepare_rule_values() for row in rows])
        return self._get_rule_action(rules.sudo(False))

    def _prepare_rule_values(self):
        self.ensure_one()
        least, most = self._propose_limits()
        return {
            "product_id": self.product_id.id,
            "warehouse_id": self.warehouse_id.id,
            "location_id": self.warehouse_id.lot_stock_id.id,
            "company_id": self.company_id.id,
            "product_min_qty": least,
            "product_max_qty": most,
            "trigger": "manual",
        }

    def _propose_limits(self):
        """Least and most of the part, see ``tools/reorder.py``."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        seller = product._select_seller(partner_id=self.partner_id, quantity=None)
        lead = seller.delay + self.company_id.days_to_purchase
        return propose_limits(self.quantity_sold, self.sold_times, USE_DAYS, lead)

    def _get_rule_action(self, rules):
        """Open reorder rules: one in its form, several in the list."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Reorder rules"),
            "res_model": "stock.warehouse.orderpoint",
            "view_mode": "list,form",
            "views": [
                (
                    self.env.ref("stock.view_warehouse_orderpoint_tree_editable").id,
                    "list",
                ),
                (False, "form"),
            ],
            "domain": [("id", "in", rules.ids)],
        }
        if len(rules) == 1:
            view = self.env.ref(
                "auto_service_warehouse.stock_orderpoint_view_form_part"
            )
            action.update(
                name=self.env._("Reorder rule"),
                view_mode="form",
                views=[(view.id, "form")],
                res_id=rules.id,
                target="new",
            )
        return action

    def action_view_rule(self):
        """Open the reorder rule of the row in a dialog."""
        self.ensure_one()
        return self._get_rule_action(self.orderpoint_id)

    def action_view_product(self):
        """Open the part."""
        self.ensure_one()
        return self.product_id._get_records_action(name=self.product_id.display_name)

    def _cron_tell_low_stock(self):
        """Tell the buyer of every company in the morning what is short."""
        companies = self.env["res.company"].search(
            [("auto_service_buyer_id", "!=", False)]
        )
        for company in companies:
            rows = self.with_context(allowed_company_ids=company.ids).search(
                [("company_id", "=", company.id), ("quantity_to_order", ">", 0)]
            )
            if rows:
                company._tell_low_stock(rows)
