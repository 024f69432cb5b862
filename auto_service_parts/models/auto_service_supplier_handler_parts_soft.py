from odoo import api, models

from ..tools.parts_soft_client import PartsSoftClient


class AutoServiceSupplierHandlerPartsSoft(models.AbstractModel):
    """Suppliers whose web shop runs on the platform of parts-soft.ru."""

    _name = "auto.service.supplier.handler.parts_soft"
    _inherit = "auto.service.supplier.handler"
    _description = "Handler of Parts-Soft Accounts"
    _handler_label = "Parts-Soft"

    @api.model
    def _make_client(self, account):
        return PartsSoftClient(account._get_client_options())

    @api.model
    def _get_account_fields(self):
        """The key takes the place of the password; there is no login."""
        return {"url", "password"}
