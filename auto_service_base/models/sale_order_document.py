from odoo import api, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What the customer reads and decides: documents, mails and the portal."""

    _inherit = "sale.order"

    @api.depends("work_order_id")
    def _compute_type_name(self):
        res = super()._compute_type_name()
        for order in self:
            if order.work_order_id and order.state != "sale":
                order.type_name = self.env._("Estimate")
        return res

    # Mails --------------------------------------------------------------------

    def _find_mail_template(self):
        self.ensure_one()
        if (
            self.work_order_id
            and self.state != "sale"
            and not self.env.context.get("proforma")
        ):
            template = self.env.ref(
                "auto_service_base.mail_template_estimate", raise_if_not_found=False
            )
            if template:
                return template
        return super()._find_mail_template()

    def _get_jobs_to_mail(self):
        """Jobs of the offer with their amounts, for the mail to the customer.

        :return: list of dicts with name and amount_total, taxes included, in the
            currency of the estimate; declined jobs are left out
        """
        self.ensure_one()
        lines = self.sudo()._get_lines_of_offer()  # salespeople have no jobs
        return [
            {"name": job.name, "amount_total": sum(rows.mapped("price_total"))}
            for job, rows in lines.grouped("job_id").items()
            if rows.filtered(lambda line: not line._is_declined())
        ]

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """A mail that brings its own link gets no second button from the layout."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        body = (msg_vals or {}).get("body") or message.body or ""
        if len(self) == 1 and self.work_order_id and f"{self.access_url}?" in body:
            for name, _filter, options in groups:
                if name in ("portal_customer", "portal", "customer"):
                    options["has_button_access"] = False
        return groups

    def message_post(self, **kwargs):
        if self.env.context.get("auto_service_document_optional"):
            kwargs["attachments"] = [
                entry for entry in kwargs.get("attachments") or [] if entry[1]
            ]
        return super().message_post(**kwargs)

    # Documents ----------------------------------------------------------------

    def _get_report_base_filename(self):
        name = super()._get_report_base_filename()
        plate = self.sudo().license_plate  # salespeople have no work orders
        return f"{name} {plate}" if plate else name

    def _get_visit(self):
        """Visit of the order for its documents.

        Salespeople, accountants and customers read the documents of a visit without
        access to work orders.

        :return: auto.service.order record in sudo, empty for ordinary orders
        """
        self.ensure_one()
        return self.sudo().work_order_id

    def _get_completed_work(self):
        """What was done and issued on the estimate, with amounts.

        :return: dict with ``jobs``, a list of pairs (auto.service.job, list of dicts
            with line, quantity and subtotal without taxes), and ``tax_totals`` as the
            host's templates show them; amounts in the currency of the estimate
        """
        self.ensure_one()
        lines = self._get_lines_of_offer().filtered(
            lambda line: line.product_uom_id.compare(line.qty_delivered, 0.0) > 0
        )
        base_lines = [
            line._prepare_base_line_for_taxes_computation(quantity=line.qty_delivered)
            for line in lines
        ]
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        rows = {}
        for line, base_line in zip(lines, base_lines, strict=True):
            rows.setdefault(line.job_id, []).append(
                {
                    "line": line,
                    "quantity": line.qty_delivered,
                    "subtotal": base_line["tax_details"]["total_excluded_currency"],
                }
            )
        return {
            "jobs": list(rows.items()),
            "tax_totals": taxes._get_tax_totals_summary(
                base_lines=base_lines,
                currency=self.currency_id,
                company=self.company_id,
            ),
        }

    def _keep_signed_document(self):
        """Put the document that the host posted with the signature on the approval.

        Called after the customer has signed on the portal. Without a document the
        signature counts all the same, and the visit says what is missing.
        """
        self.ensure_one()
        message = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)],
            order="id desc",
            limit=1,
        )
        content = message.attachment_ids[:1].raw
        if content:
            self.authorisation_ids.filtered(
                lambda rec: rec.state == "valid" and not rec.attachment_id
            )._attach_document(content)
            return
        self.work_order_id.message_post(
            body=self.env._(
                "%(estimate)s is signed, but its document could not be printed: is the "
                "PDF engine installed? What was signed is kept with the approval.",
                estimate=self.name,
            )
        )

    # Portal -------------------------------------------------------------------

    def _can_decide_on_portal(self):
        """Whether the customer may still choose jobs of the estimate on the portal."""
        self.ensure_one()
        return bool(
            self._get_visit().state == "open"
            and not self.signature
            and (self._has_to_be_signed() or self._has_to_be_paid())
        )

    def _can_decide_job_on_portal(self, job):
        """Whether the customer may decline ``job``, or take it back in.

        What he approved on an earlier estimate, and what the advisor put off, is not
        his to choose here.

        :param job: auto.service.job record
        """
        self.ensure_one()
        return (
            self._can_decide_on_portal()
            and job.sudo() in self.sudo().order_line.job_id
            and job.sudo().authorisation in ("draft", "pending", "declined")
        )

    def _decide_job_on_portal(self, job, is_wanted, author):
        """The customer declines ``job`` or takes it back in; noted on the estimate.

        :param job: auto.service.job record
        :param bool is_wanted: whether the customer wants the job
        :param author: res.partner who decides
        """
        self.ensure_one()
        if not self._can_decide_job_on_portal(job):
            self._refuse_decision()
        if is_wanted:
            self._accept_job(job)
            body = self.env._("“%(job)s” is taken back in.", job=job.name)
        else:
            self._decline_job(job)
            body = self.env._("“%(job)s” is declined.", job=job.name)
        self.message_post(
            body=body,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )

    def _refuse_decision(self):
        raise UserError(
            self.env._(
                "%(estimate)s is already decided. Please call the garage.",
                estimate=self.name,
            )
        )

    def _is_everything_declined(self):
        """Whether no job is left that a signature could approve."""
        self.ensure_one()
        return not self._get_lines_of_offer().filtered(
            lambda line: not line._is_declined()
        )

    def _decline_offer(self):
        """The customer wants none of it: recommend the jobs for a later visit.

        Called before the host cancels the estimate, which keeps its lines as history.
        Jobs that were approved on another estimate stay as they are.
        """
        for order in self:
            jobs = order._get_open_jobs("draft", "pending", "declined")
            for job in jobs.sudo():
                job.authorisation = "declined"
                lines = order._get_lines_of_job(job)
                order._recommend_job(job, lines)
                if not job.clocking_ids:
                    job.state = "cancelled"
