from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        res = super().write(vals)
        if {"tz", "two_weeks_calendar"} & set(vals):
            self._on_hours_changed()
        return res

    def _is_auto_service_plannable(self):
        """Whether the hours say when work begins and ends."""
        self.ensure_one()
        return not self.flexible_hours and not self.duration_based

    def _check_auto_service_plannable(self):
        """Hours that only say how long somebody works cannot be planned.

        :raise ValidationError: with the names of such working hours
        """
        bad = self.filtered(lambda calendar: not calendar._is_auto_service_plannable())
        if bad:
            raise ValidationError(
                self.env._(
                    "The board cannot plan “%(names)s”: these working hours say how "
                    "long, not from when to when. Choose working hours with fixed "
                    "times.",
                    names="”, “".join(bad.mapped("name")),
                )
            )

    @api.constrains("schedule_type", "flexible_hours", "duration_based")
    def _check_auto_service_use(self):
        """Working hours that the board uses stay of a kind that it can plan."""
        domain = [("calendar_id", "in", self.ids), ("auto_service_role", "!=", False)]
        resources_sudo = self.env["resource.resource"].sudo().search(domain)
        used = resources_sudo.calendar_id
        used |= self._get_opening_companies().auto_service_opening_calendar_id
        used._check_auto_service_plannable()

    def _get_opening_companies(self):
        """Companies whose customers come in these hours.

        :return: res.company records
        """
        own = Domain("auto_service_opening_calendar_id", "in", self.ids)
        general = Domain("auto_service_opening_calendar_id", "=", False)
        general &= Domain("resource_calendar_id", "in", self.ids)
        return self.env["res.company"].sudo().search(own | general)

    def _get_planned_resources(self):
        """Resources of the garage that work by these hours.

        :return: resource.resource records; without hours of their own they follow the
            opening hours of their company
        """
        companies = self._get_opening_companies()
        domain = Domain("calendar_id", "in", self.ids)
        domain |= Domain("calendar_id", "=", False) & Domain(
            "company_id", "in", [*companies.ids, *([False] if companies else [])]
        )
        domain &= Domain("auto_service_role", "!=", False)
        return self.env["resource.resource"].sudo().search(domain)

    def _on_hours_changed(self):
        """Look again at what is planned with who works by these hours."""
        resources = self._get_planned_resources()
        if resources:
            resources._on_hours_changed()
