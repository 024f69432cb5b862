from odoo import fields, models

from ..models.auto_service_tool_loan import TOOL_CONDITIONS


class AutoServiceToolBack(models.TransientModel):
    """How tools came back."""

    _name = "auto.service.tool.back"
    _description = "Take Tools Back"

    tool_ids = fields.Many2many(
        "auto.service.tool", string="Tools", required=True, help="What came back."
    )
    condition = fields.Selection(
        TOOL_CONDITIONS,
        default="damaged",
        required=True,
        help="A damaged tool is not handed out before it is repaired.",
    )
    note = fields.Char(help="What is wrong, or missing.")

    def action_take_back(self):
        """Take the tools back."""
        self.ensure_one()
        self.tool_ids.take_back(self.condition, self.note)
        return {"type": "ir.actions.act_window_close"}
