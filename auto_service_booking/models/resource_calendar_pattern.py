from odoo import api, models, tools


class ResourceCalendar(models.Model):
    """Working hours as the planner wants them: read once, kept until they change."""

    _inherit = "resource.calendar"

    def write(self, vals):
        res = super().write(vals)
        self._clear_auto_service_patterns()
        return res

    @api.model
    def _clear_auto_service_patterns(self):
        """Every process reads the working hours again."""
        self.env.registry.clear_cache()

    def _get_auto_service_patterns(self):
        """Lines of the week of these calendars, without lunch.

        :return: dict of id -> tuple of lines as ``slot_grid.work_mask`` takes them;
            ``None`` for a calendar that the board cannot plan
        """
        return {
            calendar.id: calendar._get_auto_service_pattern(calendar.id)
            for calendar in self
        }

    @tools.ormcache("calendar_id")
    def _get_auto_service_pattern(self, calendar_id):
        """One of the patterns; ``calendar_id`` is the id of this very calendar."""
        # sudo: working hours are the same for everybody, and so is the cache
        calendar_sudo = self.sudo()
        if not calendar_sudo._is_auto_service_plannable():
            return None
        return tuple(
            sorted(
                (
                    int(line.dayofweek),
                    int(line.week_type) if calendar_sudo.two_weeks_calendar else None,
                    line.hour_from,
                    line.hour_to,
                )
                for line in calendar_sudo.attendance_ids
                if not line.display_type and line.day_period != "lunch"
            )
        )
