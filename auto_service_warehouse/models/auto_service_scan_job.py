from odoo import api, models
from odoo.exceptions import UserError

from .auto_service_job_return import RETURN_REASONS


class AutoServiceScan(models.AbstractModel):
    """Issue parts of a visit to a technician, and take back what was not fitted."""

    _inherit = "auto.service.scan"

    def _start_issue(self, params):
        return {
            "order": params.get("order_id") or False,
            "employee": False,
            "lines": {},
        }

    def _start_return(self, params):
        return {
            "order": params.get("order_id") or False,
            "lines": {},
            "reason": RETURN_REASONS[0][0],
        }

    # ------------------------------------------------------------------
    # Both
    # ------------------------------------------------------------------

    def _get_visit(self, state):
        return self.env["auto.service.order"].browse(state.get("order") or [])

    @api.model
    def _get_issuable(self, order):
        """Lines of a visit that have parts to hand out."""
        return order.job_ids.line_ids.filtered(lambda line: line._can_be_issued())

    @api.model
    def _get_returnable(self, order):
        """Lines of a visit that have parts with a technician."""
        return order.job_ids.line_ids.filtered(
            lambda line: line.kind == "part"
            and line.product_id.type == "consu"
            and line.product_uom_id.compare(line.qty_delivered, 0.0) > 0
        )

    def _choose_visit(self, state, order):
        before = dict(state)
        if order.state != "open":
            raise UserError(
                self.env._("%(order)s is closed already.", order=order.display_name)
            )
        state.update(order=order.id, lines={})
        message = f"{order.license_plate or ''} {order.name}".strip()
        return self._said(state, message, undo=self._back(before))

    def _add_to_lines(self, state, lines, found, limit):
        """One piece more of a part on the list.

        :param lines: sale.order.line records that the part may be of
        :param limit: method of a line that says how many there may be, in its unit
        """
        fitting = lines.filtered(lambda line: line.product_id == found.record)
        if not fitting:
            raise UserError(
                self.env._(
                    "Wrong part: %(part)s is not on the list.",
                    part=self._name_part(found.record),
                )
            )
        before, counts = dict(state), dict(state["lines"])
        for line in fitting:
            count = counts.get(str(line.id), 0.0) + line._from_product_unit(
                found.quantity
            )
            if line.product_uom_id.compare(count, limit(line)) <= 0:
                counts[str(line.id)] = count
                state["lines"] = counts
                return self._said(
                    state, self._say_of(line, count, limit), undo=self._back(before)
                )
        raise UserError(
            self.env._(
                "No more than %(count)s of %(part)s.",
                count=self._format_pieces(found.record, sum(map(limit, fitting))),
                part=self._name_part(found.record),
            )
        )

    def _say_of(self, line, count, limit):
        return self.env._(
            "%(part)s: %(done)s of %(todo)s",
            part=self._name_part(line.product_id),
            done=line._format_quantity(count),
            todo=line._format_quantity(limit(line)),
        )

    def _set_on_lines(self, state, args, limit):
        """A typed quantity of a line, in its unit."""
        line = self.env["sale.order.line"].browse(int(args["key"]))
        count = max(float(args["quantity"]), 0.0)
        if line.product_uom_id.compare(count, limit(line)) > 0:
            raise UserError(
                self.env._(
                    "No more than %(count)s of %(part)s.",
                    count=line._format_quantity(limit(line)),
                    part=self._name_part(line.product_id),
                )
            )
        before = dict(state)
        state["lines"] = {**state["lines"], str(line.id): count}
        message = self._say_of(line, count, limit)
        return self._said(state, message, undo=self._back(before))

    def _get_visit_line(self, state, line, todo, **values):
        count = state["lines"].get(str(line.id), 0.0)
        row = self._line(line.id, line.product_id, count, todo, set="set", **values)
        row["unit"] = self._name_unit(line.product_uom_id)
        return row

    @api.model
    def _get_visit_chip(self, order):
        vehicle = f"{order.license_plate or ''} {order.name}".strip()
        return self._chip("fa-car", vehicle, "other")

    # ------------------------------------------------------------------
    # Issue
    # ------------------------------------------------------------------

    def _take_issue(self, state, found):
        return getattr(self, f"_take_issue_{found.kind}")(state, found)

    def _take_issue_location(self, state, found):
        """The box of a visit stands for the visit."""
        order = self.env["auto.service.order"].search(
            [("box_id", "=", found.record.id), ("state", "=", "open")], limit=1
        )
        if not order:
            raise UserError(
                self.env._(
                    "No visit has box %(box)s. Scan the work order.",
                    box=self._name_place(found.record),
                )
            )
        return self._choose_visit(state, order)

    def _take_issue_order(self, state, found):
        return self._choose_visit(state, found.record)

    def _take_issue_product(self, state, found):
        order = self._get_visit(state)
        if not order:
            raise UserError(self.env._("Scan the work order first."))
        lines = self._get_issuable(order)
        return self._add_to_lines(
            state, lines, found, lambda line: line._get_open_quantity()
        )

    def _take_issue_employee(self, state, found):
        """The badge of a technician ends it: he has the parts now."""
        before = dict(state)
        state["employee"] = found.record.id
        if not state["order"]:
            name = found.record.name
            return self._said(state, name, undo=self._back(before))
        return self._issue_now(state, found.record)

    def _act_issue_done(self, state, _args):
        employee = self.env["hr.employee"].sudo().browse(state["employee"] or [])
        return self._issue_now(state, employee)

    def _act_issue_set(self, state, args):
        return self._set_on_lines(state, args, lambda line: line._get_open_quantity())

    def _act_issue_other(self, _state, _args):
        return self._said(self._start_issue({}))

    def _issue_now(self, state, employee):
        """Hand out what was scanned, or everything when nothing was."""
        order = self._get_visit(state)
        lines = self._get_issuable(order)
        counts = {int(key): count for key, count in state["lines"].items() if count}
        if counts:
            lines = lines.filtered(lambda line: line.id in counts)
        if not lines:
            raise UserError(
                self.env._("Nothing is left to issue for %(order)s.", order=order.name)
            )
        issued, missing = {}, []
        for job, job_lines in lines.grouped("job_id").items():
            to = employee or job.sudo()._get_issue_employee()
            done = job._issue_parts_to(to.sudo(False), job_lines, counts)
            issued.update(done["issued"])
            missing.append(done["missing"])
        state.update(lines={})
        return self._say_issued(
            state, issued, employee, " ".join(filter(None, missing))
        )

    def _say_issued(self, state, issued, employee, missing):
        count = sum(1 for quantity in issued.values() if quantity)
        if employee:
            message = self.env._(
                "%(count)s parts to %(name)s", count=count, name=employee.name
            )
        else:
            message = self.env._("%(count)s parts issued", count=count)
        after = {**state, "order": state["order"]}
        undo = self._back(after, "parts", issued={str(k): v for k, v in issued.items()})
        tone = "info" if missing else "ok"
        return self._said(state, message, tone, undo=undo, detail=missing)

    def _undo_issue_parts(self, issued):
        """What was handed out by mistake comes back to where it was."""
        lines = self.env["sale.order.line"].browse(int(key) for key in issued)
        for job, job_lines in lines.grouped("job_id").items():
            job._return_parts(
                [
                    {
                        "line_id": line.id,
                        "quantity": issued[str(line.id)],
                        "reason": "wrong",
                    }
                    for line in job_lines
                    if issued[str(line.id)]
                ]
            )

    def _screen_issue(self, state):
        order = self._get_visit(state)
        employee = self.env["hr.employee"].sudo().browse(state["employee"] or [])
        chips = [self._chip("fa-user", employee.name)] if employee else []
        if not order:
            prompt = self.env._("Scan the work order, or type its plate.")
            choices = self._get_visit_choices("issue")
            return {
                "prompt": prompt,
                "icon": "fa-car",
                "chips": chips,
                "choices": choices,
            }
        lines = self._get_issuable(order)
        rows = [self._get_issue_row(state, line) for line in lines]
        if not rows:
            empty = self.env._("All parts are issued.")
            chips.insert(0, self._get_visit_chip(order))
            return {"prompt": empty, "icon": "fa-check", "chips": chips, "empty": empty}
        label = self._get_issue_label(lines, employee, any(state["lines"].values()))
        return {
            "prompt": self.env._("Scan the technician's badge, or single parts."),
            "chips": [self._get_visit_chip(order), *chips],
            "lines": rows,
            "buttons": [self._button("done", label, "success", "fa-check")],
        }

    def _get_issue_label(self, lines, employee, is_some):
        jobs = lines.job_id
        usual = employee or jobs[:1].sudo()._get_issue_employee()
        name = usual.sudo().name
        if is_some:
            return (
                self.env._("Issue these to %(name)s", name=name)
                if name
                else self.env._("Issue these")
            )
        return (
            self.env._("Issue all to %(name)s", name=name)
            if name
            else self.env._("Issue all")
        )

    def _get_issue_row(self, state, line):
        reserved = line.sudo()._get_reserved_lines()
        places = reserved.location_id
        return self._get_visit_line(
            state,
            line,
            line._get_open_quantity(),
            place=", ".join(self._name_place(place) for place in places[:2]),
            note=line.job_id.name if reserved else self.env._("Not here yet"),
        )

    @api.model
    def _get_visit_choices(self, mode):
        """Visits whose parts are handed out or come back today."""
        states = ["reserved", "picked", "in_stock", "arrived"]
        if mode == "return":
            states = ["fitted"]
        rows = self.env["sale.order.line"]._read_group(
            [
                ("work_order_id.state", "=", "open"),
                ("work_order_id.company_id", "=", self.env.company.id),
                ("stock_state", "in", states),
            ],
            ["work_order_id"],
            ["__count"],
            limit=30,
        )
        return [
            {
                "action": "choose",
                "args": {"kind": "order", "id": order.id},
                "label": order.license_plate or order.name,
                "note": " · ".join(filter(None, (order.name, order.vehicle_name))),
                "count": count,
            }
            for order, count in rows
        ]

    # ------------------------------------------------------------------
    # Take back
    # ------------------------------------------------------------------

    def _take_return(self, state, found):
        return getattr(self, f"_take_return_{found.kind}")(state, found)

    def _take_return_order(self, state, found):
        return self._choose_visit(state, found.record)

    def _take_return_product(self, state, found):
        order = self._get_visit(state)
        if not order:
            raise UserError(self.env._("Scan the work order first."))
        lines = self._get_returnable(order)
        return self._add_to_lines(state, lines, found, lambda line: line.qty_delivered)

    def _take_return_location(self, state, found):
        return self._return_now(state, found.record)

    def _act_return_done(self, state, _args):
        return self._return_now(state, self.env["stock.location"])

    def _act_return_set(self, state, args):
        return self._set_on_lines(state, args, lambda line: line.qty_delivered)

    def _act_return_other(self, _state, _args):
        return self._said(self._start_return({}))

    def _act_return_reason(self, state, args):
        if args.get("reason") in dict(RETURN_REASONS):
            state["reason"] = args["reason"]
        return self._said(state)

    def _return_now(self, state, location):
        """What was scanned goes to a bin; to where it came from when none was."""
        counts = {int(key): count for key, count in state["lines"].items() if count}
        if not counts:
            raise UserError(self.env._("Scan the parts first that come back."))
        lines = self.env["sale.order.line"].browse(counts)
        for job, job_lines in lines.grouped("job_id").items():
            job._return_parts(
                [
                    self._prepare_return_row(line, counts[line.id], state, location)
                    for line in job_lines
                ]
            )
        message = (
            self.env._("Back in %(bin)s", bin=self._name_place(location))
            if location
            else self.env._("Back on the shelf")
        )
        state.update(lines={}, reason=RETURN_REASONS[0][0])
        return self._said(state, message)

    def _prepare_return_row(self, line, quantity, state, location):
        """Values of a part that comes back, see auto.service.job ``_return_parts``."""
        return {
            "line_id": line.id,
            "quantity": quantity,
            "reason": state["reason"],
            "location_id": location.id,
        }

    def _screen_return(self, state):
        order = self._get_visit(state)
        if not order:
            prompt = self.env._("Scan the work order, or type its plate.")
            choices = self._get_visit_choices("return")
            return {"prompt": prompt, "icon": "fa-car", "choices": choices}
        lines = self._get_returnable(order)
        rows = [
            self._get_visit_line(state, line, line.qty_delivered, note=line.job_id.name)
            for line in lines
        ]
        has_some = any(state["lines"].values())
        screen = {
            "prompt": self.env._("Scan the parts that come back."),
            "chips": [self._get_visit_chip(order)],
            "lines": rows,
            "empty": self.env._("Nothing was issued for this visit."),
        }
        if has_some:
            screen["prompt"] = self.env._("Scan the bin that they go to.")
            screen["buttons"] = self._get_return_buttons(state)
        return screen

    def _get_return_buttons(self, state):
        """Why it comes back, and back to where it was."""
        field = dict(RETURN_REASONS)
        reasons = [
            self._button(
                "reason",
                field[reason],
                "primary" if reason == state["reason"] else "secondary",
                reason=reason,
            )
            for reason in field
        ]
        back = self.env._("Back to its bin")
        return [*reasons, self._button("done", back, "success", "fa-check")]
