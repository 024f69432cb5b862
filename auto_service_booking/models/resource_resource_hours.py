from odoo import fields, models


class ResourceResource(models.Model):
    """Working time that changes after work was planned in it."""

    _inherit = "resource.resource"

    def write(self, vals):
        """Planned work is looked at again when the hours of its resource change."""
        res = super().write(vals)
        if self._get_hours_fields() & set(vals):
            self._on_hours_changed()
        return res

    def _get_hours_fields(self):
        """Fields that say when a resource works."""
        return {"calendar_id", "tz", "active", "auto_service_uses_shifts"}

    def _on_hours_changed(self, start=None, stop=None):
        """Let the replan queue look at what is planned with these resources.

        Called by everything that says when somebody works: working hours, shifts,
        leaves, versions of employees.

        :param datetime start: naive UTC; what ended before now is not looked at
        :param datetime stop: naive UTC; the last planned work when omitted
        """
        start = max(start or fields.Datetime.now(), fields.Datetime.now())
        domain = [
            ("resource_id", "in", self.ids),
            ("state", "in", ("held", "planned", "started")),
            ("stop", ">", start),
        ]
        if stop:
            domain.append(("start", "<", stop))
        # sudo: who changes hours may be nobody of the garage, an HR officer
        board_sudo = self.env["auto.service.allocation"].sudo()
        for resources, last in board_sudo._read_group(
            domain, [], ["resource_id:recordset", "stop:max"]
        ):
            if resources:
                board_sudo._flag_unavailable(resources.ids, start, last)
