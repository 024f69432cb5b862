import logging
import random
import time
from functools import partial

from odoo import models

from ..tools.stock_turn import BUSY, Turn

_logger = logging.getLogger(__name__)
ROUNDS = 3


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Jobs that meet people at the shelves begin again, as requests do."""
        job = partial(super()._callback, cron_name, server_action_id)
        if not self.env["res.company"]._get_stock_guarded_ids():
            return job()
        turn = Turn(repeatable=True)
        for left in reversed(range(ROUNDS)):
            try:
                return turn.run(job, self.env)
            except BUSY as error:
                if not left:
                    raise
                _logger.info("%s begins again: %s", cron_name, error)
                self.env.cr.rollback()
                time.sleep(random.uniform(0.1, 1.0))
        return None
