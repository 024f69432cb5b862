from odoo import fields, models


class AutoServicePartReturn(models.TransientModel):
    """Parts of a job that were not fitted go back to the shelf."""

    _name = "auto.service.part.return"
    _description = "Return of Parts"

    job_id = fields.Many2one(
        "auto.service.job", required=True, help="Job that the parts were issued to."
    )
    line_ids = fields.One2many(
        "auto.service.part.return.line",
        "return_id",
        string="Parts",
        help="What was issued, and what comes back of it.",
    )


class AutoServicePartReturnLine(models.TransientModel):
    """A part that comes back."""

    _name = "auto.service.part.return.line"
    _description = "Returned Part"

    return_id = fields.Many2one(
        "auto.service.part.return",
        required=True,
        ondelete="cascade",
        help="Return that it is on.",
    )
    line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        help="Line of the estimate that the part is on.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        help="How many come back, in the unit of the line.",
    )
