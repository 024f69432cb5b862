from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    auto_service_core_price = fields.Float(
        string="Core deposit",
        digits="Product Price",
        help="What is paid for the old part of this one, without taxes. Zero: no old "
        "part is asked for. A part that is received or issued makes a row under Core "
        "deposits, so that nobody forgets the old one.",
    )
