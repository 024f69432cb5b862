from odoo import fields, models


class ResPartner(models.Model):
    """Terms of a supplier for what goes back to him."""

    _inherit = "res.partner"

    auto_service_return_days = fields.Integer(
        string="Takes parts back within (days)",
        help="Days after the receipt in which the supplier takes parts back. Zero: as "
        "in the settings.",
    )
    auto_service_credit_days = fields.Integer(
        string="Credits returns within (days)",
        help="Days after parts went back in which the supplier's credit note comes. "
        "Zero: as in the settings.",
    )
    supplier_return_count = fields.Integer(
        compute="_compute_supplier_return_count",
        string="Open supplier returns",
        groups="auto_service_base.group_parts",
        help="Returns that did not leave yet, or whose credit did not come.",
    )

    def _compute_supplier_return_count(self):
        groups = self.env["auto.service.supplier.return"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", ["draft", "ready", "sent"]),
            ],
            ["partner_id"],
            ["__count"],
        )
        counts = dict(groups)
        for partner in self:
            partner.supplier_return_count = counts.get(partner, 0)

    def action_view_supplier_returns(self):
        """Open the returns to the supplier."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "auto_service_warehouse.auto_service_supplier_return_action"
        )
        action.update(
            domain=[("partner_id", "=", self.id)],
            context={"default_partner_id": self.id},
        )
        return action
