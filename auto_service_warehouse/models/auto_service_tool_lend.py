from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime

CHECK_CRON = "auto_service_warehouse.auto_service_tool_cron_check"
# As far ahead as a working day is looked for: longer holidays are rare.
DAYS_AHEAD = 14


class AutoServiceTool(models.Model):
    _inherit = "auto.service.tool"

    def lend(self, employee, due_at=None):
        """Hand the tools out to a technician.

        A technician takes tools for himself; advisors and the parts desk hand them
        out to anybody. Called by buttons and by the scanner.

        :param employee: hr.employee record, or its id
        :param datetime due_at: when they have to be back, UTC; the kind of tool and
            the working day decide when omitted
        :return: auto.service.tool.loan records
        """
        employee = self._browse_employee(employee)
        self._check_hand(employee)
        self._lock_tools()
        self._ensure_can_be_lent(employee)
        # Technicians may not write loans: who had what is written in one place.
        loans = (
            self.env["auto.service.tool.loan"]
            .sudo()
            .create([tool._prepare_loan_values(employee, due_at) for tool in self])
        )
        # the moment they are late they are shown so
        cron_sudo = self.env.ref(CHECK_CRON).sudo()
        cron_sudo._trigger(at=loans.mapped("due_at"))
        return loans

    def take_back(self, condition=None, note=None):
        """Take the tools back.

        :param str condition: ``ok`` (default), ``worn`` or ``damaged``; a damaged tool
            is out of order until somebody says otherwise
        :param str note: what was said
        """
        self._lock_tools()
        self._ensure_is_out()
        for tool in self:
            tool._check_hand(tool.holder_id)
        loans_sudo = self.sudo().loan_id  # technicians may not write loans
        loans_sudo.write(self._prepare_back_values(condition, note))
        self.sudo()._set_back(condition, note)
        return True

    def report_missing(self, note=None):
        """Somebody looked for the tools and did not find them.

        :param str note: where he looked
        """
        self.check_access("read")
        tools_sudo = self.sudo()  # everybody may say that a tool is gone
        tools_sudo.filtered(lambda tool: not tool.missing_at).write(
            {"missing_at": fields.Datetime.now()}
        )
        for tool in tools_sudo:
            tool.message_post(
                body=note or self.env._("Nobody knows where it is."),
                author_id=self.env.user.partner_id.id,
            )
        return True

    def report_found(self):
        """The tools turned up again."""
        self.check_access("read")
        self.sudo().missing_at = False  # everybody may say that a tool is there
        return True

    def _browse_employee(self, employee):
        """Employee of a call, from inside or by the API."""
        if isinstance(employee, int):
            employee = self.env["hr.employee"].browse(employee)
        if not employee:
            raise UserError(self.env._("Say who takes the tool."))
        return employee.sudo().exists()  # names of technicians are no secret

    def _check_hand(self, employee):
        """Technicians take and give back for themselves only."""
        self.check_access("read")
        user = self.env.user
        desk = ("auto_service_base.group_advisor", "auto_service_base.group_parts")
        if self.env.su or any(user.has_group(group) for group in desk):
            return
        if employee not in user.sudo().employee_ids:
            raise AccessError(
                self.env._(
                    "You take tools for yourself and give back your own. Ask the parts "
                    "desk to hand %(tools)s out to %(name)s.",
                    tools=", ".join(self.mapped("display_name")),
                    name=employee.sudo().name,
                )
            )

    def _lock_tools(self):
        """Wait for whoever hands out or takes back the same tools now.

        A tool that changed meanwhile makes the host start the request again: then it
        is seen who has it.
        """
        self.flush_recordset()
        self.env["auto.service.tool.loan"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM auto_service_tool WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                self.ids,
            ),
            log_exceptions=False,
        )

    def _ensure_can_be_lent(self, employee):
        """Name every tool that cannot be handed out, and what to do about it."""
        problems = [tool.sudo()._get_lend_problem(employee) for tool in self]
        if any(problems):
            raise UserError("\n".join(filter(None, problems)))

    def _get_lend_problem(self, employee):
        """Why the tool cannot be handed out, as a sentence.

        :return: str, False when it can
        """
        self.ensure_one()
        name = {"tool": self.display_name}
        if self.retired_on:
            return self.env._("%(tool)s is retired.", **name)
        if self.loan_id:
            return self._get_holder_sentence()
        if self.missing_at:
            return self.env._(
                "%(tool)s is missing. If you have it in your hands, say that it was "
                "found first.",
                **name,
            )
        if self.is_broken:
            return self.env._("%(tool)s is out of order. Repair it first.", **name)
        if self.kind_id.is_calibration_binding and self._is_calibration_due():
            return self._get_calibration_sentence()
        if employee.company_id and employee.company_id != self.company_id:
            return self.env._(
                "%(tool)s belongs to %(company)s, and %(name)s works elsewhere.",
                company=self.company_id.name,
                name=employee.name,
                **name,
            )
        return False

    def _get_holder_sentence(self):
        return self.env._(
            "%(tool)s is with %(name)s since %(date)s. Take it back first.",
            tool=self.display_name,
            name=self.holder_id.name,
            date=format_datetime(self.env, self.out_at, dt_format="short"),
        )

    def _get_calibration_sentence(self):
        if not self.calibration_due:
            return self.env._(
                "%(tool)s was never calibrated. Have it calibrated and record it.",
                tool=self.display_name,
            )
        return self.env._(
            "The calibration of %(tool)s was due on %(date)s. Have it calibrated and "
            "record it first.",
            tool=self.display_name,
            date=format_date(self.env, self.calibration_due),
        )

    def _ensure_is_out(self):
        here = self.sudo().filtered(lambda tool: not tool.loan_id)
        if here:
            raise UserError(
                self.env._(
                    "Nobody has %(tools)s: there is nothing to take back.",
                    tools=", ".join(here.mapped("display_name")),
                )
            )

    def _prepare_loan_values(self, employee, due_at=None):
        """Values of the loan that ``lend`` makes."""
        self.ensure_one()
        return {
            "tool_id": self.id,
            "employee_id": employee.id,
            "due_at": due_at or self._get_due_at(employee),
            "lent_by_id": self.env.uid,
        }

    def _prepare_back_values(self, condition=None, note=None):
        """Values that close the loan."""
        return {
            "back_at": fields.Datetime.now(),
            "taken_by_id": self.env.uid,
            "condition": condition or "ok",
            "note": note,
        }

    def _set_back(self, condition, note):
        """What a tool that came back is from now on."""
        missing = self.filtered("missing_at")
        missing.missing_at = False
        if condition == "damaged":
            self.is_broken = True
            self._tell_damaged(note)
        self._close_activities("overdue")

    def _get_due_at(self, employee):
        """When a tool that goes out now has to be back.

        :param employee: hr.employee record whose working day counts
        :return: datetime, UTC
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self.kind_id.loan_hours:
            return now + timedelta(hours=self.kind_id.loan_hours)
        calendar = employee.sudo().resource_calendar_id  # own working hours
        calendar = calendar or self.company_id.resource_calendar_id
        return self._get_day_end(calendar, now) or now + timedelta(hours=8)

    def _get_day_end(self, calendar, now):
        """End of the working day that runs at ``now``, or of the next one.

        :param calendar: resource.calendar record
        :param datetime now: UTC
        :return: datetime in UTC; None where the calendar has no working time
        """
        if not calendar:
            return None
        start = pytz.utc.localize(now)
        intervals = calendar._work_intervals_batch(
            start, start + timedelta(days=DAYS_AHEAD)
        )[False]
        stops = [stop for _start, stop, _meta in intervals]
        if not stops:
            return None
        day = stops[0].date()
        end = max(stop for stop in stops if stop.date() == day)
        return end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
