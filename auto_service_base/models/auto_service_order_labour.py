from odoo import models

from .auto_service_labour_sheet import SheetItem
from .sale_order_line_labour import OPEN_STATES


class AutoServiceOrder(models.Model):
    """The labour of a visit: all its operations are reckoned together.

    Work that two operations share is charged once, whichever estimate they stand on;
    what the customer has approved is not touched, but takes work off what comes later.
    """

    _inherit = "auto.service.order"

    def write(self, vals):
        res = super().write(vals)
        names = {"vehicle_id", "partner_id", "odometer_in"} & vals.keys()
        if names:
            visits = self.filtered(lambda order: order.state == "open")
            # Rules of the garage change nothing that the customer has seen.
            states = OPEN_STATES if "vehicle_id" in names else ("draft",)
            visits._sync_labour(states)
        return res

    def _sync_labour(self, states=OPEN_STATES):
        """Put the hours of today on every line whose hours follow the book.

        Called when an operation comes, goes or changes, and when the vehicle turns out
        to be another one. Approved lines and judged quantities stay.

        :param states: states of the estimates that may change
        :return: sale.order.line records that changed
        """
        changed = self.env["sale.order.line"]
        for order in self.sudo():  # salespeople write estimates as well
            order._lock()
            lines = order._get_labour_lines()
            followers = lines.filtered(lambda line: line.state in states)
            if not followers:
                continue
            sheet = order._get_labour_sheet(order._get_labour_items(lines, states))
            for line in followers:
                changed |= line._follow_sheet(sheet["lines"][line.id])
        return changed

    def _plan_labour(self, new):
        """Reckon new lines together with what is on the visit already.

        :param dict new: number to values of a line with an operation
        :return: dict with the ``sheet`` and the ``lines`` that were there before; the
            keys of new lines on the sheet are ``("new", number)``
        """
        self.ensure_one()
        order_sudo = self.sudo()
        # Two people add work to two estimates of the visit: the second one starts
        # again and sees what the first one added.
        order_sudo._lock()
        lines = order_sudo._get_labour_lines()
        items = order_sudo._get_labour_items(lines)
        for number, vals in new.items():
            estimate = order_sudo.env["sale.order"].browse(vals["order_id"])
            operation = self.env["auto.service.operation"].browse(vals["operation_id"])
            items.append(
                SheetItem(
                    key=("new", number),
                    operation=operation.sudo(),
                    pay_type=estimate.pay_type,
                    options=tuple(
                        (vals.get("labour_detail") or {}).get("ticked") or ()
                    ),
                )
            )
        return {"sheet": order_sudo._get_labour_sheet(items), "lines": lines}

    def _finish_labour(self, plan, created):
        """After new lines were created: the others follow, what they need is added.

        :param dict plan: of ``_plan_labour``
        :param created: sale.order.line records, of this visit and of others
        """
        self.ensure_one()
        for line in plan["lines"].filtered(lambda line: line.state in OPEN_STATES):
            line._follow_sheet(plan["sheet"]["lines"][line.id])
        created = created.filtered(lambda line: line.work_order_id == self)
        self._add_required(plan["sheet"]["required"], created, plan["lines"] | created)

    def _get_labour_lines(self):
        """Lines with operations that are done on this visit."""
        self.ensure_one()
        lines = self.env["sale.order.line"].search(
            [
                ("work_order_id", "=", self.id),
                ("operation_id", "!=", False),
                ("display_type", "=", False),
                ("state", "in", (*OPEN_STATES, "sale")),
            ],
            order="id",
        )
        return lines.filtered(
            lambda line: not line.declined_qty
            and line.job_id.authorisation not in ("declined", "deferred")
            and line.job_id.state != "cancelled"
        )

    def _get_labour_items(self, lines, states=OPEN_STATES):
        """Items of the labour sheet for lines of the visit.

        :param states: states of the estimates that may change
        """
        return [
            SheetItem(
                key=line.id,
                operation=line.operation_id,
                pay_type=line.order_id.pay_type,
                hours=line._get_hours(),
                is_fixed=line.state not in states,
                options=tuple((line.labour_detail or {}).get("ticked") or ()),
                counted=line._get_counted_operations(),
            )
            for line in lines
        ]

    def _get_labour_items_alone(self, operation, pay_type):
        """One item: ``operation`` without anything else."""
        return [SheetItem(key="alone", operation=operation, pay_type=pay_type)]

    def _get_labour_sheet(self, items):
        """Labour sheet of the visit, see ``auto.service.labour.sheet._calculate``."""
        self.ensure_one()
        # Advisors read the catalogue; salespeople without a role do not.
        order_sudo = self.sudo()
        return order_sudo.env["auto.service.labour.sheet"]._calculate(order_sudo, items)

    def _add_required(self, required, created, lines):
        """Add what must be done before the ``created`` lines, once.

        :param required: pairs (operation id, id of the operation that needs it)
        :param created: new sale.order.line records
        :param lines: sale.order.line records of the visit, the new ones included
        """
        self.ensure_one()
        if self.env.context.get("auto_service_no_required"):
            return
        present = set(lines.operation_id.ids)
        present |= set(self.env.context.get("auto_service_skip_required") or ())
        by_operation = {line.operation_id.id: line for line in reversed(created)}
        values = []
        for operation_id, because_id in required:
            line = by_operation.get(because_id)
            if line and operation_id not in present:
                present.add(operation_id)
                by_operation[operation_id] = line
                values.append(self._prepare_required_values(operation_id, line))
        if values:
            self.env["sale.order.line"].create(values)

    def _prepare_required_values(self, operation_id, line):
        """Values of the line for work that must be done before ``line``."""
        return {
            "order_id": line.order_id.id,
            "job_id": line.job_id.id,
            "operation_id": operation_id,
        }
