from odoo import api, fields, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    """Time off of a person, a bay or the whole garage touches what is planned."""

    _inherit = "resource.calendar.leaves"

    auto_service_absence = fields.Boolean(
        string="Entered in the garage",
        copy=False,
        help="Entered with the button Absent or Out of order; it ends there as well.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._on_time_off_changed(leaves._get_time_off())
        return leaves

    def write(self, vals):
        fields_of_time = {"date_from", "date_to", "resource_id", "calendar_id"}
        changes = {*fields_of_time, "company_id", "time_type"} & set(vals)
        before = self._get_time_off() if changes else []
        res = super().write(vals)
        if changes:
            self._on_time_off_changed(before + self._get_time_off())
        return res

    def unlink(self):
        before = self._get_time_off()
        res = super().unlink()
        self._on_time_off_changed(before)
        return res

    def _get_time_off(self):
        """Who is away when.

        :return: list of (resource.resource records, start, stop), naive UTC
        """
        return [
            (leave._get_planned_resources(), leave.date_from, leave.date_to)
            for leave in self.sudo()  # other people's time off may be hidden
        ]

    def _get_planned_resources(self):
        """Resources of the garage that the time off concerns.

        :return: resource.resource records
        """
        self.ensure_one()
        planned = Domain("auto_service_role", "!=", False)
        if self.resource_id:
            return self.resource_id.filtered_domain(planned)
        if self.calendar_id:
            return self.calendar_id._get_planned_resources()
        if self.company_id:
            planned &= Domain("company_id", "in", [False, self.company_id.id])
        return self.env["resource.resource"].search(planned)

    def _is_closing(self, resource):
        """Whether this time off of many is time off of ``resource``, too.

        :param resource: resource.resource record
        """
        self.ensure_one()
        if self.calendar_id:
            hours = resource.calendar_id or resource.company_id._get_opening_calendar()
            return self.calendar_id == hours
        return not self.company_id or self.company_id == resource.company_id

    @api.model
    def _on_time_off_changed(self, changes):
        """Look again at what is planned with them in that time."""
        for resources, start, stop in changes:
            if resources:
                resources._on_hours_changed(start, stop)
