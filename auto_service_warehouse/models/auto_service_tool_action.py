from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ACTIVITY_TYPES = {
    "overdue": "auto_service_warehouse.mail_activity_tool_overdue",
    "calibration": "auto_service_warehouse.mail_activity_tool_calibration",
    "damaged": "auto_service_warehouse.mail_activity_tool_damaged",
}
MAX_NOTICE_DAYS = 365


class AutoServiceTool(models.Model):
    """Buttons of a tool, and who is told what of it."""

    _inherit = "auto.service.tool"

    def action_lend(self):
        """Ask who takes the tools."""
        return self._get_dialog("auto.service.tool.lend", self.env._("Hand out"))

    def action_take_back(self):
        """The tools are back, and in order."""
        self.take_back()

    def action_take_back_damaged(self):
        """Ask how the tools came back."""
        return self._get_dialog("auto.service.tool.back", self.env._("Take back"))

    def action_take_myself(self):
        """The technician at the screen takes the tools."""
        employee = self.env.user.sudo().employee_id  # his own record
        if not employee:
            raise UserError(
                self.env._(
                    "%(user)s has no employee record. Ask a manager to link one.",
                    user=self.env.user.name,
                )
            )
        self.lend(employee)

    def action_report_missing(self):
        self.report_missing()

    def action_report_found(self):
        self.report_found()

    def action_repaired(self):
        """The tools are in order again."""
        self.is_broken = False
        self._close_activities("damaged")

    def action_calibrated(self):
        """Ask for the certificate of a calibration."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calibrated"),
            "res_model": "auto.service.tool.calibration",
            "view_mode": "form",
            "target": "new",
            "context": {"default_tool_id": self.id},
        }

    def action_retire(self):
        """Give tools up for good; their history stays."""
        out = self.filtered("loan_id")
        if out:
            raise UserError(
                "\n".join(tool.sudo()._get_holder_sentence() for tool in out)
            )
        self.write({"retired_on": fields.Date.context_today(self), "active": False})
        self.activity_unlink(list(ACTIVITY_TYPES.values()))

    def action_restore(self):
        """Tools that were given up are used again."""
        self.write({"retired_on": False, "active": True})

    def _get_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_tool_ids": self.ids},
        }

    def _tell_damaged(self, note):
        for tool in self:
            tool._add_activity(
                "damaged", note or self.env._("It came back damaged or incomplete.")
            )

    def _add_activity(self, topic, note, deadline=None):
        """Tell the responsible of a tool, unless he knows already.

        :param str topic: key of ``ACTIVITY_TYPES``
        """
        self.ensure_one()
        kind = self.env.ref(ACTIVITY_TYPES[topic])
        if kind in self.activity_ids.activity_type_id:
            return
        self.activity_schedule(
            ACTIVITY_TYPES[topic],
            date_deadline=deadline or fields.Date.context_today(self),
            note=note,
            user_id=(self.user_id or self.create_uid).id,
        )

    def _close_activities(self, topic):
        """What somebody was told of is settled."""
        self.sudo().activity_feedback([ACTIVITY_TYPES[topic]])

    @api.model
    def _cron_check_tools(self):
        """Tools that are not back in time, and calibrations that are due."""
        self._update_states()
        for tool in self.search(self._get_untold_domain("overdue")):
            tool._add_activity("overdue", tool._get_holder_sentence())
        for tool in self.search(self._get_untold_domain("calibration")):
            notice = timedelta(days=tool.kind_id.calibration_notice_days)
            if tool.calibration_due - notice <= fields.Date.context_today(self):
                tool._add_activity(
                    "calibration",
                    self.env._("Have it calibrated, and record the certificate."),
                    deadline=tool.calibration_due,
                )

    @api.model
    def _update_states(self):
        """States that change by the clock alone."""
        late = Domain("state", "=", "out") & Domain("due_at", "<", "now")
        due = Domain("state", "=", "here") & Domain("calibration_due", "<", "today")
        tools = self.search(late | due)
        self.env.add_to_compute(self._fields["state"], tools)
        return tools

    @api.model
    def _get_untold_domain(self, topic):
        """Tools of whose trouble nobody is told yet."""
        kind = self.env.ref(ACTIVITY_TYPES[topic])
        domain = Domain("activity_ids", "not any", [("activity_type_id", "=", kind.id)])
        if topic == "overdue":
            return domain & Domain("state", "=", "overdue")
        last = fields.Date.context_today(self) + timedelta(days=MAX_NOTICE_DAYS)
        return domain & Domain("calibration_due", "<=", last)
