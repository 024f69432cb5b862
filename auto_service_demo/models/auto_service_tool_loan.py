from odoo import api, models


class AutoServiceToolLoan(models.Model):
    _inherit = "auto.service.tool.loan"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_except_history()
