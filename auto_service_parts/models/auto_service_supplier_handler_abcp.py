from hashlib import md5

from odoo import api, models

from ..tools.abcp_client import AbcpClient


class AutoServiceSupplierHandlerAbcp(models.AbstractModel):
    """Suppliers whose web shop runs on ABCP; each shop has its own address."""

    _name = "auto.service.supplier.handler.abcp"
    _inherit = "auto.service.supplier.handler"
    _description = "Handler of ABCP Accounts"
    _handler_label = "ABCP"

    @api.model
    def _make_client(self, account):
        return AbcpClient(account._get_client_options())

    @api.model
    def _get_account_fields(self):
        return super()._get_account_fields() | {
            "has_partner_stocks",
            "payment_option_id",
            "shipment_option_id",
            "address_option_id",
            "office_option_id",
        }

    @api.model
    def _seal_password(self, password):
        """The protocol wants the MD5 of the password, so the password is not kept."""
        return md5(password.encode(), usedforsecurity=False).hexdigest()
