from odoo import fields, models


class AutoServiceIdlePart(models.Model):
    """Parts to return: in stock, on no job, without a reorder rule."""

    _name = "auto.service.idle.part"
    _description = "Part to Return"
    _auto = False
    _order = "value desc, id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", string="Part", readonly=True, help="What lies idle."
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, help="Where it lies."
    )
    quantity = fields.Float(
        string="Free",
        digits="Product Unit",
        readonly=True,
        help="How many are reserved for nobody, in the unit of the product.",
    )
    value = fields.Float(
        readonly=True, help="What they cost, in the currency of the company."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company whose stock it is."
    )
