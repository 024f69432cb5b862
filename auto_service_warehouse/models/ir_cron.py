from functools import partial

from odoo import models

from ..tools.stock_turn import Turn


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Jobs that meet people at the shelves wait for their turn, as requests do."""
        job = partial(super()._callback, cron_name, server_action_id)
        if not self.env["res.company"]._get_stock_guarded_ids():
            return job()
        return Turn().run(job, self.env)
