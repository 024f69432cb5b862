from odoo import api, models


class AutoServiceBookingLine(models.Model):
    """Services that are changed after a time was found are on record."""

    _inherit = "auto.service.booking.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line in lines._get_logged():
            line.booking_id._log("services", after=line._get_label())
        return lines

    def write(self, vals):
        if not {"name", "hours", "operation_id", "package_id"} & set(vals):
            return super().write(vals)
        before = {line.id: line._get_label() for line in self._get_logged()}
        res = super().write(vals)
        for line in self.filtered(lambda line: line.id in before):
            after = line._get_label()
            if after != before[line.id]:
                line.booking_id._log("services", before[line.id], after)
        return res

    def unlink(self):
        """What is kept for the services is free again; worked time stays on record."""
        for line in self._get_logged():
            line.booking_id._log("services", before=line._get_label())
        self.allocation_ids.with_context(auto_service_no_log=True).unlink()
        return super().unlink()

    def _get_logged(self):
        """Lines of bookings that left the desk; before that everything is a draft."""
        return self.filtered(lambda line: line.booking_id.state != "requested")

    def _get_label(self):
        """“Oil service, 1:30 h”."""
        self.ensure_one()
        hours, minutes = divmod(round(self.hours * 60), 60)
        return self.env._(
            "%(service)s, %(hours)s h",
            service=self.name,
            hours=f"{hours}:{minutes:02d}",
        )
