from odoo import models


class AutoServiceCore(models.Model):
    _inherit = "auto.service.core"

    def _after_settled(self, settlement):
        """The customer brought the old part: its deposit is not billed, or refunded."""
        res = super()._after_settled(settlement)
        if settlement.how == "old_part" and self.state == "settled":
            deposits = self.sale_line_id.core_line_ids
            deposits.filtered("can_be_core_returned").action_core_returned()
        return res
