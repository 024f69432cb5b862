from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_except_left_desk()

    def _prepare_invoice(self):
        """The garage invoiced on the days of its visits, not on that of its loading."""
        values = super()._prepare_invoice()
        date = self.env.context.get("auto_service_demo_invoice_date")
        return {**values, "invoice_date": date} if date else values
