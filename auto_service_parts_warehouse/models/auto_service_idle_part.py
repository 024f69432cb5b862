from odoo import models
from odoo.tools import SQL


class AutoServiceIdlePart(models.Model):
    """Parts that were offered without the right to give them back stay."""

    _inherit = "auto.service.idle.part"

    def _can_return(self):
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM purchase_order_line line
                  JOIN auto_service_parts_offer offer ON offer.id = line.parts_offer_id
                 WHERE line.id = bought.line_id AND offer.is_no_return)
            """,
            super()._can_return(),
        )
