from odoo import fields, models


class AutoServicePartIssue(models.Model):
    """Who took which part for which job, and what came back: written by the system."""

    _name = "auto.service.part.issue"
    _description = "Part Issue"
    _order = "date desc, id desc"
    _rec_name = "product_id"

    kind = fields.Selection(
        [("pick", "Picked"), ("issue", "Issued"), ("return", "Returned")],
        required=True,
        help="Picked: put aside for the job. Issued: handed to the technician. "
        "Returned: was not fitted and is back on the shelf.",
    )
    line_id = fields.Many2one(
        "sale.order.line",
        index=True,
        ondelete="restrict",
        help="Line of the estimate that the part is on.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        index=True,
        ondelete="restrict",
        help="Job that the part is for.",
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        index=True,
        ondelete="restrict",
        help="Visit that the part is for.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        help="What was moved.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        ondelete="restrict",
        help="Which piece it was, where that is kept.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="How many, in the unit of the product.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        index=True,
        ondelete="restrict",
        help="Who has the part now, or brought it back.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Who recorded it.",
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When it was recorded.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        ondelete="restrict",
        help="Where it was taken from, or put back to.",
    )
    move_id = fields.Many2one(
        "stock.move",
        string="Stock move",
        index=True,
        ondelete="set null",
        help="Move of the stock that did it.",
    )
    reason = fields.Char(help="Why it came back.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company whose stock it is.",
    )

    def _after_create(self):
        """Extend where something follows from an issue or a return: old parts …

        :return: auto.service.part.issue records, self
        """
        return self
