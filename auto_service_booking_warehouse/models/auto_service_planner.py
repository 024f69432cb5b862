from odoo import api, models
from odoo.tools import SQL


class AutoServicePlanner(models.AbstractModel):
    """Whether the parts of the work on the board are ready."""

    _inherit = "auto.service.planner"

    @api.model
    def _get_block_fields(self, wall):
        names = super()._get_block_fields(wall)
        return names if wall else (*names, "parts_light")

    @api.model
    def _get_board_columns(self, clock):
        return {
            **super()._get_board_columns(clock),
            "parts_light": self._get_parts_light_column(),
        }

    @api.model
    def _get_parts_light_column(self):
        """Light of the job that a block is for; of a visit the one of all its jobs.

        :return: SQL
        """
        self.env["auto.service.job"].flush_model(["parts_light"])
        self.env["auto.service.order"].flush_model(["parts_light", "state"])
        return SQL(
            """
            CASE WHEN work_order.state <> 'open' THEN NULL
                 WHEN job.id IS NULL THEN work_order.parts_light
                 ELSE job.parts_light END
            """
        )
