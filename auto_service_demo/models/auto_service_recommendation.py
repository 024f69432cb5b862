from odoo import api, models


class AutoServiceRecommendation(models.Model):
    _inherit = "auto.service.recommendation"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_never()
