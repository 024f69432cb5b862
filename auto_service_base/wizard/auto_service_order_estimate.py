from odoo import api, fields, models


class AutoServiceOrderEstimate(models.TransientModel):
    _name = "auto.service.order.estimate"
    _description = "Estimate for Another Payer"

    order_id = fields.Many2one(
        "auto.service.order", required=True, help="Visit that is estimated."
    )
    pay_type = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["pay_type"].selection,
        string="Who pays",
        required=True,
        default="insurance",
        help="Who pays: reports and prices tell them apart.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Who gets the estimate and the invoice.",
    )

    @api.depends("pay_type", "order_id")
    def _compute_partner_id(self):
        for wizard in self:
            if wizard.pay_type in ("insurance", "warranty"):
                wizard.partner_id = False
            else:
                wizard.partner_id = wizard.order_id._get_payer(wizard.pay_type)

    def action_create_estimate(self):
        """Open one more estimate of the visit; lines are added to it from now on."""
        self.ensure_one()
        self.env["sale.order"].create(
            self.order_id._prepare_estimate_values(self.pay_type, self.partner_id)
        )
        return {"type": "ir.actions.act_window_close"}
