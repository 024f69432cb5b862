from odoo import fields, models


class AutoServiceStockCount(models.Model):
    """Counting of a place by scanning, until it is applied to the stock."""

    _name = "auto.service.stock.count"
    _description = "Stock Count"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(
        required=True, readonly=True, default="/", help="Number of the count."
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        required=True,
        domain=[("usage", "=", "internal")],
        ondelete="restrict",
        help="What is counted: a bin, a rack, or the whole warehouse.",
    )
    state = fields.Selection(
        [
            ("counting", "Counting"),
            ("done", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        default="counting",
        required=True,
        tracking=True,
        help="Nothing of the stock changes before the count is applied.",
    )
    line_ids = fields.One2many(
        "auto.service.stock.count.line",
        "count_id",
        string="Parts",
        help="What was expected and what was found.",
    )
    is_blind = fields.Boolean(
        string="Blind",
        help="Who counts does not see what is expected.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Counted by",
        default=lambda self: self.env.user,
        help="Who counts.",
    )
    done_at = fields.Datetime(
        string="Applied on", readonly=True, help="When it was applied."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company whose stock is counted.",
    )
