from odoo import models


class PurchaseOrderLine(models.Model):
    """What the supplier refused is not coming."""

    _inherit = "purchase.order.line"

    def _is_loose_for_job(self):
        return super()._is_loose_for_job() and self._is_part_live()
