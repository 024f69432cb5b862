from odoo import api, models
from odoo.exceptions import ValidationError


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

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
                    "long, not from when to when. Choose working hours with fixed times.",
                    names="”, “".join(bad.mapped("name")),
                )
            )

    @api.constrains("schedule_type", "flexible_hours", "duration_based")
    def _check_auto_service_use(self):
        """Working hours that the board uses stay of a kind that it can plan."""
        domain = [("calendar_id", "in", self.ids), ("auto_service_role", "!=", False)]
        resources_sudo = self.env["resource.resource"].sudo().search(domain)
        domain = [("auto_service_opening_calendar_id", "in", self.ids)]
        companies_sudo = self.env["res.company"].sudo().search(domain)
        used = resources_sudo.calendar_id
        used |= companies_sudo.auto_service_opening_calendar_id
        used._check_auto_service_plannable()
