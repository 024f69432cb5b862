from odoo import fields, models


class AutoServiceJob(models.Model):
    """Where the parts of a job are taken from."""

    _inherit = "auto.service.job"

    draw_location_id = fields.Many2one(
        "stock.location",
        string="Take parts from",
        copy=False,
        ondelete="restrict",
        check_company=True,
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
        help="Place that the parts of this job are taken from when it has all of them. "
        "Empty: as the company has it in its settings.",
    )

    def write(self, vals):
        res = super().write(vals)
        if {"draw_location_id", "technician_id"} & set(vals):
            self.sudo()._draw_parts_again()  # no rights in the stock
        return res

    def _draw_parts_again(self):
        """Look again where the open parts of the jobs are taken from."""
        by_technician = self.filtered(
            lambda job: job.company_id.auto_service_draw_policy == "technician"
            or job.draw_location_id
            or job.line_ids._get_drawn_moves()
        )
        by_technician.line_ids.filtered(
            lambda line: line._can_be_issued()
        )._draw_parts()
