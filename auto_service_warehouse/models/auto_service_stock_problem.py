from odoo import fields, models
from odoo.tools import SQL


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
    package_id = fields.Many2one(
        "stock.package", readonly=True, help="Package that it is about."
    )
    owner_id = fields.Many2one(
        "res.partner", readonly=True, help="Who the pieces belong to, when not to us."
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

    @property
    def _table_query(self):
        """Shelves with less than nothing on them, or less than is reserved.

        A shelf is a product in a place, with lot, package and owner; several quants of
        one shelf are added up. Pieces without a lot stand in for those with one.
        """
        self.env["stock.quant"].flush_model()
        return SQL(
            """
            SELECT min(q.id) AS id,
                   CASE WHEN %(there)s < 0 THEN 'negative' ELSE 'promised' END AS kind,
                   q.product_id,
                   q.location_id,
                   q.lot_id,
                   q.package_id,
                   q.owner_id,
                   %(there)s AS quantity,
                   %(reserved)s AS reserved_quantity,
                   q.company_id
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id
             WHERE l.usage IN ('internal', 'transit') AND q.company_id IS NOT NULL
             GROUP BY q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id,
                      q.company_id
            HAVING %(there)s < 0 OR %(there)s < %(reserved)s
            """,
            there=SQL("round(sum(coalesce(q.quantity, 0))::numeric, 6)"),
            reserved=SQL("round(sum(q.reserved_quantity)::numeric, 6)"),
        )
