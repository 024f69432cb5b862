from odoo import models
from odoo.exceptions import UserError


class AutoServiceScan(models.AbstractModel):
    """Tools: scan the tool and a badge; a tool that is out comes back by its scan."""

    _inherit = "auto.service.scan"

    def _start_tool(self, params):
        return {"tools": list(params.get("tool_ids") or []), "employee": False}

    def _get_tools(self, state):
        return self.env["auto.service.tool"].browse(state.get("tools") or []).exists()

    def _take_tool(self, state, found):
        return getattr(self, f"_take_tool_{found.kind}")(state, found)

    def _take_tool_tool(self, state, found):
        """A tool that is out is back; one that is here waits for a badge."""
        tool = found.record
        if tool.loan_id:
            return self._take_tool_back(state, tool)
        if state["employee"]:
            employee = self.env["hr.employee"].browse(state["employee"])
            return self._lend_now(state, tool, employee)
        if tool.id in state["tools"]:
            raise UserError(self.env._("It is on the list. Scan a badge."))
        before = dict(state)
        state["tools"] = [*state["tools"], tool.id]
        return self._said(state, tool.display_name, undo=self._back(before))

    def _take_tool_back(self, state, tool):
        name = tool.holder_id.sudo().name
        employee_id = tool.holder_id.id
        before = dict(state)
        tool.take_back()
        message = self.env._(
            "%(tool)s is back from %(name)s", tool=tool.name, name=name
        )
        undo = self._back(before, "back", tool_id=tool.id, employee_id=employee_id)
        return self._said(state, message, undo=undo)

    def _undo_tool_back(self, tool_id, employee_id):
        self.env["auto.service.tool"].browse(tool_id).lend(employee_id)

    def _take_tool_employee(self, state, found):
        """The badge takes the tools that were scanned; or tools follow the badge."""
        tools, employee = self._get_tools(state), found.record.sudo(False)
        if tools:
            return self._lend_now(state, tools, employee)
        before = dict(state)
        state["employee"] = employee.id
        return self._said(state, found.record.name, undo=self._back(before))

    def _lend_now(self, state, tools, employee):
        before = dict(state)
        tools.lend(employee)
        state["tools"] = []
        message = self.env._(
            "%(tools)s → %(name)s",
            tools=", ".join(tools.mapped("name")),
            name=employee.sudo().name,
        )
        undo = self._back(before, "lend", tool_ids=tools.ids)
        return self._said(state, message, undo=undo)

    def _undo_tool_lend(self, tool_ids):
        self.env["auto.service.tool"].browse(tool_ids).take_back()

    def _act_tool_mine(self, state, _args):
        """A technician takes the tools himself."""
        employee = self.env.user.employee_id
        if not employee:
            raise UserError(self.env._("You are no employee. Scan a badge."))
        return self._lend_now(state, self._get_tools(state), employee)

    def _act_tool_other(self, _state, _args):
        return self._said(self._start_tool({}))

    def _screen_tool(self, state):
        employee = self.env["hr.employee"].sudo().browse(state["employee"] or [])
        tools = self._get_tools(state)
        screen = {
            "prompt": self.env._("Scan a tool."),
            "icon": "fa-gavel",
            "chips": [self._chip("fa-user", employee.name, "other")]
            if employee
            else [],
            "lines": [self._get_tool_line(tool) for tool in tools],
        }
        if tools:
            screen["prompt"] = self.env._("Scan more tools, or the technician's badge.")
            if self.env.user.employee_id:
                mine = self.env._("I take them")
                screen["buttons"] = [self._button("mine", mine, "success", "fa-check")]
        return screen

    def _get_tool_line(self, tool):
        return {
            "key": tool.id,
            "name": tool.name,
            "number": tool.code or "",
            "done": 0,
            "todo": 0,
            "unit": False,
            "note": tool.kind_id.name or "",
            "place": tool.place or "",
            "tone": "open",
            "set": "",
        }
