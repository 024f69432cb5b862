from odoo import api, fields, models


class AutoServiceToolLend(models.TransientModel):
    """Who takes which tools, and until when."""

    _name = "auto.service.tool.lend"
    _description = "Hand Out Tools"

    tool_ids = fields.Many2many(
        "auto.service.tool",
        string="Tools",
        required=True,
        help="What is handed out.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        required=True,
        help="Who takes it.",
    )
    due_at = fields.Datetime(
        string="Due back",
        compute="_compute_due_at",
        store=True,
        readonly=False,
        help="When it has to be back: the end of the working day, or as the kind of "
        "tool says.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        help="Company of the tools.",
    )

    @api.depends("tool_ids")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.tool_ids.company_id[:1]

    @api.depends("tool_ids", "employee_id")
    def _compute_due_at(self):
        for record in self:
            tools = record.tool_ids
            dates = [tool._origin._get_due_at(record.employee_id) for tool in tools]
            record.due_at = min(dates, default=False)

    def action_lend(self):
        """Hand the tools out."""
        self.ensure_one()
        self.tool_ids.lend(self.employee_id, self.due_at)
        return {"type": "ir.actions.act_window_close"}
