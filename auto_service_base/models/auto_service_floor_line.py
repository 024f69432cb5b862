from odoo import fields, models
from odoo.tools import SQL


class AutoServiceFloorLine(models.Model):
    """Lines of the estimates as the floor sees them: what and how much, no money.

    A read model over ``sale.order.line``: technicians have no access to sale orders,
    and this table has no column from which a price could be worked out.
    """

    _name = "auto.service.floor.line"
    _description = "Line on the Floor"
    _auto = False
    _order = "sequence, id"
    _depends = {
        "sale.order.line": [
            "job_id",
            "kind",
            "name",
            "product_id",
            "product_uom_qty",
            "product_uom_id",
            "qty_delivered",
            "state",
            "sequence",
            "display_type",
        ]
    }

    job_id = fields.Many2one(
        "auto.service.job", readonly=True, help="Job that the line belongs to."
    )
    order_id = fields.Many2one(
        "auto.service.order", readonly=True, help="Work order of the line."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company of the work order."
    )
    sequence = fields.Integer(readonly=True, help="Place of the line on the estimate.")
    kind = fields.Selection(
        [
            ("labour", "Labour"),
            ("part", "Part"),
            ("sublet", "Sublet"),
            ("fee", "Fee"),
        ],
        readonly=True,
        help="Labour, part, work of another company, or a fee.",
    )
    name = fields.Text(
        string="Description", readonly=True, help="Text of the estimate's line."
    )
    product_code = fields.Char(
        string="Number", readonly=True, help="Own number of the part or service."
    )
    quantity = fields.Float(
        readonly=True, digits="Product Unit", help="Hours of labour or pieces of parts."
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True, help="Unit.")
    quantity_issued = fields.Float(
        string="Issued",
        readonly=True,
        digits="Product Unit",
        help="How much is issued or done.",
    )
    is_authorised = fields.Boolean(
        readonly=True, help="The customer has approved the estimate with this line."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.job_id, job.order_id, job.company_id, line.sequence,
                   line.kind, line.name, product.default_code AS product_code,
                   line.product_uom_qty AS quantity, line.product_uom_id AS uom_id,
                   line.qty_delivered AS quantity_issued,
                   line.state = 'sale' AS is_authorised
              FROM sale_order_line line
              JOIN auto_service_job job ON job.id = line.job_id
         LEFT JOIN product_product product ON product.id = line.product_id
             WHERE line.display_type IS NULL AND line.state <> 'cancel'
            """
        )

    def _get_floor_text(self):
        """Description without the number, which the job card prints beside it."""
        self.ensure_one()
        return (self.name or "").removeprefix(f"[{self.product_code}]").strip()
