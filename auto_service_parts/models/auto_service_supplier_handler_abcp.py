from odoo import models


class AutoServiceSupplierHandlerAbcp(models.AbstractModel):
    _name = "auto.service.supplier.handler.abcp"
    _inherit = "auto.service.supplier.handler"
    _description = "Handler of ABCP Accounts"
    _handler_label = "ABCP"
