from odoo import api, fields, models


class AutoServiceToolCalibration(models.Model):
    """A tool was calibrated: when, by whom, with which certificate."""

    _name = "auto.service.tool.calibration"
    _description = "Calibration of a Tool"
    _order = "date desc, id desc"
    _rec_name = "tool_id"

    tool_id = fields.Many2one(
        "auto.service.tool",
        required=True,
        index=True,
        ondelete="cascade",
        help="What was calibrated.",
    )
    date = fields.Date(
        string="Calibrated on",
        required=True,
        default=fields.Date.context_today,
        help="Day of the calibration.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day on which it holds, as the certificate says; the kind of tool "
        "proposes it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Calibrated by",
        ondelete="restrict",
        help="Laboratory or workshop that did it.",
    )
    number = fields.Char(string="Certificate number", help="As on the certificate.")
    certificate = fields.Binary(attachment=True, help="The certificate, as a file.")
    certificate_name = fields.Char(
        string="File name", help="Name of the certificate's file."
    )
    note = fields.Char(help="What was found or adjusted.")
    company_id = fields.Many2one(
        related="tool_id.company_id", store=True, help="Company of the tool."
    )

    @api.depends("date", "tool_id")
    def _compute_valid_until(self):
        for row in self:
            row.valid_until = row.tool_id.kind_id._get_calibration_due(row.date)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._update_tools()
        return rows

    def write(self, vals):
        res = super().write(vals)
        self._update_tools()
        return res

    def _update_tools(self):
        """Tools follow their latest calibration, and who waits for it is told."""
        for tool in self.tool_id:
            latest = tool.calibration_ids.sorted("date", reverse=True)[:1]
            tool.calibrated_on = latest.date
            tool.calibration_due = latest.valid_until
        self.tool_id._close_activities("calibration")
