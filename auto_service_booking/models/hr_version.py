from odoo import api, models


class HrVersion(models.Model):
    """Working hours of an employee that change on a day to come."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._get_planned_resources()._on_hours_changed()
        return versions

    def write(self, vals):
        res = super().write(vals)
        if self._get_hours_fields() & set(vals):
            self._get_planned_resources()._on_hours_changed()
        return res

    def unlink(self):
        resources = self._get_planned_resources()
        res = super().unlink()
        resources._on_hours_changed()
        return res

    @api.model
    def _get_hours_fields(self):
        """Fields that say which working hours count from when to when."""
        return {
            *("resource_calendar_id", "date_version", "active"),
            *("contract_date_start", "contract_date_end"),
        }

    def _get_planned_resources(self):
        """Resources of technicians among these employees.

        :return: resource.resource records
        """
        return self.sudo().employee_id.resource_id.filtered("auto_service_role")
