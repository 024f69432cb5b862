from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Working hours that change touch what is planned in them."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._on_hours_changed()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        res = super().write(vals)
        if self._get_auto_service_fields() & set(vals):
            (calendars | self.calendar_id)._on_hours_changed()
        return res

    def unlink(self):
        calendars = self.calendar_id
        res = super().unlink()
        calendars._on_hours_changed()
        return res

    @api.model
    def _get_auto_service_fields(self):
        """Fields that say when work is done."""
        return {
            *("calendar_id", "dayofweek", "hour_from", "hour_to"),
            *("day_period", "week_type", "display_type"),
        }
