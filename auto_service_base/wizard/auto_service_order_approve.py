from odoo import api, fields, models


class AutoServiceOrderApprove(models.TransientModel):
    _name = "auto.service.order.approve"
    _description = "Record the Approval of an Estimate"

    sale_order_id = fields.Many2one(
        "sale.order",
        string="Estimate",
        required=True,
        domain="[('id', 'in', estimate_ids)]",
        help="Estimate to approve.",
    )
    estimate_ids = fields.Many2many(
        "sale.order",
        string="Open estimates",
        help="Estimates of the visit that wait for an answer.",
    )
    pay_type = fields.Selection(
        related="sale_order_id.pay_type", string="Who pays", help="Who pays it."
    )
    amount_total = fields.Monetary(
        related="sale_order_id.amount_total", help="Amount that is approved."
    )
    currency_id = fields.Many2one(
        related="sale_order_id.currency_id", help="Currency of the estimate."
    )
    method = fields.Selection(
        [
            ("phone", "By telephone"),
            ("in_person", "In person"),
            ("email", "By e-mail"),
            ("message", "By message"),
            ("purchase_order", "Purchase order"),
        ],
        required=True,
        default="phone",
        help="How the customer said yes.",
    )
    signed_by = fields.Char(
        compute="_compute_signed_by",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Who said yes.",
    )
    note = fields.Char(help="What was agreed, or the number of the purchase order.")

    @api.depends("sale_order_id")
    def _compute_signed_by(self):
        for wizard in self:
            wizard.signed_by = wizard.sale_order_id.partner_id.name

    def action_approve(self):
        """Confirm the estimate with the approval on record."""
        self.ensure_one()
        approval = {
            "method": self.method,
            "signed_by": self.signed_by,
            "note": self.note,
            "taken_by_id": self.env.uid,
        }
        order = self.sale_order_id
        if order.state == "sale":
            order.action_reauthorise(**approval)
        else:
            order.with_context(auto_service_approval=approval).action_confirm()
        return {"type": "ir.actions.act_window_close"}
