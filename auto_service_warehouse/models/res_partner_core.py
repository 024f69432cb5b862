from odoo import fields, models


class ResPartner(models.Model):
    """Old parts that a customer owes, or that a supplier waits for."""

    _inherit = "res.partner"

    core_open_amount = fields.Monetary(
        compute="_compute_core_open",
        string="Open core deposits",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Deposits of old parts that are still owed, without taxes.",
    )
    core_open_quantity = fields.Float(
        compute="_compute_core_open",
        digits="Product Unit",
        string="Open old parts",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="How many old parts are still owed.",
    )

    def _compute_core_open(self):
        groups = self.env["auto.service.core"]._read_group(
            [("partner_id", "in", self.ids), ("state", "=", "open")],
            ["partner_id"],
            ["amount_open:sum", "quantity_open:sum"],
        )
        sums = {partner: values for partner, *values in groups}
        for partner in self:
            amount, quantity = sums.get(partner, (0.0, 0.0))
            partner.core_open_amount = amount
            partner.core_open_quantity = quantity

    def action_view_cores(self):
        """Open the deposits of the partner."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "auto_service_warehouse.auto_service_core_action"
        )
        action.update(
            domain=[("partner_id", "=", self.id)],
            context={"default_partner_id": self.id, "search_default_open": True},
        )
        return action
