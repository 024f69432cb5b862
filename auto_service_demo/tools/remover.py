"""Take the demo garage away and leave own data as it is."""

import logging
from collections import defaultdict

from psycopg2 import Error as DatabaseError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from .labour import restore_settings

_logger = logging.getLogger(__name__)

#: Parts of a document: (model, field that names the document). A part goes, or stays,
#: with its document, also one that somebody added while he played with the garage.
PARTS = [
    ("auto.service.job", "order_id"),
    ("auto.service.stage.log", "order_id"),
    ("auto.service.clocking", "job_id"),
    ("auto.service.recommendation", "origin_job_id"),
    ("sale.order", "work_order_id"),
    ("sale.order.line", "order_id"),
    ("auto.service.authorisation", "sale_order_id"),
    ("account.move", "work_order_id"),
    ("account.move.line", "move_id"),
    ("account.partial.reconcile", "debit_move_id"),
    ("account.partial.reconcile", "credit_move_id"),
    ("fleet.vehicle.odometer", "vehicle_id"),
    ("auto.service.vehicle.person", "vehicle_id"),
    ("hr.version", "employee_id"),
    ("product.product", "product_tmpl_id"),
    ("auto.service.package.line", "package_id"),
    ("auto.service.package.condition", "package_id"),
    ("auto.service.maintenance.item", "plan_id"),
    ("auto.service.labour.relation", "operation_id"),
    ("auto.service.maintenance.record", "vehicle_id"),
    ("auto.service.booking.line", "booking_id"),
    ("auto.service.booking.link", "booking_id"),
    ("auto.service.booking.log", "booking_id"),
    ("auto.service.booking.log", "job_id"),
    ("auto.service.allocation", "booking_id"),
    ("auto.service.allocation", "order_id"),
    ("auto.service.allocation", "job_id"),
    ("auto.service.shift", "resource_id"),
    ("resource.calendar.leaves", "resource_id"),
    ("resource.calendar.leaves", "calendar_id"),
    ("resource.calendar.attendance", "calendar_id"),
    ("auto.service.parts.enquiry", "order_id"),
    ("auto.service.parts.enquiry.source", "enquiry_id"),
    ("auto.service.parts.offer", "enquiry_id"),
    ("auto.service.part.number", "product_id"),
    ("auto.service.price.list.column", "list_id"),
    ("auto.service.price.list.load", "list_id"),
    ("product.supplierinfo", "product_tmpl_id"),
    ("purchase.order.line", "order_id"),
    ("stock.picking", "sale_id"),
    ("stock.move", "picking_id"),
    ("stock.move.line", "move_id"),
    ("stock.quant", "product_id"),
    ("auto.service.part.issue", "order_id"),
    ("auto.service.part.issue", "product_id"),
    ("auto.service.tool.loan", "tool_id"),
    ("auto.service.supplier.return.line", "return_id"),
    ("auto.service.core", "product_id"),
    ("auto.service.consumable", "product_id"),
    ("stock.warehouse.orderpoint", "product_id"),
    ("stock.putaway.rule", "product_id"),
]
#: Documents first, then what they refer to.
ORDER = [
    "auto.service.allocation",
    "auto.service.booking.log",
    "auto.service.booking.link",
    "auto.service.booking.line",
    "auto.service.booking",
    "auto.service.authorisation",
    "auto.service.recommendation",
    "auto.service.clocking",
    "account.payment",
    "account.move",
    "auto.service.part.issue",
    "auto.service.tool.loan",
    "auto.service.tool",
    "auto.service.core",
    "auto.service.supplier.return",
    "stock.move.line",
    "stock.move",
    "stock.picking",
    "purchase.order",
    "sale.order",
    "auto.service.parts.offer",
    "auto.service.parts.enquiry.source",
    "auto.service.parts.enquiry",
    "auto.service.price.list",
    "auto.service.price.list.load",
    "auto.service.part.cross",
    "auto.service.part.cross.source",
    "auto.service.job",
    "auto.service.stage.log",
    "auto.service.order",
    "auto.service.vehicle.person",
    "fleet.vehicle.odometer",
    "auto.service.maintenance.record",
    "auto.service.courtesy.car",
    "fleet.vehicle",
    "auto.service.labour.time",
    "auto.service.labour.source",
    "auto.service.labour.rate",
    "auto.service.labour.adjustment",
    "auto.service.vehicle.type",
    "fleet.vehicle.model",
    "fleet.vehicle.model.brand",
    "auto.service.maintenance.plan",
    "auto.service.package",
    "auto.service.labour.relation",
    "auto.service.operation",
    "auto.service.operation.category",
    "product.supplierinfo",
    "auto.service.consumable",
    "stock.warehouse.orderpoint",
    "stock.putaway.rule",
    "stock.quant",
    "stock.location",
    "product.product",
    "product.template",
    "auto.service.part.number",
    "auto.service.part.brand",
    "auto.service.shift",
    "resource.calendar.leaves",
    "auto.service.bay",
    "auto.service.equipment",
    "auto.service.technician",
    "hr.employee",
    "resource.resource",
    "resource.calendar",
    "res.users",
    "res.partner",
]
#: Own records of these models keep the user who wrote them (archived).
AUTHORED = [
    "auto.service.booking",
    "auto.service.order",
    "auto.service.clocking",
    "sale.order",
    "account.move",
    "account.payment",
    "fleet.vehicle",
    "res.partner",
    "product.template",
]
#: Fields that do not make a record need the one it names: who wrote it, and what the
#: nightly job of the maintenance plans works out anew.
DERIVED = ("create_uid", "write_uid", "next_maintenance_item_id")
#: Own records of these models keep what they name, even where it could go with it.
PRECIOUS = ("auto.service.labour.time",)
REFUSALS = (UserError, ValidationError, AccessError, DatabaseError)


