from odoo import api, models
from odoo.tools import SQL

from odoo.addons.auto_service_parts.models.sale_order_line_part_state import (
    COMING_STATES,
)


class AutoServicePlanner(models.AbstractModel):
    """Which work on the board waits for parts."""

    _inherit = "auto.service.planner"

    @api.model
    def _get_block_fields(self, wall):
        names = super()._get_block_fields(wall)
        return names if wall else (*names, "parts")

    @api.model
    def _get_board_columns(self, clock):
        return {**super()._get_board_columns(clock), "parts": self._get_parts_column()}

    @api.model
    def _get_parts_column(self):
        """``missing`` when a part of the work is not ordered, ``coming`` when all are.

        A block of a job looks at its parts, one of a visit at all of them.

        :return: SQL
        """
        self.env["sale.order.line"].flush_model(
            ["part_state", "job_id", "work_order_id", "state"]
        )
        return SQL(
            """
            CASE WHEN work_order.state = 'open' THEN (
                SELECT CASE
                       WHEN bool_or(row.part_state IN ('needed', 'refused'))
                       THEN 'missing'
                       WHEN bool_or(row.part_state IN %(coming)s) THEN 'coming' END
                  FROM sale_order_line row
                 WHERE row.work_order_id = work_order.id
                   AND (job.id IS NULL OR row.job_id = job.id)
                   AND row.part_state IS NOT NULL
                   AND row.state <> 'cancel'
            ) END
            """,
            coming=COMING_STATES,
        )
