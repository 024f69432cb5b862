from odoo import models


class ProductCombo(models.Model):
    _name = "product.combo"
    _inherit = ["product.combo", "auto.service.price.guard"]
