from odoo import api, models


class AutoServiceAllocation(models.Model):
    _inherit = "auto.service.allocation"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_except_worked()
