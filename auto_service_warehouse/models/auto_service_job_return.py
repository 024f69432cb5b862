from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

#: Reasons why a part comes back. Only what is not needed is not issued again.
RETURN_REASONS = [
    ("not_needed", "Not needed"),
    ("wrong", "Wrong part"),
    ("defective", "Defective"),
]


class AutoServiceJob(models.Model):
    """Parts that were not fitted come back."""

    _inherit = "auto.service.job"

    can_be_returned = fields.Boolean(
        compute="_compute_can_be_returned",
        compute_sudo=True,
        help="Parts were issued to the job, and may come back.",
    )

    @api.depends("line_ids.qty_delivered", "line_ids.kind")
    def _compute_can_be_returned(self):
        for job in self:
            job.can_be_returned = bool(job._get_lines_to_return())

    def _get_lines_to_return(self):
        """Parts that the job has."""
        return self.line_ids.filtered(lambda line: line._can_be_returned())

    def action_return_parts(self):
        """Ask what comes back of the job's parts.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        self._check_floor_return()
        lines_sudo = self.sudo()._get_lines_to_return()  # technicians see no estimates
        if not lines_sudo:
            raise UserError(
                self.env._(
                    "Nothing was issued to “%(job)s” that could come back.",
                    job=self.name,
                )
            )
        return self._open_return(lines_sudo)

    def _open_return(self, lines, **values):
        """Dialog for what comes back.

        :param lines: sale.order.line records
        :param values: of the rows of the dialog
        :return: act_window action
        """
        rows = [{**row, **values} for line in lines for row in line._prepare_returns()]
        dialog = self.env["auto.service.part.return"].create(
            {
                "job_id": self.id,
                "employee_id": self._get_issue_employee().id,
                "line_ids": [Command.create(row) for row in rows],
            }
        )
        return dialog._get_records_action(
            name=self.env._("Return parts of “%(job)s”", job=self.name), target="new"
        )

    def _check_floor_return(self):
        """Technicians bring back parts of the jobs that they may work on."""
        self.check_access("read")
        user = self.env.user
        if not self.env.su and not user.has_group("auto_service_base.group_user"):
            raise AccessError(self.env._("Only people of the garage return parts."))

    def _return_parts(self, values):
        """Take parts back that were issued to the job: to the shelf, off the bill.

        :param list values: dicts with ``line_id`` and ``quantity`` (in the unit of the
            line); as you like ``location_id`` (bin that it goes to; without it where it
            came from), ``reason`` (key of RETURN_REASONS), ``lot_id`` and
            ``employee_id`` (who brings it)
        :return: auto.service.part.issue records of what came back
        :raise UserError: more would come back than was issued
        """
        self.ensure_one()
        self.env["sale.order.line"]._ensure_may_handle_parts()
        lines_sudo = self.env["sale.order.line"].sudo()  # no rights in the stock
        shares = []
        for row in values:
            line_sudo = lines_sudo.browse(row["line_id"]).exists()
            self._ensure_line_of_job(line_sudo)
            lines_sudo |= line_sudo
            shares += line_sudo._plan_return(row)
        issues_sudo = lines_sudo._return_shares(shares)
        lines_sudo._forget_need(values)
        lines_sudo._tell_credit_due()
        self.sudo()._after_parts_returned(issues_sudo)
        return issues_sudo.sudo(False)

    def _ensure_line_of_job(self, line):
        if line.job_id != self:
            raise UserError(
                self.env._(
                    "%(part)s is not on “%(job)s” of %(order)s. Choose the job that it "
                    "was issued to.",
                    part=line.product_id.display_name or self.env._("The part"),
                    job=self.name,
                    order=self.order_id.name,
                )
            )

    def _after_parts_returned(self, issues):
        """Extend where something follows from a return: the supplier takes it back …

        :param issues: auto.service.part.issue records of what came back
        """
        return issues
