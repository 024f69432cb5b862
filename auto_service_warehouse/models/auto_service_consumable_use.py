from odoo import fields, models


class AutoServiceConsumableUse(models.Model):
    """What an operation of a finished job took, by the norm and from the shelf."""

    _name = "auto.service.consumable.use"
    _description = "Consumable Used"
    _order = "date desc, id desc"
    _rec_name = "product_id"

    job_id = fields.Many2one(
        "auto.service.job",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        help="Job that took it.",
    )
    order_id = fields.Many2one(
        related="job_id.order_id",
        store=True,
        index=True,
        help="Work order of the job.",
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        help="Operation that took it; empty: work without an operation.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Consumable",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        help="What was taken.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the product."
    )
    quantity = fields.Float(
        string="By the norm",
        digits="Product Unit",
        readonly=True,
        help="What the operation takes by its norm.",
    )
    quantity_drawn = fields.Float(
        string="Drawn",
        digits="Product Unit",
        readonly=True,
        help="What was on the shelf and was taken off it.",
    )
    quantity_short = fields.Float(
        string="Not on the shelf",
        digits="Product Unit",
        readonly=True,
        help="What the norm wanted and the shelf did not have.",
    )
    cost = fields.Monetary(
        readonly=True,
        groups="auto_service_base.group_margin",
        help="Cost of what was drawn, in the currency of the company.",
    )
    move_id = fields.Many2one(
        "stock.move",
        string="Stock move",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        help="Move that took it off the shelf.",
    )
    date = fields.Datetime(
        required=True,
        readonly=True,
        index=True,
        default=fields.Datetime.now,
        help="When the job was finished.",
    )
    is_undone = fields.Boolean(
        string="Put back",
        readonly=True,
        help="The job was reopened, and it is on the shelf again.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        help="Company of the job.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the company."
    )
