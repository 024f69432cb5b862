from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """A changed line of working hours is a changed pattern of the planner."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["resource.calendar"]._clear_auto_service_patterns()
        return lines

    def write(self, vals):
        res = super().write(vals)
        self.env["resource.calendar"]._clear_auto_service_patterns()
        return res

    def unlink(self):
        res = super().unlink()
        self.env["resource.calendar"]._clear_auto_service_patterns()
        return res
