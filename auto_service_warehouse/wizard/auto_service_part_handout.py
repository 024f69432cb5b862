from odoo import fields, models
from odoo.exceptions import UserError


class AutoServicePartHandout(models.TransientModel):
    """Who gets which parts of a job, and how many."""

    _name = "auto.service.part.handout"
    _description = "Issue of Parts"

    job_id = fields.Many2one(
        "auto.service.job", required=True, help="Job that the parts are for."
    )
    company_id = fields.Many2one(related="job_id.company_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        domain="[('company_id', 'in', [False, company_id])]",
        help="Who takes the parts.",
    )
    line_ids = fields.One2many(
        "auto.service.part.handout.line",
        "handout_id",
        string="Parts",
        help="What is approved and not issued yet.",
    )

    def action_issue(self):
        """Issue what is filled in.

        :return: action that closes the dialog and says what is missing
        """
        self.ensure_one()
        rows = self.line_ids.filtered("quantity")
        if not rows:
            raise UserError(
                self.env._("Fill in how many are issued, at least of one part.")
            )
        result = self.job_id._issue_parts_to(
            self.employee_id,
            rows.line_id,
            {row.line_id.id: row.quantity for row in rows},
        )
        if result["missing"]:
            return self.job_id._prepare_missing_notification(result["missing"])
        return {"type": "ir.actions.act_window_close"}


class AutoServicePartHandoutLine(models.TransientModel):
    """A part that may be issued."""

    _name = "auto.service.part.handout.line"
    _description = "Part to Issue"

    handout_id = fields.Many2one(
        "auto.service.part.handout",
        required=True,
        ondelete="cascade",
        help="Issue that it is on.",
    )
    line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        help="Line of the estimate that the part is on.",
    )
    name = fields.Char(string="Part", readonly=True, help="What is approved.")
    place = fields.Char(string="Lies in", readonly=True, help="Bins that it lies in.")
    uom_name = fields.Char(string="Unit", readonly=True, help="Unit of the line.")
    quantity_open = fields.Float(
        string="Not issued",
        digits="Product Unit",
        readonly=True,
        help="How many are approved and not issued yet, in the unit of the line.",
    )
    quantity_here = fields.Float(
        string="Here",
        digits="Product Unit",
        readonly=True,
        help="How many of them are reserved for the job, in the unit of the line.",
    )
    quantity = fields.Float(
        string="Issue now",
        digits="Product Unit",
        help="How many are handed out now, in the unit of the line.",
    )
