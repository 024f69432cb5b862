from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .auto_service_job import PRICE_GROUPS


class AutoServiceJob(models.Model):
    """The job on the estimates: its lines, its approval, its billing."""

    _inherit = "auto.service.job"

    line_ids = fields.One2many(
        "sale.order.line",
        "job_id",
        domain=[("display_type", "=", False), ("state", "!=", "cancel")],
        groups=PRICE_GROUPS,
        help="Labour and parts of the job on all estimates of the visit.",
    )
    can_be_issued = fields.Boolean(
        compute="_compute_can_be_issued",
        help="Approved parts of the job are not issued yet.",
    )
    hours_book = fields.Float(
        compute="_compute_hours",
        store=True,
        compute_sudo=True,
        help="Hours by the labour times.",
    )
    hours_judged = fields.Float(
        compute="_compute_hours",
        store=True,
        compute_sudo=True,
        help="Hours that the advisor put on the estimates.",
    )
    hours_authorised = fields.Float(
        readonly=True,
        copy=False,
        help="Hours that the customer approved; frozen at the approval.",
    )
    hours_billed = fields.Float(
        compute="_compute_hours_billed",
        store=True,
        compute_sudo=True,
        help="Hours on posted invoices, refunds taken off.",
    )
    amount_untaxed = fields.Monetary(
        compute="_compute_amount_untaxed",
        compute_sudo=True,
        groups=PRICE_GROUPS,
        help="Price of the job without taxes, on all estimates of the visit.",
    )

    @api.depends("line_ids.qty_delivered", "line_ids.product_uom_qty", "line_ids.state")
    def _compute_can_be_issued(self):
        for job in self.sudo():
            job.can_be_issued = bool(job._get_lines_to_issue())

    @api.depends(
        "line_ids.book_hours",
        "line_ids.product_uom_qty",
        "line_ids.product_uom_id",
        "line_ids.kind",
        "line_ids.state",
    )
    def _compute_hours(self):
        for job in self:
            labour = job.line_ids.filtered(
                lambda line: line.kind == "labour" and line.state != "cancel"
            )
            job.hours_book = sum(labour.mapped("book_hours"))
            job.hours_judged = sum(line._get_hours() for line in labour)

    @api.depends("line_ids.qty_invoiced_posted", "line_ids.kind")
    def _compute_hours_billed(self):
        for job in self:
            labour = job.line_ids.filtered(lambda line: line.kind == "labour")
            job.hours_billed = sum(
                line._get_hours(line.qty_invoiced_posted) for line in labour
            )

    @api.depends("line_ids.price_subtotal")
    def _compute_amount_untaxed(self):
        for job in self:
            job.amount_untaxed = sum(
                line._to_company_currency(line.price_subtotal) for line in job.line_ids
            )

    def _ensure_sections(self):
        """Give every job its section on an estimate that is being written."""
        for order, jobs in self.grouped("order_id").items():
            if order.state != "open":
                continue
            missing = jobs.filtered(lambda job: not job._get_sections())
            if missing:
                order.sudo()._get_or_create_estimate()._add_job_sections(missing)

    def _get_sections(self):
        """Section lines of the jobs on estimates that are not cancelled (sudo)."""
        return (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("job_id", "in", self.ids),
                    ("display_type", "=", "line_section"),
                    ("state", "!=", "cancel"),
                ]
            )
        )

    def _rename_sections(self):
        for job in self:
            # The text of a locked order stays as it was.
            job._get_sections().filtered(
                lambda line, job=job: line.name != job.name and not line.order_id.locked
            ).with_context(auto_service_no_sync=True).write({"name": job.name})

    def _add_snapshot_lines(self, snapshot):
        """Create estimate lines from ``sale.order._get_job_snapshot``.

        :param list snapshot: dicts with product_id, quantity, name, operation_id
        :return: sale.order.line records; lines whose product is gone are left out
        """
        self.ensure_one()
        estimate = self.order_id._get_or_create_estimate()
        products = self.env["product.product"].browse(
            [row["product_id"] for row in snapshot if row.get("product_id")]
        )
        alive = set(products.exists().filtered("active").ids)
        lines = self.env["sale.order.line"]
        if self.package_id.pricing == "fixed":
            # The price is for everything, so nothing else is added to the bill.
            lines = lines.with_context(auto_service_no_required=True)
        return lines.create(
            [
                self._prepare_snapshot_line_values(estimate, row)
                for row in snapshot
                if row.get("product_id") in alive
            ]
        )

    def _prepare_snapshot_line_values(self, estimate, row):
        """Values of the estimate line for one row of a snapshot.

        Hours that followed the book follow the book of today: what made them less
        then may not be on this visit. Within a fixed price every line keeps its share.
        """
        values = {
            "order_id": estimate.id,
            "job_id": self.id,
            "product_id": row["product_id"],
            "name": row["name"],
            "operation_id": row.get("operation_id") or False,
            "book_hours": row.get("book_hours") or 0.0,
        }
        if not self._is_row_by_the_book(row):
            values["product_uom_qty"] = row["quantity"]
        if self.package_id.pricing == "fixed":
            values.update(
                price_unit=row.get("price_unit") or 0.0,
                discount=row.get("discount") or 0.0,
                technical_price_unit=0.0,  # a price by hand: it stays
            )
        return values

    @api.model
    def _is_row_by_the_book(self, row):
        """Whether a row of a snapshot charges the hours that the book said then."""
        if not row.get("operation_id"):
            return False
        line = self.env["sale.order.line"].new({"product_id": row["product_id"]})
        hours = line._get_hours(row["quantity"])
        return line._is_sold_by_time() and not float_compare(
            hours, row.get("book_hours") or 0.0, precision_digits=2
        )

    def action_decline(self):
        """The customer does not want the job: it becomes a recommendation."""
        self._put_aside("declined")

    def action_defer(self):
        """The job is put off to a later visit: it becomes a recommendation."""
        self._put_aside("deferred")

    def _put_aside(self, authorisation):
        """Take the jobs off the estimates being written and recommend them.

        :param str authorisation: ``declined`` or ``deferred``
        """
        self._ensure_advisor()
        for job in self:
            if job.authorisation == "approved" or job.clocking_ids:
                raise UserError(
                    self.env._(
                        "“%(job)s” is approved or already worked on. Cancel it on the "
                        "order instead.",
                        job=job.name,
                    )
                )
            orders = (job.line_ids | job._get_sections()).order_id.filtered(
                lambda order: order.state in ("draft", "sent")
            )
            orders._set_job_declined(job, authorisation)
            orders._recommend_declined_jobs(job)

    def _set_authorised(self):
        """Record the approval; called when an estimate with the job is confirmed."""
        now = fields.Datetime.now()
        hours = self._get_approved_hours()
        for job in self:
            job.write(
                {
                    "authorisation": "approved",
                    "authorised_at": job.authorised_at or now,
                    "hours_authorised": hours.get(job.id, 0.0),
                }
            )

    def _get_approved_hours(self):
        """Hours of labour in the valid approvals of the visits.

        :return: dict of job id to hours
        """
        hours = {}
        approvals = self.order_id.authorisation_ids
        for approval in approvals.filtered(lambda rec: rec.state == "valid"):
            for row in approval.snapshot or []:
                if row.get("kind") == "labour":
                    job_id = row.get("job_id")
                    hours[job_id] = hours.get(job_id, 0.0) + (row.get("hours") or 0.0)
        return hours

    def _forget_approval(self):
        """After an order was cancelled: what is on no other offer is asked anew."""
        for job in self.filtered(lambda job: job.state not in ("done", "cancelled")):
            states = set(job.line_ids.mapped("state"))
            if job.authorisation == "pending" and not states & {"sent", "sale"}:
                job.authorisation = "draft"
            elif job.authorisation == "approved" and "sale" not in states:
                job.write(
                    {
                        "authorisation": "pending" if "sent" in states else "draft",
                        "authorised_at": False,
                        "hours_authorised": 0.0,
                    }
                )

    def _is_unanswered(self):
        """Whether nobody approved the job and nobody worked on it."""
        self.ensure_one()
        return (
            self.state == "todo"
            and self.authorisation in ("draft", "pending")
            and "sale" not in self.line_ids.mapped("state")
        )

    def _get_labour_to_deliver(self):
        """Approved lines that are billed when the job is done."""
        return self.line_ids.filtered(
            lambda line: line.state == "sale"
            and line.kind != "part"
            and line.qty_delivered_method == "manual"
        )

    def _deliver_labour(self):
        for line in self._get_labour_to_deliver():
            line.qty_delivered = line.product_uom_qty

    def _undeliver_labour(self):
        for line in self._get_labour_to_deliver():
            line.qty_delivered = line.qty_invoiced

    def _get_lines_to_issue(self):
        """Approved parts that are not yet issued in full."""
        return self.line_ids.filtered(lambda line: line._can_be_issued())

    def action_issue_parts(self):
        """Issue the approved parts of the jobs; from then on they can be billed."""
        self._issue_parts()

    def _issue_parts(self):
        self._get_lines_to_issue()._issue()

    def _issue_parts_when_done(self):
        """Issue the parts of a job that is finished, where the company wants it so.

        Extend where something may stand against it: nobody waits for the answer.
        """
        self._issue_parts()
