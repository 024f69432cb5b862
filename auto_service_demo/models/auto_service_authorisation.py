from odoo import api, models


class AutoServiceAuthorisation(models.Model):
    _inherit = "auto.service.authorisation"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_never()

    def _render_document(self):
        """No PDF while the garage is loaded: it would take half a minute."""
        if self.env.context.get("auto_service_demo_load"):
            return None
        return super()._render_document()
