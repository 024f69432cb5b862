from odoo import api, fields, models
from odoo.exceptions import UserError

TOOL_STATES = [
    ("here", "Here"),
    ("out", "Out"),
    ("overdue", "Not back in time"),
    ("calibration", "Calibration due"),
    ("broken", "Out of order"),
    ("missing", "Missing"),
    ("retired", "Retired"),
]


class AutoServiceTool(models.Model):
    """A tool or piece of equipment that technicians share."""

    _name = "auto.service.tool"
    _description = "Tool"
    _inherit = ["mail.thread", "mail.activity.mixin", "image.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "code", "serial_number"]
    _check_company_auto = True

    name = fields.Char(required=True, help="What it is called.")
    code = fields.Char(
        string="Number",
        index=True,
        copy=False,
        help="Number on the tool, as its label shows it; it can be scanned. Empty: the "
        "next one.",
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
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Who is told when it is not back in time, or its calibration is due.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial number in stock",
        index="btree_not_null",
        copy=False,
        check_company=True,
        ondelete="set null",
        help="The piece in the stock that this tool is, where tools are bought as "
        "products.",
    )
    loan_ids = fields.One2many(
        "auto.service.tool.loan",
        "tool_id",
        string="Loans",
        readonly=True,
        copy=False,
        help="Who had it, and when.",
    )
    loan_id = fields.Many2one(
        "auto.service.tool.loan",
        string="Running loan",
        compute="_compute_loan_id",
        store=True,
        index="btree_not_null",
        help="The loan that is not back yet.",
    )
    holder_id = fields.Many2one(
        related="loan_id.employee_id",
        string="With",
        store=True,
        index="btree_not_null",
        help="Who has it.",
    )
    out_at = fields.Datetime(
        related="loan_id.out_at", store=True, help="Since when he has it."
    )
    due_at = fields.Datetime(
        related="loan_id.due_at", store=True, help="When it has to be back."
    )
    is_mine = fields.Boolean(
        string="With me",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="You have it.",
    )
    last_holder_id = fields.Many2one(
        "hr.employee",
        string="Last with",
        compute="_compute_last_holder_id",
        help="Who has it, or had it last.",
    )
    calibration_ids = fields.One2many(
        "auto.service.tool.calibration",
        "tool_id",
        string="Calibrations",
        copy=False,
        help="Every calibration with its certificate.",
    )
    calibrated_on = fields.Date(
        string="Last calibrated",
        tracking=True,
        copy=False,
        help="When it was calibrated last.",
    )
    calibration_due = fields.Date(
        string="Calibrate until",
        compute="_compute_calibration_due",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Last day on which the calibration holds: the kind of tool says how many "
        "months after the last one.",
    )
    missing_at = fields.Datetime(
        string="Missing since",
        readonly=True,
        copy=False,
        tracking=True,
        help="When somebody said that it is nowhere.",
    )
    is_broken = fields.Boolean(
        string="Out of order",
        copy=False,
        tracking=True,
        help="It is not handed out before it is repaired.",
    )
    retired_on = fields.Date(
        readonly=True, copy=False, tracking=True, help="When it was given up for good."
    )
    state = fields.Selection(
        TOOL_STATES,
        compute="_compute_state",
        store=True,
        index=True,
        group_expand="_expand_states",
        help="Where it is and whether it may be used.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that owns it.",
    )
    active = fields.Boolean(default=True, help="Tools that are gone are archived.")

    _code_uniq = models.UniqueIndex(
        "(company_id, lower(code)) WHERE code IS NOT NULL",
        "There is a tool with this number already. Give it another number.",
    )

    @api.model
    def _expand_states(self, values, domain):
        """Columns of the board that are there when they are empty, too."""
        shown = ("here", "out", "overdue", "calibration")
        return [
            state for state, _label in TOOL_STATES if state in shown or state in values
        ]

    @api.depends("loan_ids.back_at")
    def _compute_loan_id(self):
        for tool in self:
            tool.loan_id = tool.loan_ids.filtered(lambda loan: not loan.back_at)[:1]

    @api.depends("loan_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        employees = self.env.user.sudo().employee_ids
        for tool in self:
            tool.is_mine = bool(tool.holder_id) and tool.holder_id in employees

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        # everybody may know which employees he himself is
        return [("holder_id", "in", self.env.user.sudo().employee_ids.ids)]

    @api.depends("loan_ids")
    def _compute_last_holder_id(self):
        for tool in self:
            tool.last_holder_id = tool.holder_id or tool.loan_ids[:1].employee_id

    @api.depends("calibrated_on", "kind_id.calibration_months")
    def _compute_calibration_due(self):
        for tool in self:
            tool.calibration_due = tool.kind_id._get_calibration_due(tool.calibrated_on)

    @api.depends(
        "loan_id.due_at", "missing_at", "is_broken", "retired_on", "calibration_due"
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for tool in self:
            tool.state = tool._get_state(now)

    def _get_state(self, now):
        """Where the tool is; the worst that can be said of it.

        :param datetime now: UTC
        """
        self.ensure_one()
        if self.retired_on:
            return "retired"
        if self.missing_at:
            return "missing"
        if self.loan_id:
            due = self.loan_id.due_at
            return "overdue" if due and due < now else "out"
        if self.is_broken:
            return "broken"
        return "calibration" if self._is_calibration_due() else "here"

    def _is_calibration_due(self):
        """Whether the calibration does not hold any more today."""
        self.ensure_one()
        if not self.kind_id.calibration_months and not self.calibration_due:
            return False
        today = fields.Date.context_today(self)
        return not self.calibration_due or self.calibration_due < today

    @api.depends("name", "code")
    def _compute_display_name(self):
        for tool in self:
            code = f"[{tool.code}] " if tool.code else ""
            tool.display_name = f"{code}{tool.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("code"):
                vals["code"] = self._get_next_code(vals.get("company_id"))
        return super().create(vals_list)

    @api.model
    def _get_next_code(self, company_id=None):
        """Number of the next tool; override where tools are numbered otherwise."""
        sequence = self.env["ir.sequence"].sudo()  # not everybody reads sequences
        if company_id:
            sequence = sequence.with_company(company_id)
        return sequence.next_by_code("auto.service.tool")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lent(self):
        kept = self.filtered("loan_ids")
        if kept:
            raise UserError(
                self.env._(
                    "%(tools)s was handed out before, and who had it stays on record. "
                    "Retire it instead of deleting it.",
                    tools=", ".join(kept.mapped("display_name")),
                )
            )
