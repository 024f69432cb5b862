from odoo import fields, models


class AutoServiceTool(models.Model):
    """A tool or piece of equipment that technicians share."""

    _name = "auto.service.tool"
    _description = "Tool"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, help="What it is called.")
    code = fields.Char(
        string="Number",
        index=True,
        copy=False,
        help="Number on the tool, as its label shows it; it can be scanned.",
    )
    serial_number = fields.Char(copy=False, help="Number of its maker.")
    kind_id = fields.Many2one(
        "auto.service.tool.kind",
        string="Kind",
        index=True,
        ondelete="restrict",
        help="What kind of tool it is.",
    )
    place = fields.Char(help="Where it hangs when nobody has it.")
    loan_ids = fields.One2many(
        "auto.service.tool.loan",
        "tool_id",
        string="Loans",
        help="Who had it, and when.",
    )
    calibrated_on = fields.Date(
        string="Last calibrated", tracking=True, help="When it was calibrated last."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company that owns it.",
    )
    active = fields.Boolean(default=True, help="Tools that are gone are archived.")
