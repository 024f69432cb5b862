from odoo import api, fields, models

from .sale_order_line_part_state import MISSING_STATES


class AutoServiceJob(models.Model):
    """Where the parts of a job are; no prices, technicians read it."""

    _inherit = "auto.service.job"

    parts_summary = fields.Char(
        string="Parts",
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="Where the parts of the job are: needed, on the way, here.",
    )
    is_waiting_for_parts = fields.Boolean(
        string="Waits for parts",
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="A part of the job is not here yet.",
    )
    has_parts_to_order = fields.Boolean(
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="A part of the job is on no purchase order yet.",
    )

    @api.depends("line_ids.part_state")
    def _compute_parts_summary(self):
        states = self.env["sale.order.line"]._count_part_states("job_id", self)
        for job in self:
            counts = states.get(job.id, {})
            job.parts_summary = self.env["sale.order.line"]._get_parts_text(counts)
            job.is_waiting_for_parts = any(counts.get(key) for key in MISSING_STATES)
            job.has_parts_to_order = bool(counts.get("needed") or counts.get("refused"))

    def _get_missing_part_lines(self):
        """Lines of parts that are not here yet."""
        return self.line_ids.filtered(lambda line: line.part_state in MISSING_STATES)

    def action_order_parts(self):
        """Order the parts of the jobs that are needed and approved.

        :return: act_window action of the dialog
        """
        self.order_id._ensure_open()
        lines = self.line_ids.filtered(lambda line: line.kind == "part")
        return lines.action_order_parts()
