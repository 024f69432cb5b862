from odoo import api, models


class AutoServiceAllocation(models.Model):
    _inherit = "auto.service.allocation"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_except_worked()

    def _offer_freed(self, freed):
        """Time of the garage that goes is offered to nobody."""
        if self.env.context.get("auto_service_demo_remove"):
            return None
        return super()._offer_freed(freed)
