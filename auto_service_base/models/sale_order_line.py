from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_is_zero

SYNC_FIELDS = {"sequence", "job_id", "name", "order_id"}
OFFER_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    work_order_id = fields.Many2one(
        related="order_id.work_order_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Visit of a vehicle that the line belongs to.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Job of the visit; the section above the line stands for it.",
    )
    kind = fields.Selection(
        [
            ("labour", "Labour"),
            ("part", "Part"),
            ("sublet", "Sublet"),
            ("fee", "Fee"),
        ],
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="Labour, part, work of another company, or a fee.",
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Labour operation; it brings text, hours and price.",
    )
    book_hours = fields.Float(
        help="Hours by the labour times; the quantity is what the advisor judged.",
    )
    order_pay_type = fields.Selection(
        related="order_id.pay_type",
        string="Payer",
        help="Who pays the estimate of this line.",
    )
    declined_qty = fields.Float(
        digits="Product Unit",
        copy=False,
        help="Quantity that was offered before the customer declined the job.",
    )

    @api.depends("product_id", "display_type")
    def _compute_kind(self):
        for line in self:
            if line.display_type or not line.product_id:
                line.kind = False
            else:
                line.kind = line.product_id.workshop_kind

    @api.depends("kind")
    def _compute_qty_to_invoice(self):
        """Labour is billed when its job is done, parts when they are issued.

        Whatever the invoicing policy of the product: a visit is never billed before.
        """
        res = super()._compute_qty_to_invoice()
        for line in self.filtered(lambda line: line._is_billed_when_done()):
            line.qty_to_invoice = line.qty_delivered - line.qty_invoiced
        return res

    def _is_billed_when_done(self):
        """Whether the line is labour or a part of a visit that was approved."""
        self.ensure_one()
        return bool(
            self.work_order_id
            and self.state == "sale"
            and self.kind in ("labour", "part")
            and not self.is_downpayment
        )

    def _can_be_issued(self):
        """Whether the line is an approved part that is not issued in full."""
        self.ensure_one()
        return bool(
            self.state == "sale"
            and self.kind == "part"
            and self.qty_delivered_method in self._get_issue_methods()
            and self.product_uom_id.compare(self.qty_delivered, self.product_uom_qty)
            < 0
        )

    @api.model
    def _get_issue_methods(self):
        """Values of ``qty_delivered_method`` that ``_issue`` can serve; extend both."""
        return ["manual"]

    def _issue(self):
        """Issue what the lines still want; extend for parts whose stock is kept."""
        for line in self:
            line.qty_delivered = line.product_uom_qty

    def _is_invoicing_settled(self):
        """Whether nothing of the line is on posted invoices, credit notes taken off."""
        self.ensure_one()
        return float_is_zero(
            self.qty_invoiced_posted,
            precision_digits=self.env["decimal.precision"].precision_get(
                "Product Unit"
            ),
        )

    @api.constrains("product_uom_qty", "work_order_id", "is_downpayment")
    def _check_quantity_of_offer(self):
        wrong = self.filtered(
            lambda line: line.work_order_id
            and not line.is_downpayment
            and line.product_uom_qty < 0
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "%(lines)s: the quantity cannot be negative. Give a discount "
                    "instead, or credit the invoice.",
                    lines=", ".join(wrong.mapped("name")),
                )
            )

    @api.constrains("job_id", "order_id")
    def _check_job_of_visit(self):
        wrong = self.filtered(
            lambda line: line.job_id
            and line.sudo().job_id.order_id != line.order_id.work_order_id
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "%(lines)s: the job belongs to another visit. Choose a job of this "
                    "one.",
                    lines=", ".join(wrong.mapped("name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        placed_flags = [
            bool(vals.get("job_id")) and not vals.get("display_type")
            for vals in vals_list
        ]
        vals_list, plans = self._plan_labour(vals_list)
        lines = super().create(self._append_sequences(vals_list))
        placed = self.concat(
            *(line for line, flag in zip(lines, placed_flags, strict=True) if flag)
        )
        lines._after_change(placed, SYNC_FIELDS | OFFER_FIELDS)
        lines._finish_labour(plans)
        return lines

    def write(self, vals):
        before = self.order_id if "order_id" in vals else self.browse().order_id
        res = super().write(vals)
        placed = self if vals.get("job_id") else self.browse()
        placed = placed.filtered(lambda line: not line.display_type)
        self._after_change(placed, set(vals), before)
        self._after_labour_write(vals)
        return res

    def unlink(self):
        orders = self.order_id.filtered("work_order_id")
        jobs = self.filtered(lambda line: line.display_type == "line_section").job_id
        visits = self.filtered("operation_id").work_order_id
        res = super().unlink()
        visits._sync_labour()
        if not self.env.context.get("auto_service_no_sync"):
            orders._sync_jobs(self.browse())
            jobs._delete_if_empty()
            orders._check_authorisation()
        return res

    def _after_change(self, placed, names, orders=None):
        """Keep jobs and approvals true after lines were created or written."""
        orders = self.order_id | (orders or self.order_id.browse())
        orders = orders.filtered("work_order_id")
        if not orders:
            return
        if names & SYNC_FIELDS and not self.env.context.get("auto_service_no_sync"):
            orders._sync_jobs(placed)
        if names & OFFER_FIELDS:
            orders._check_authorisation()

    def _append_sequences(self, vals_list):
        """New lines come last in their estimate, unless they are given a place.

        A number below those of the estimate is the default of the host, no place.
        """
        last = {}
        completed = []
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id") or [])
            if order.work_order_id:
                base = order._get_base_sequence()
                if "sequence" not in vals or (vals["sequence"] or 0) < base:
                    if order not in last:
                        last[order] = order._get_last_sequence()
                    last[order] += 1
                    vals = dict(vals, sequence=last[order])
            completed.append(vals)
        return completed

    def _get_cost(self):
        """Cost of the line in company currency: quantity times the product's cost."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        if not product:
            return 0.0
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id, round=False
        )
        return quantity * product.standard_price

    def _to_company_currency(self, amount):
        """Amount of the line's currency in the currency of its company."""
        self.ensure_one()
        return amount / (self.order_id.currency_rate or 1.0)

    def _get_offered_qty(self):
        """Quantity that was offered, also when the customer declined the job."""
        self.ensure_one()
        return self.declined_qty or self.product_uom_qty

    def _get_offered_total(self):
        """Amount with taxes that was offered, also when the job was declined."""
        return self._get_offered_amounts()["total_included"]

    def _get_offered_amounts(self):
        """Amounts that were offered, also when the customer declined the job.

        :return: dict with ``total_excluded`` and ``total_included``, in the currency
            of the estimate
        """
        self.ensure_one()
        if not self.declined_qty:
            return {
                "total_excluded": self.price_subtotal,
                "total_included": self.price_total,
            }
        return self.tax_ids.compute_all(
            self.price_unit * (1 - (self.discount or 0.0) / 100.0),
            currency=self.currency_id,
            quantity=self.declined_qty,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )

    def _get_snapshot(self):
        """The line as plain data; the keys are read years later, so never rename one.

        :return: dict
        """
        self.ensure_one()
        return {
            "line_id": self.id,
            "job_id": self.job_id.id,
            "job": self.job_id.name,
            "kind": self.kind,
            "operation_id": self.operation_id.id,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self._get_offered_qty(),
            "uom": self.product_uom_id.name,
            "book_hours": self.book_hours,
            "hours": self._get_hours(self._get_offered_qty()),
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": sorted(self.tax_ids.ids),
            "taxes": self.tax_ids.mapped("name"),
            "price_total": self._get_offered_total(),
        }

    @api.model
    def _get_terms_of_snapshot(self, row):
        """What makes a snapshot row another offer when it changes.

        :param dict row: from ``_get_snapshot``
        :return: hashable tuple
        """
        return (
            row.get("product_id"),
            round(row.get("quantity") or 0.0, 4),
            round(row.get("price_unit") or 0.0, 4),
            round(row.get("discount") or 0.0, 4),
            tuple(row.get("tax_ids") or []),
            row.get("line_id"),
        )
