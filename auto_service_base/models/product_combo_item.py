from odoo import models


class ProductComboItem(models.Model):
    _name = "product.combo.item"
    _inherit = ["product.combo.item", "auto.service.price.guard"]
