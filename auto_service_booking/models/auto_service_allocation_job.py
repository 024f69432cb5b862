import math
from datetime import datetime, timedelta

from odoo import fields, models

MINUTE = timedelta(minutes=1)


class AutoServiceAllocation(models.Model):
    """The board follows the work, and the job follows the board."""

    _inherit = "auto.service.allocation"

    def write(self, vals):
        res = super().write(vals)
        if "resource_id" in vals:
            self._follow_technician()
        return res

    def _get_employee(self):
        """Employee whose time it is.

        :return: hr.employee record, may be empty
        """
        employees = self.env["hr.employee"].sudo()  # technicians may not read them
        return employees.search(
            [("resource_id", "in", self.resource_id.ids)], limit=1
        ).sudo(False)

    def _follow_technician(self):
        """Who was given the time is who is to do the job."""
        for row in self:
            if row.role == "technician" and row.job_id and row.state == "planned":
                employee = row._get_employee()
                if employee and row.job_id.technician_id != employee:
                    row.job_id.sudo().technician_id = employee  # advisors move blocks

    def _start_work(self):
        """Work has begun: the time of today is being used."""
        soon = fields.Datetime.now() + timedelta(hours=12)
        quiet = self.with_context(auto_service_no_log=True)
        quiet.filtered(lambda row: row.state == "planned" and row.start <= soon).write(
            {"state": "started"}
        )

    def _finish_work(self):
        """Work is done: what is over stays, what is left is given back."""
        now = fields.Datetime.now()
        rows = self.filtered(lambda row: row.state in ("held", "planned", "started"))
        rows.filtered(lambda row: row.start >= now)._give_back()
        for block, begun in (
            rows.filtered(lambda row: row.start < now).grouped("block").items()
        ):
            begun._end_block(block, now)

    def _give_back(self):
        """Time that nobody worked in is free again."""
        self.write({"state": "cancelled", "replan_reason": False})

    def _end_block(self, _block, now):
        """Cut the rows of one block at ``now``, on the grid, and close them."""
        values = {"state": "done", "replan_reason": False}
        stop = self[:1]._get_end_on_grid(now)
        if stop < self[:1].stop:
            values["stop"] = stop
        self.write(values)

    def _get_end_on_grid(self, moment):
        """``moment`` rounded up to the grid of the board.

        :return: naive UTC datetime
        """
        grid = int(self.company_id.auto_service_slot_minutes or 15)
        midnight = datetime.combine(moment.date(), datetime.min.time())
        steps = math.ceil((moment - midnight) / MINUTE / grid)
        return midnight + steps * grid * MINUTE

    def _resume_work(self):
        """Work goes on after all: what was closed is open again."""
        self.filtered(lambda row: row.state == "done").with_context(
            auto_service_no_log=True
        ).write({"state": "started"})
