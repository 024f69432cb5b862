from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AutoServiceMissingPart(models.TransientModel):
    """Orders what is missing on jobs: whom from, how many, at which price."""

    _name = "auto.service.missing.part"
    _description = "Order Missing Parts"

    company_id = fields.Many2one(
        "res.company", required=True, help="Company that orders."
    )
    line_ids = fields.One2many(
        "auto.service.missing.part.line",
        "order_id",
        string="Parts",
        help="What nobody has ordered yet.",
    )

    @api.model
    def _open(self, sale_lines):
        """Show what would be ordered from whom.

        :param sale_lines: sale.order.line records of one company
        :return: act_window action
        """
        company = sale_lines.company_id
        if len(company) > 1:
            raise UserError(self.env._("Order the parts of one company at a time."))
        wizard = self.create(
            {
                "company_id": company.id,
                "line_ids": [
                    Command.create(line._prepare_missing_values())
                    for line in sale_lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order missing parts"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_order(self):
        """Order the parts: one confirmed purchase order for each vendor.

        :return: act_window action with the purchase orders
        """
        purchases = self._create_purchases()
        purchases.button_confirm()
        return self._open_purchases(purchases)

    def action_prepare(self):
        """Only write the purchase orders; somebody confirms them later.

        :return: act_window action with the purchase orders
        """
        return self._open_purchases(self._create_purchases())

    def _create_purchases(self):
        """Purchase orders of what is ticked, each part once.

        :return: purchase.order records, not confirmed yet
        """
        self.ensure_one()
        lines = self.line_ids.filtered("is_ordered")
        lines._ensure_can_be_ordered()
        sale_lines = lines.sale_line_id
        sale_lines._ensure_may_buy()
        sale_lines._lock_for_buying()
        lines._ensure_still_missing()
        purchases = self.env["purchase.order"]
        for some in lines.grouped(lambda line: line._get_purchase_key()).values():
            purchases |= some._create_purchase()
        lines._tell_work_orders(purchases)
        sale_lines._after_parts_moved()
        return purchases

    def _open_purchases(self, purchases):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("id", "in", purchases.ids)],
        }
        if len(purchases) == 1:
            action.update(view_mode="form", res_id=purchases.id)
        return action
