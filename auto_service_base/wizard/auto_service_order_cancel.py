from odoo import fields, models


class AutoServiceOrderCancel(models.TransientModel):
    _name = "auto.service.order.cancel"
    _description = "Cancel Work Orders with a Reason"

    order_ids = fields.Many2many(
        "auto.service.order", required=True, help="Work orders to cancel."
    )
    reason_id = fields.Many2one(
        "auto.service.reason",
        required=True,
        domain="[('kind', '=', 'cancel')]",
        help="Why the visit does not take place; reports count by it.",
    )
    note = fields.Text(help="What else is to be known.")

    def action_cancel_orders(self):
        """Cancel the work orders with the reason."""
        self.ensure_one()
        self.order_ids._cancel(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
