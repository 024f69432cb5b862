from odoo import Command, fields, models
from odoo.exceptions import UserError


class AutoServiceJob(models.Model):
    """Parts that are handed to the technician of a job, and what comes back."""

    _inherit = "auto.service.job"

    issue_ids = fields.One2many(
        "auto.service.part.issue",
        "job_id",
        string="Issued and returned",
        readonly=True,
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Who had which part when.",
    )

    def _get_issue_employee(self):
        """Who gets the parts unless somebody is named.

        Who works on the job now; else who is to do it; else the only one who did.

        :return: hr.employee record, maybe empty
        """
        if not self:
            return self.env["hr.employee"]
        self.ensure_one()
        candidates = self._get_issue_candidates()
        running = self.sudo().running_clocking_ids.technician_id
        if len(running) == 1:
            return running
        return self.technician_id or (
            candidates if len(candidates) == 1 else running[:1]
        )

    def _get_issue_candidates(self):
        """Technicians who have to do with the job.

        :return: hr.employee records
        """
        self.ensure_one()
        job_sudo = self.sudo()  # clockings are not everybody's
        return job_sudo.technician_id | job_sudo.clocking_ids.technician_id

    def action_issue_parts(self):
        """Ask who takes the parts when several technicians work on the job."""
        if len(self) == 1 and len(self._get_issue_candidates()) > 1:
            return self.action_issue_some()
        return super().action_issue_parts()

    def action_issue_some(self):
        """Ask who takes which parts.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        self.env["sale.order.line"]._ensure_may_handle_parts()
        lines_sudo = self.sudo()._get_lines_to_issue()  # no rights in the stock
        if not lines_sudo:
            self._raise_nothing_to_issue()
        handout = self.env["auto.service.part.handout"].create(
            {
                "job_id": self.id,
                "employee_id": self._get_issue_employee().id,
                "line_ids": [
                    Command.create(line._prepare_handout()) for line in lines_sudo
                ],
            }
        )
        return handout._get_records_action(
            name=self.env._("Issue parts of “%(job)s”", job=self.name), target="new"
        )

    def _issue_parts_to(self, employee, lines=None, quantities=None, lot=None):
        """Hand parts to a technician: what is there goes out and is recorded.

        :param employee: hr.employee record that takes them; empty: not known
        :param lines: sale.order.line records of the job; all open parts if omitted
        :param dict quantities: line id to quantity in the unit of the line; all that
            is open where a line is not in it
        :param lot: stock.lot record that is handed over, where lots are kept
        :return: dict with ``issued`` (line id to quantity) and ``missing``, a sentence
            about what is not there, empty when nothing is missing
        :raise UserError: nothing could be issued
        """
        self.ensure_one()
        self.env["sale.order.line"]._ensure_may_handle_parts()
        self.order_id._ensure_open()
        # Advisors and technicians have no rights in the stock.
        job_sudo = self.sudo().with_context(
            auto_service_employee_id=employee.id if employee else False
        )
        wanted = (lines.sudo() if lines is not None else job_sudo.line_ids).filtered(
            lambda line: line.job_id == job_sudo and line._can_be_issued()
        )
        wanted = wanted.with_env(job_sudo.env)
        if not wanted:
            self._raise_nothing_to_issue()
        issued = wanted._issue_each(quantities or {}, lot)
        missing = wanted.filtered(
            lambda line: line._lacks(issued.get(line.id, 0.0), quantities or {})
        )
        sentence = missing._get_missing_sentence() if missing else ""
        if not any(issued.values()):
            raise UserError(sentence)
        return {"issued": issued, "missing": sentence}

    def _raise_nothing_to_issue(self):
        raise UserError(
            self.env._(
                "“%(job)s” of %(order)s has no approved part left to issue. Add the "
                "part to the estimate and let the customer approve it, then issue.",
                job=self.name,
                order=self.order_id.name,
            )
        )
