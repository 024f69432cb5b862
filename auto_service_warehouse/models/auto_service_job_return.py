from odoo import models
from odoo.exceptions import UserError

#: Reasons why a part comes back. Only what is not needed is not issued again.
RETURN_REASONS = [
    ("not_needed", "Not needed"),
    ("wrong", "Wrong part"),
    ("defective", "Defective"),
]


class AutoServiceJob(models.Model):
    """Parts that were not fitted come back."""

    _inherit = "auto.service.job"

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
