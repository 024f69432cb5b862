from odoo import fields, models


class AutoServiceStockProblem(models.Model):
    """What is below zero, or promised twice, right now: a list of the database."""

    _name = "auto.service.stock.problem"
    _description = "Stock Below Zero"
    _auto = False
    _order = "kind, product_id, id"

    kind = fields.Selection(
        [("negative", "Below zero"), ("promised", "Promised twice")],
        readonly=True,
        help="Below zero: less than nothing is there. Promised twice: more is "
        "reserved than is there.",
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, help="Part that it is about."
    )
    location_id = fields.Many2one(
        "stock.location", readonly=True, help="Place that it is about."
    )
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, help="Lot or serial number that it is about."
    )
    quantity = fields.Float(
        string="On hand",
        digits="Product Unit",
        readonly=True,
        help="What the system says is there, in the unit of the product.",
    )
    reserved_quantity = fields.Float(
        string="Reserved",
        digits="Product Unit",
        readonly=True,
        help="What is reserved of it, in the unit of the product.",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company whose stock it is."
    )
