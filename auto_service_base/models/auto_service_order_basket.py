from odoo import fields, models

from .auto_service_labour_sheet import SheetItem
from .sale_order_line_labour import OPEN_STATES, SHARING


class AutoServiceOrder(models.Model):
    """The basket of the dialog "Add work": what it would cost, and adding it."""

    _inherit = "auto.service.order"

    def preview_labour(self, items):
        """What the estimate would look like with ``items``; nothing is written.

        :param list items: dicts with ``key`` and either ``operation_id`` (with
            ``judged`` hours, ticked ``options``, ``skip_required``) or ``package_id``
        :return: dict with ``lines``, ``suggestions`` and ``totals``
        """
        self.ensure_one()
        self.check_access("read")
        estimate = self._get_estimate_to_price()
        entries = self._get_basket_entries(items, estimate)
        present = self._get_labour_lines()
        own = [entry for entry in entries if entry["operation"]]
        sheet_items = [
            *self._get_labour_items(present),
            *(self._prepare_basket_item(entry) for entry in own),
        ]
        sheet = self._get_labour_sheet(sheet_items)
        skipped = {
            operation for item in items for operation in item.get("skip_required") or []
        }
        required = self._get_required_entries(sheet, sheet_items, skipped)
        if required:
            entries += required
            sheet_items += [self._prepare_basket_item(entry) for entry in required]
            sheet = self._get_labour_sheet(sheet_items)
        lines = [
            *self._describe_present(present, sheet),
            *(self._describe_entry(entry, sheet, estimate) for entry in entries),
        ]
        return {
            "lines": lines,
            "suggestions": self._describe_suggestions(sheet, sheet_items),
            "totals": self._get_basket_totals(lines),
        }

    def _get_basket_entries(self, items, estimate):
        """One entry for every line that the items would make.

        :param estimate: sale.order record, see ``_get_estimate_to_price``
        :return: list of dicts with key, operation, package, item, values
        """
        entries = []
        for item in items:
            if item.get("package_id"):
                entries += self._get_package_entries(item, estimate)
                continue
            operation = self.env["auto.service.operation"].browse(item["operation_id"])
            entries.append(
                {
                    "key": item["key"],
                    "operation": operation,
                    "item": item,
                    "values": {"operation_id": operation.id},
                }
            )
        return entries

    def _get_package_entries(self, item, estimate):
        """Entries of a package: its operations and its parts."""
        package = self.env["auto.service.package"].browse(item["package_id"])
        hints = {
            (row["operation"].id, row["product"].id): row["reason"]
            for row in package._prepare_lines(self.vehicle_id)
        }
        entries = []
        for index, values in enumerate(package._prepare_estimate_lines(estimate)):
            operation = self.env["auto.service.operation"].browse(
                values.get("operation_id") or []
            )
            product_id = False if operation else values.get("product_id")
            entries.append(
                {
                    "key": f"{item['key']}:{index}",
                    "operation": operation,
                    "package": package,
                    "item": {"key": item["key"]},
                    "values": values,
                    "hint": hints.get((operation.id, product_id)) or False,
                }
            )
        return entries

    def _prepare_basket_item(self, entry):
        """Item of the labour sheet for an entry."""
        return SheetItem(
            key=entry["key"],
            operation=entry["operation"],
            pay_type=self.estimate_id.pay_type or "customer",
            options=tuple(entry["item"].get("options") or ()),
        )

    def _get_required_entries(self, sheet, sheet_items, skipped):
        """Entries for what must be done before the chosen work, once each."""
        present = {item.operation.id for item in sheet_items}
        entries = []
        for operation_id, because_id in sheet["required"]:
            if operation_id in present or operation_id in skipped:
                continue
            present.add(operation_id)
            operations = self.env["auto.service.operation"]
            entries.append(
                {
                    "key": f"required:{operation_id}",
                    "operation": operations.browse(operation_id),
                    "item": {},
                    "values": {"operation_id": operation_id},
                    "required_by": operations.browse(because_id).name,
                }
            )
        return entries

    def _describe_present(self, lines, sheet):
        """Rows for labour that is on the visit already."""
        return [
            {
                "key": f"line:{line.id}",
                "existing": True,
                "operation_id": line.operation_id.id,
                "package_id": False,
                "name": line.operation_id.name,
                "code": line.operation_id.code or "",
                "alone": sheet["lines"][line.id]["alone"],
                "hours": line._get_hours()
                if line.judged_by_id or line.state not in OPEN_STATES
                else sheet["lines"][line.id]["hours"],
                "hours_before": line._get_hours(),
                "judged": line._get_hours() if line.judged_by_id else None,
                "amount": line.price_subtotal,
                "steps": self._describe_steps(sheet["lines"][line.id]),
            }
            for line in lines
        ]

    def _describe_steps(self, result):
        texts = self.env["auto.service.labour.sheet"].sudo()
        return [texts._describe_step(step) for step in result["detail"]["steps"]]

    def _get_estimate_to_price(self):
        """The estimate being written, or one in memory that is like it would be."""
        return self.estimate_id or self.env["sale.order"].new(
            {
                **self._prepare_estimate_values("customer"),
                "date_order": fields.Datetime.now(),
            }
        )

    def _describe_entry(self, entry, sheet, estimate):
        """Row for one line that the basket would make."""
        result = sheet["lines"].get(entry["key"]) if entry["operation"] else None
        line = self._get_line_in_memory(entry, result, estimate)
        row = {
            "key": entry["key"],
            "item_key": entry["item"].get("key") or entry["key"],
            "existing": False,
            "operation_id": entry["operation"].id,
            "package_id": entry["package"].id if entry.get("package") else False,
            "package": entry["package"].name if entry.get("package") else False,
            "name": entry["operation"].name or line.product_id.display_name,
            "code": entry["operation"].code or "",
            "quantity": line.product_uom_qty,
            "uom": line.product_uom_id.name,
            "is_labour": bool(result),
            "amount": line.price_subtotal,
            "rate_label": line._get_rate_label() if result else False,
            "required_by": entry.get("required_by") or False,
            "hint": entry.get("hint") or False,
        }
        return {**row, **self._describe_result(entry, result, sheet)}

    def _describe_result(self, entry, result, sheet):
        """The hours of a row and where they come from; nothing for parts."""
        if not result:
            return {"alone": None, "hours": None, "steps": [], "options": []}
        texts = self.env["auto.service.labour.sheet"].sudo()
        detail = result["detail"]
        ticked = set(entry["item"].get("options") or ())
        return {
            "alone": result["alone"],
            "hours": result["hours"],
            "unknown": result["hours"] is None,
            "judged": entry["item"].get("judged"),
            "source_label": texts._get_time_label(detail["time"])
            if detail["time"]
            else False,
            "others": [texts._describe_time(row) for row in detail["others"]],
            "steps": self._describe_steps(result),
            "shared": sum(
                step["hours"] for step in detail["steps"] if step["kind"] in SHARING
            ),
            "options": [
                {
                    "id": option.id,
                    "text": option.condition,
                    "hours": option.hours,
                    "ticked": option.id in ticked,
                }
                for option in sheet["options"]
                if option.operation == entry["operation"].id
            ],
        }

    def _get_line_in_memory(self, entry, result, estimate):
        """The line that an entry would make, not saved."""
        values = self._prepare_entry_values(entry, result, estimate)
        return self.env["sale.order.line"].new(
            {
                "order_id": estimate.id,
                **{name: value for name, value in values.items() if name != "job_id"},
            }
        )

    def _prepare_entry_values(self, entry, result, estimate):
        """Values of the line in memory for an entry."""
        values = dict(entry["values"])
        if not result or "price_unit" in values:  # a part, or a share of a price
            return values
        operation = entry["operation"]
        product = operation._get_billing_product(self.company_id)
        line = self.env["sale.order.line"].new({"product_id": product.id})
        judged = entry["item"].get("judged")
        hours = judged if judged is not None else result["hours"] or 0.0
        return {
            "product_id": product.id,
            "name": operation.name,
            **values,
            "product_uom_qty": line._get_quantity_of_hours(hours),
            "book_hours": result["hours"] or 0.0,
        }

    def _describe_suggestions(self, sheet, sheet_items):
        """Work that usually goes with the chosen one."""
        present = {item.operation.id for item in sheet_items}
        rows, seen = [], set()
        for operation_id, because_id, kind in sheet["suggested"]:
            if operation_id in present or operation_id in seen:
                continue
            seen.add(operation_id)
            operations = self.env["auto.service.operation"].sudo()
            because = operations.browse(because_id).name
            reason = (
                self.env._("usually follows “%(operation)s”", operation=because)
                if kind == "follow_up"
                else self.env._("not part of “%(operation)s”", operation=because)
            )
            operation = operations.browse(operation_id)
            hours = operation._get_book_hours(self.vehicle_id)
            rows.append(
                {
                    "operation_id": operation_id,
                    "name": operation.name,
                    "hours": hours or None,
                    "reason": reason,
                }
            )
        return rows

    def _get_basket_totals(self, lines):
        """Sums of the rows that would be added, and of what they change."""
        new = [row for row in lines if not row["existing"]]
        labour = [row for row in new if row["is_labour"]]
        changed = sum(
            row["hours"] - row["hours_before"]
            for row in lines
            if row["existing"] and row["hours"] is not None
        )
        charged = sum(
            row["judged"] if row.get("judged") is not None else row["hours"] or 0.0
            for row in labour
        )
        shared = sum(row["shared"] for row in labour)
        return {
            "alone": charged - shared,
            "deducted": shared + min(changed, 0.0),
            "hours": charged + changed,
            "amount": sum(row["amount"] for row in new),
        }

    def apply_labour(self, items, job):
        """Add the chosen work to the estimate.

        :param list items: as for ``preview_labour``
        :param dict job: ``id`` of a job of the visit, or ``name`` of a new one
        :return: True
        """
        self.ensure_one()
        self._ensure_open()
        for item in items:
            if item.get("package_id"):
                package = self.env["auto.service.package"].browse(item["package_id"])
                package._add_to_order(self)
        operations = [item for item in items if item.get("operation_id")]
        if operations:
            self._add_operations(operations, self._get_job_to_fill(job))
        return True

    def _get_job_to_fill(self, job):
        """Job that takes the work; a new one when ``job`` names none of the visit."""
        record = self.job_ids.filtered(lambda rec: rec.id == (job or {}).get("id"))
        if record:
            return record
        name = ((job or {}).get("name") or "").strip() or self.env._("Repair")
        return self.env["auto.service.job"].create({"order_id": self.id, "name": name})

    def _add_operations(self, items, job):
        """Create the lines of ``items`` under ``job``.

        :return: sale.order.line records
        """
        estimate = self._get_or_create_estimate()
        skipped = tuple(
            operation for item in items for operation in item.get("skip_required") or []
        )
        return (
            self.env["sale.order.line"]
            .with_context(auto_service_skip_required=skipped)
            .create(
                [
                    self._prepare_operation_line_values(item, job, estimate)
                    for item in items
                ]
            )
        )

    def _prepare_operation_line_values(self, item, job, estimate):
        """Values of the line for one operation of the basket."""
        values = {
            "order_id": estimate.id,
            "job_id": job.id,
            "operation_id": item["operation_id"],
        }
        if item.get("options"):
            values["labour_detail"] = {"ticked": list(item["options"])}
        if item.get("judged") is not None:
            operation = self.env["auto.service.operation"].browse(item["operation_id"])
            product = operation._get_billing_product(self.company_id)
            line = self.env["sale.order.line"].new({"product_id": product.id})
            values["product_uom_qty"] = line._get_quantity_of_hours(item["judged"])
        return values