class GarageRemover:
    """Removes what ``auto.service.demo.record`` registers.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env(
            context=dict(
                env.context,
                active_test=False,
                auto_service_demo_remove=True,
                auto_service_no_sync=True,
                force_delete=True,
                mail_notrack=True,
                tracking_disable=True,
            )
        )
        self.register = self.env["auto.service.demo.record"]
        self.demo = defaultdict(set)
        self.kept = defaultdict(set)

    def remove(self):
        """Remove the garage.

        :return: list of lines that name what was kept, empty when all is gone
        """
        restore_settings(self.env)  # before it looks what the company names
        self._read_register()
        self._adopt_parts()
        self._keep_referenced()
        self._take_back_money()
        self._take_back_purchases()
        self._take_back_stock()
        for model in ORDER:
            self._unlink(model)
        for model in sorted(set(self.demo) - set(ORDER)):
            self._unlink(model)
        # Else the rows of the lists would stay until the next run of the cron.
        self.env["auto.service.price.list"]._drop_old_rows()
        self._archive_users()
        self._clean_register()
        return self._describe_kept()

    # What is demo -------------------------------------------------------------

    def _read_register(self):
        for model, ids in self.register._read_group(
            [], ["model"], ["res_id:array_agg"]
        ):
            if model in self.env:
                records = self.env[model].browse(ids).exists()
                self.demo[model] = set(records.ids)

    def _adopt_parts(self):
        """Parts that were added to demo documents belong to the garage as well."""
        found = True
        while found:
            found = False
            for model, field in PARTS:
                parent = self.env[model]._fields[field].comodel_name
                parts = self._search_references(model, field, self.demo[parent])
                new = parts.filtered(lambda part, m=model: part.id not in self.demo[m])
                if new:
                    self._adopt(new)
                    found = True
            found = self._adopt_payments() or found

    def _adopt(self, records):
        self.demo[records._name].update(records.ids)
        self.register._register_records(records)

    def _adopt_payments(self):
        """Payments, with their entries, that pay demo invoices only."""
        payments = self.env["account.payment"].search(
            [("invoice_ids", "in", list(self.demo["account.move"]))]
        )
        new = payments.filtered(
            lambda payment: payment.id not in self.demo["account.payment"]
            and set(payment.invoice_ids.ids) <= self.demo["account.move"]
        )
        if not new:
            return False
        self._adopt(new)
        if new.move_id:
            self._adopt(new.move_id)
        return True

    # What has to stay ---------------------------------------------------------

    def _search_references(self, model, field, ids):
        """Records of ``model`` whose ``field`` names one of ``ids``."""
        if not ids:
            return self.env[model]
        return self.env[model].search([(field, "in", list(ids))])

    def _get_reference_fields(self, comodel):
        """Stored fields of all models that name a record of ``comodel``.

        :return: list of (model, field) names
        """
        return [
            (name, field.name)
            for name, model in self.env.registry.items()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.comodel_name == comodel
            and (
                self._is_list_of_ours(name, field)
                or field.type == "many2one"
                and self._counts_as_reference(name, field)
            )
        ]

    def _is_list_of_ours(self, model, field):
        """Whether a record names several others of ours: operations, skills, tags."""
        return (
            field.type == "many2many"
            and field.store
            and (
                field.comodel_name == "res.partner.category"
                or model.startswith("auto.service.")
                and field.comodel_name.startswith("auto.service.")
            )
        )

    def _counts_as_reference(self, model, field):
        """Whether an own record with this field needs the demo record it names."""
        return (
            field.store
            and field.column_type
            and (field.ondelete != "cascade" or model in PRECIOUS)
            and field.name not in DERIVED
            and not model.startswith(("mail.", "bus.", "discuss."))
        )

    def _keep_referenced(self):
        """Find what own records refer to, and what that needs in its turn."""
        for model, ids in list(self.demo.items()):
            for name, field in self._get_reference_fields(model):
                self._keep_with_needed(self._get_named_by_own(name, field, ids))
        self._keep_with_needed(self._get_authors())
        self._keep_with_needed(self.env.user)

    def _get_named_by_own(self, model, field, ids):
        """What own records of ``model`` name in ``field``.

        :param ids: demo records that they may name
        """
        if model in PRECIOUS:  # there may be millions of them
            groups = self.env[model]._read_group(
                [(field, "in", list(ids)), ("id", "not in", list(self.demo[model]))],
                [field],
            )
            return self.env[self.env[model]._fields[field].comodel_name].union(
                *(record for (record,) in groups)
            )
        users = self._search_references(model, field, ids)
        return users.filtered(lambda record: record.id not in self.demo[model])[field]

    def _keep_with_needed(self, records):
        queue = self._keep(records)
        while queue:
            queue += self._keep_needed(queue.pop())

    def _get_authors(self):
        """Demo users who wrote own records."""
        authors = self.env["res.users"]
        for model in AUTHORED:
            records = self._search_references(
                model, "create_uid", self.demo["res.users"]
            )
            own = records.filtered(lambda rec, m=model: rec.id not in self.demo[m])
            authors |= own.create_uid
        return authors

    def _keep(self, records):
        """Keep those of ``records`` that are demo.

        :return: list of the newly kept records
        """
        ids = self.demo[records._name] - self.kept[records._name]
        new = records.filtered(lambda record: record.id in ids)
        self.kept[records._name].update(new.ids)
        return list(new)

    def _keep_needed(self, record):
        """Keep what a kept ``record`` names, and its parts."""
        queue = []
        for field in record._fields.values():
            if field.comodel_name in self.demo and (
                self._is_list_of_ours(record._name, field)
                or field.type == "many2one"
                and field.store
                and field.name not in DERIVED
            ):
                queue += self._keep(record[field.name])
        for model, field in PARTS:
            if self.env[model]._fields[field].comodel_name == record._name:
                queue += self._keep(self._search_references(model, field, {record.id}))
        return queue

    # Removing -----------------------------------------------------------------

    def _get_removable(self, model):
        ids = self.demo[model] - self.kept[model]
        return self.env[model].browse(sorted(ids, reverse=True)).exists()

    def _take_back_money(self):
        """Undo payments and postings, cancel orders: only drafts can be removed.

        What the books no longer let go (a closed period, say) is kept, with its visit.
        """
        moves = self._get_removable("account.move")
        invoices = moves.filtered(lambda move: move.is_invoice())
        self._do_or_keep(invoices, self._take_back_moves)
        # What is left: payments without an invoice, entries of kept invoices' payments.
        self._do_or_keep(self._get_removable("account.move"), self._take_back_moves)
        orders = self._get_removable("sale.order")
        orders.filtered("locked").action_unlock()
        orders = orders.filtered(lambda order: order.state in ("sent", "sale"))
        self._do_or_keep(orders, type(orders)._action_cancel)

    def _take_back_purchases(self):
        """Cancel what was ordered; what was received already is kept."""
        orders = self._get_removable("purchase.order")
        orders = orders.filtered(lambda order: order.state != "cancel")
        self._do_or_keep(orders, type(orders).button_cancel)

    def _take_back_stock(self):
        """What the visits used up is on the shelf again, and its moves can be removed.

        The host lets nobody delete a finished move; these never happened.
        """
        lines = self._get_removable("stock.move.line").filtered(
            lambda line: line.state == "done"
        )
        quants = self.env["stock.quant"]
        for line in lines:
            product, quantity = line.product_id, line.quantity_product_uom
            quants._update_available_quantity(product, line.location_id, quantity)
            quants._update_available_quantity(product, line.location_dest_id, -quantity)
        moves = lines.move_id
        self.env.flush_all()
        for table, ids in (("stock_move_line", lines.ids), ("stock_move", moves.ids)):
            query = "UPDATE %s SET state = 'draft', quantity = 0 WHERE id = ANY(%s)"
            self.env.cr.execute(SQL(query, SQL.identifier(table), ids))
        self.env.invalidate_all()

    def _take_back_moves(self, moves):
        """Invoices with their payments back to draft: all of it, or nothing."""
        payments = moves.matched_payment_ids | moves.origin_payment_id
        moves.line_ids.remove_move_reconcile()
        payments.filtered(lambda payment: payment.state != "draft").action_draft()
        moves.filtered(lambda move: move.state == "posted").button_draft()

    def _do_or_keep(self, records, method):
        """Call ``method`` on ``records``; keep those of them that refuse it.

        :param method: function of a recordset
        """
        if not records or self._try(records, method):
            return
        for record in records:
            if record.exists() and not self._try(record, method):
                self._keep_with_needed(record)

    def _close_dialogs(self, model):
        """Remove what dialogs left behind: the host sweeps it only after an hour."""
        ids = self.demo[model] - self.kept[model]
        for name, cls in self.env.registry.items():
            if not cls._transient or not cls._auto:
                continue
            for field in cls._fields.values():
                if field.comodel_name == model and field.column_type and field.store:
                    self._search_references(name, field.name, ids).unlink()

    def _unlink(self, model):
        """Remove the records of one model; one that cannot go is kept."""
        self._close_dialogs(model)
        records = self._get_removable(model)
        self._do_or_keep(records, type(records).unlink)

    def _try(self, records, method):
        try:
            with self.env.cr.savepoint():
                method(records)
            return True
        except REFUSALS as error:
            self.env.invalidate_all()
            _logger.info("Kept of the demo garage: %s (%s)", records, error)
            return False

    def _archive_users(self):
        """Users who stay for the sake of own records cannot log in any more."""
        users = self.env["res.users"].browse(self.kept["res.users"]).exists()
        (users - self.env.user).action_archive()

    def _clean_register(self):
        """Forget what is gone; what was kept can be removed another day."""
        for model, ids in self.register._read_group(
            [], ["model"], ["res_id:array_agg"]
        ):
            gone = set(ids)
            if model in self.env:
                gone -= set(self.env[model].browse(ids).exists().ids)
            self.register.search(
                [("model", "=", model), ("res_id", "in", list(gone))]
            ).unlink()

    def _describe_kept(self):
        shown = [model for model in ORDER if self.kept[model]]
        lines = []
        for model in shown:
            records = self.env[model].browse(sorted(self.kept[model])).exists()
            names = ", ".join(records[:5].mapped("display_name"))
            more = f" … ({len(records)})" if len(records) > 5 else ""
            label = self.env[model]._description
            lines.append(f"{label}: {names}{more}")
        return lines
