from odoo import api, fields, models
from odoo.exceptions import UserError

TOOL_CONDITIONS = [
    ("ok", "In order"),
    ("worn", "Worn, still usable"),
    ("damaged", "Damaged or incomplete"),
]


class AutoServiceToolLoan(models.Model):
    """A technician has a tool, from when to when.

    Made by ``auto.service.tool.lend`` and closed by ``take_back``; what was written
    once is never changed.
    """

    _name = "auto.service.tool.loan"
    _description = "Tool Loan"
    _order = "out_at desc, id desc"
    _rec_name = "tool_id"

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
    lent_by_id = fields.Many2one(
        "res.users",
        string="Handed out by",
        readonly=True,
        help="Who handed it out.",
    )
    taken_by_id = fields.Many2one(
        "res.users",
        string="Taken back by",
        readonly=True,
        help="Who took it back.",
    )
    condition = fields.Selection(
        TOOL_CONDITIONS, readonly=True, help="How it came back."
    )
    note = fields.Char(readonly=True, help="What was said when it came back.")
    company_id = fields.Many2one(
        related="tool_id.company_id", store=True, help="Company of the tool."
    )

    _one_open_loan = models.UniqueIndex(
        "(tool_id) WHERE back_at IS NULL", "Somebody else has this tool."
    )
    _back_after_out = models.Constraint(
        "CHECK (back_at IS NULL OR back_at >= out_at)",
        "A tool comes back after it was handed out.",
    )

    @api.model
    def _get_closing_fields(self):
        """What is written when a tool comes back; all else stays as it was."""
        return {"back_at", "taken_by_id", "condition", "note"}

    def write(self, vals):
        refused = set(vals) - self._get_closing_fields() - {"company_id"}
        if refused or any(self.mapped("back_at")):
            raise UserError(
                self.env._(
                    "Who had %(tools)s, and when, is not changed afterwards. Take the "
                    "tool back and hand it out anew.",
                    tools=", ".join(self.tool_id.mapped("display_name")),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._(
                "Who had %(tools)s, and when, stays on record. Take the tool back "
                "instead.",
                tools=", ".join(self.tool_id.mapped("display_name")),
            )
        )
