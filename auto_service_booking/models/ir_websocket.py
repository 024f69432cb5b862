from odoo import models

from .auto_service_allocation_board import BOARD_CHANNEL


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Who looks at a board hears of the changes of his branches.

        The channels belong to the companies: nobody gets in by guessing a name.
        """
        if BOARD_CHANNEL in channels:
            channels = [name for name in channels if name != BOARD_CHANNEL]
            user = self.env.user
            if user.has_group("auto_service_base.group_user"):
                channels += [(company, BOARD_CHANNEL) for company in user.company_ids]
        return super()._build_bus_channel_list(channels)
