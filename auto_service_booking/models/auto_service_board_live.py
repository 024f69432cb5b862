import json

from odoo import api, models
from odoo.tools import SQL

from .auto_service_allocation_board import BOARD_CHANNEL

#: Messages are numbered before they are committed: look back that far.
OVERLAP = 50


class AutoServicePlanner(models.AbstractModel):
    """For boards whose websocket does not get through: a cheap question instead."""

    _inherit = "auto.service.planner"

    @api.model
    @api.readonly
    def get_board_changes(self, company_id, revision):
        """What has changed since the board was read.

        :param int company_id: branch of the board
        :param int revision: as ``get_board`` or the last call gave it
        :return: dict with ``revision`` and ``messages``, lists of [number, message]
        """
        self._check_board_access()
        company = self._get_board_company(company_id)
        messages = self.env.execute_query(
            SQL(
                "SELECT id, message FROM bus_bus WHERE id > %s AND channel = %s",
                revision - OVERLAP,
                self._get_board_channel(company),
            )
        )
        return {
            "revision": max([revision, *(number for number, _text in messages)]),
            "messages": [
                [number, json.loads(text)["payload"]] for number, text in messages
            ],
        }

    @api.model
    def _get_board_revision(self):
        """Number of the last message of the bus."""
        return self.env["bus.bus"].sudo()._bus_last_id()  # a number, no message

    @api.model
    def _get_board_channel(self, company):
        """The branch's channel as the bus writes it."""
        channel = (self.env.cr.dbname, company._name, company.id, BOARD_CHANNEL)
        return json.dumps(channel, separators=(",", ":"))
