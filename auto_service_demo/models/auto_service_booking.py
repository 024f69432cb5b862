from odoo import api, models


class AutoServiceBooking(models.Model):
    _inherit = "auto.service.booking"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        if self.env["auto.service.demo.record"].sudo()._may_remove(self):
            return None
        return super()._unlink_except_left_desk()
