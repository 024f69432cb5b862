from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from .auto_service_job import PRICE_GROUPS

OPEN_STATES = ("draft", "sent")
#: Kinds of steps that take off what another operation does already.
SHARING = ("included", "combination", "duplicate", "approved")


class SaleOrderLine(models.Model):
    """Labour on an estimate: where its hours and its price come from.

    ``book_hours`` is what the labour times say, with everything that is deducted and
    added; the quantity is what is charged. As long as nobody judged otherwise the
    quantity follows the book. The sums for a whole visit are in
    ``auto_service_order_labour.py``.
    """

    _inherit = "sale.order.line"

    judged_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who put other hours on the estimate than the book says. Empty: the hours "
        "follow the book.",
    )
    judged_at = fields.Datetime(
        readonly=True, copy=False, help="When the hours were judged."
    )
    labour_detail = fields.Json(
        copy=False,
        readonly=True,
        help="Where every minute of the book hours comes from: the time that was "
        "taken, what else was there, deductions and additions.",
    )
    labour_state = fields.Selection(
        [
            ("unknown", "No time known"),
            ("judged", "Judged"),
            ("deducted", "Less than alone"),
            ("book", "By the book"),
            ("fixed", "Fixed price"),
        ],
        compute="_compute_labour_state",
        groups=PRICE_GROUPS,
        help="How the hours of the line came about; click for the details.",
    )

    @api.depends("operation_id", "judged_by_id", "book_hours", "labour_detail")
    def _compute_labour_state(self):
        for line in self:
            line.labour_state = line._get_labour_state()

    def _get_labour_state(self):
        """Key of ``labour_state``, False for lines without an operation."""
        self.ensure_one()
        detail = self.labour_detail or {}
        if not self.operation_id:
            return False
        if self.sudo().operation_id.pricing == "fixed":
            return "fixed"
        if self.judged_by_id:
            return "judged"
        if any(step["kind"] in SHARING for step in detail.get("steps", [])):
            return "deducted"
        return "book" if self.book_hours else "unknown"

    def _has_unknown_time(self):
        """Whether nobody knows how long the operation takes on this vehicle."""
        self.ensure_one()
        return self._get_labour_state() == "unknown" and not self._get_offered_qty()

    @api.onchange("operation_id")
    def _onchange_operation_id(self):
        """Fill the line from the operation; all of it stays editable."""
        if self.operation_id:
            hours = self._get_hours_alone(self.operation_id)
            self.update(self._prepare_operation_values(self.operation_id, hours))

    def _is_sold_by_time(self):
        """Whether the quantity of the line is a time."""
        self.ensure_one()
        hour = self._get_uom_hour()
        uom = self.product_uom_id or self.product_id.uom_id
        return bool(hour and uom and uom._has_common_reference(hour))

    @api.model
    def _get_uom_hour(self):
        # Not ``ref``: it asks the database each time whether the record still exists.
        uom_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "uom.product_uom_hour", raise_if_not_found=False
        )
        return self.env["uom.uom"].browse(uom_id or [])

    def _get_hours(self, quantity=None):
        """Hours that ``quantity`` of this line stands for.

        :param float quantity: in the unit of the line; the ordered one when omitted
        :return: hours as float; of a service at a fixed price its book hours; 0.0 for
            lines that are not labour
        """
        self.ensure_one()
        quantity = self.product_uom_qty if quantity is None else quantity
        if self._is_sold_by_time():
            hour = self._get_uom_hour()
            return self.product_uom_id._compute_quantity(quantity, hour, round=False)
        return self.book_hours * quantity if self.operation_id else 0.0

    def _get_quantity_of_hours(self, hours):
        """Quantity of the line, in its unit, that stands for ``hours``."""
        self.ensure_one()
        if not self._is_sold_by_time():
            return 1.0
        return self._get_uom_hour()._compute_quantity(
            hours, self.product_uom_id or self.product_id.uom_id, round=False
        )

    # New lines ----------------------------------------------------------------

    @api.model
    def _plan_labour(self, vals_list):
        """Fill new lines up from their operations, all of a visit together.

        :param list vals_list: values of ``create``
        :return: pair (completed values, dict of visit to what ``_finish_labour`` needs)
        """
        vals_list = list(vals_list)
        plans, indexes = {}, {}
        for index, vals in enumerate(vals_list):
            if not vals.get("operation_id") or vals.get("display_type"):
                continue
            order = self.env["sale.order"].browse(vals.get("order_id") or [])
            if order.work_order_id:
                indexes.setdefault(order.work_order_id, []).append(index)
            else:
                vals_list[index] = self._complete_operation(vals, order)
        for visit, numbers in indexes.items():
            new = {number: vals_list[number] for number in numbers}
            plans[visit] = visit._plan_labour(new)
            operations = self.env["auto.service.operation"].browse(
                [vals["operation_id"] for vals in new.values()]
            )
            for operation, number in zip(operations, numbers, strict=True):
                result = plans[visit]["sheet"]["lines"][("new", number)]
                vals_list[number] = self._complete_from_sheet(
                    operation, vals_list[number], result
                )
        return vals_list, plans

    @api.model
    def _complete_operation(self, vals, order):
        """Values of a new line outside of any visit, filled up from its operation."""
        operation = self.env["auto.service.operation"].browse(vals["operation_id"])
        line = self.new({"order_id": order.id})
        hours = operation._get_book_hours(order.vehicle_id)
        return {**line._prepare_operation_values(operation, hours), **vals}

    @api.model
    def _complete_from_sheet(self, operation, vals, result):
        """Values of a new line of a visit, with the hours of the labour sheet.

        Other hours than those of the book, alone or together, were judged by whoever
        writes the line.

        :param operation: auto.service.operation record
        :param dict vals: values of ``create``
        :param dict result: of ``auto.service.labour.sheet._calculate`` for the line
        """
        order = self.env["sale.order"].browse(vals["order_id"])
        line = self.new({"order_id": order.id, "product_id": vals.get("product_id")})
        values = line._prepare_operation_values(operation, result["hours"] or 0.0)
        values = {**values, **vals, "labour_detail": result["detail"]}
        values["book_hours"] = result["hours"] or 0.0
        if line._is_judgement(operation, vals, result):
            values.update(judged_by_id=self.env.uid, judged_at=fields.Datetime.now())
        elif "product_uom_qty" in vals and operation.sudo().pricing != "fixed":
            line.product_id = values["product_id"]
            values["product_uom_qty"] = line._get_quantity_of_hours(
                values["book_hours"]
            )
        return values

    def _is_judgement(self, operation, vals, result):
        """Whether the quantity of a new line was chosen against the book."""
        if "product_uom_qty" not in vals or operation.sudo().pricing == "fixed":
            return False
        line = self.new({"product_id": vals.get("product_id")})
        if not line.product_id:
            line.product_id = operation._get_billing_product(self.env.company)
        hours = line._get_hours(vals["product_uom_qty"])
        return line._is_sold_by_time() and all(
            float_compare(hours, book or 0.0, precision_digits=2)
            for book in (result["hours"], result["single"])
        )

    def _finish_labour(self, plans):
        """After new lines were created: the rest of their visits follows.

        :param dict plans: of ``_plan_labour``
        """
        for visit, plan in plans.items():
            visit.sudo()._finish_labour(plan, self.sudo())
        for line in self.filtered("judged_by_id"):
            line._log_judgement()

    def _prepare_operation_values(self, operation, hours):
        """Values of the line that sells ``operation`` on the vehicle of the visit.

        :param operation: auto.service.operation record
        :param float hours: book hours, 0.0 when no time is known
        """
        order = self.order_id
        product = operation._get_billing_product(order.company_id or self.env.company)
        if not product:
            raise ValidationError(
                self.env._(
                    "“%(operation)s” cannot be billed: choose the labour service under "
                    "Configuration, Settings.",
                    operation=operation.name,
                )
            )
        lang = order.partner_id.lang or self.env.lang
        line = self.new({"product_id": product.id})
        return {
            "product_id": product.id,
            "name": operation.with_context(lang=lang).name,
            "product_uom_qty": line._get_quantity_of_hours(hours),
            "book_hours": hours,
        }

    def _get_hours_alone(self, operation):
        """Book hours of ``operation`` done alone; 0.0 when no time is known."""
        visit = self.order_id.work_order_id
        if not visit:
            return operation._get_book_hours(self.order_id.vehicle_id)
        sheet = visit._get_labour_sheet(
            visit._get_labour_items_alone(operation, self.order_id.pay_type)
        )
        return next(iter(sheet["lines"].values()))["hours"] or 0.0

    # The book -----------------------------------------------------------------

    def _after_labour_write(self, vals):
        """Follow a change of the operation, of the quantity or of the estimate."""
        if self.env.context.get("auto_service_labour_sync") or "declined_qty" in vals:
            return
        if "operation_id" in vals:
            self._restart_book(vals)
            self.work_order_id._sync_labour()
        elif {"product_uom_qty", "product_uom_id"} & vals.keys():
            self.filtered("operation_id")._note_judgement()
        if "order_id" in vals:  # of another payer
            self.filtered("operation_id").work_order_id._sync_labour()

    def _restart_book(self, vals):
        """Another operation: its hours follow the book, unless others were given."""
        lines = self.with_context(auto_service_labour_sync=True)
        lines.write({"judged_by_id": False, "judged_at": False, "labour_detail": False})
        for line in lines.filtered("operation_id"):
            line.book_hours = line._get_hours_alone(line.operation_id)
        if "product_uom_qty" in vals:
            self.filtered("operation_id")._note_judgement()

    def _follow_sheet(self, result):
        """Take the book hours of a labour sheet over; called in sudo.

        :param dict result: of ``auto.service.labour.sheet._calculate`` for this line
        :return: the line when its hours changed, else no record
        """
        self.ensure_one()
        hours = self.product_uom_qty
        vals = self._prepare_sheet_values(result)
        vals = {name: value for name, value in vals.items() if self[name] != value}
        if vals:
            self.with_context(auto_service_labour_sync=True).write(vals)
        return self if self.product_uom_qty != hours else self.browse()

    def _prepare_sheet_values(self, result):
        """Values of the line for its result on the labour sheet."""
        hours = result["hours"] or 0.0
        vals = {"book_hours": hours, "labour_detail": result["detail"]}
        if self._may_be_judged() and not self.judged_by_id:
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            quantity = round(self._get_quantity_of_hours(hours), digits)
            if float_compare(quantity, self.product_uom_qty, precision_digits=digits):
                vals["product_uom_qty"] = quantity
        return vals

    def _get_counted_operations(self):
        """Ids of the operations that made the line cheaper already."""
        self.ensure_one()
        return frozenset(
            step["operation_id"]
            for step in (self.labour_detail or {}).get("steps", ())
            if step["kind"] in ("included", "combination")
        )
