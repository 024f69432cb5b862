from odoo import models


class AutoServiceSupplierHandler(models.AbstractModel):
    """What a supplier's system can be asked; one model for each kind of system."""

    _name = "auto.service.supplier.handler"
    _description = "Handler of Supplier Accounts"
    _handler_label = ""
