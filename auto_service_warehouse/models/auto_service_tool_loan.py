from odoo import fields, models


class AutoServiceToolLoan(models.Model):
    """A technician has a tool, from when to when."""

    _name = "auto.service.tool.loan"
    _description = "Tool Loan"
    _order = "out_at desc, id desc"

    tool_id = fields.Many2one(
        "auto.service.tool",
        required=True,
        index=True,
        ondelete="restrict",
        help="What was handed out.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who has it.",
    )
    out_at = fields.Datetime(
        string="Out",
        required=True,
        default=fields.Datetime.now,
        help="When it was handed out.",
    )
    due_at = fields.Datetime(string="Due back", help="When it has to be back.")
    back_at = fields.Datetime(
        string="Back", help="When it came back; empty: he still has it."
    )
    company_id = fields.Many2one(related="tool_id.company_id", store=True)

    _one_open_loan = models.UniqueIndex(
        "(tool_id) WHERE back_at IS NULL", "Somebody else has this tool."
    )
