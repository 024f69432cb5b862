from odoo import models


class AutoServiceJob(models.Model):
    """Maintenance that was done is not due any more, from the moment it is finished."""

    _inherit = "auto.service.job"

    def _finish(self):
        result = super()._finish()
        self._follow_maintenance()
        return result

    def _reopen(self):
        result = super()._reopen()
        self._follow_maintenance()
        return result

    def _follow_maintenance(self):
        """Work the next service of the vehicles out anew.

        Only of vehicles that have one: others are looked at in the night, and a
        garage without maintenance plans pays nothing.
        """
        self.vehicle_id.filtered("next_maintenance_date")._update_next_maintenance()
