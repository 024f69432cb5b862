from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Lines of the n-th estimate of a visit are numbered from n * SEQUENCE_STEP, so that a
# list over several estimates keeps them apart.
SEQUENCE_STEP = 1000


class SaleOrder(models.Model):
    _inherit = "sale.order"

    work_order_id = fields.Many2one(
        "auto.service.order",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Visit of a vehicle that this estimate belongs to.",
    )
    vehicle_id = fields.Many2one(
        related="work_order_id.vehicle_id",
        store=True,
        index="btree_not_null",
        help="Vehicle of the visit.",
    )
    license_plate = fields.Char(
        related="work_order_id.license_plate", help="Plate of the vehicle."
    )
    pay_type = fields.Selection(
        [
            ("customer", "Customer"),
            ("insurance", "Insurance"),
            ("warranty", "Warranty"),
            ("internal", "Internal"),
            ("fleet", "Fleet contract"),
        ],
        default="customer",
        required=True,
        help="Who pays this estimate of the visit.",
    )
    authorisation_ids = fields.One2many(
        "auto.service.authorisation",
        "sale_order_id",
        help="Approvals of this estimate, void ones included.",
    )

    offered_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the estimate first left the desk: sent, or approved.",
    )

    def write(self, vals):
        self._check_visit_write(vals)
        res = super().write(vals)
        if "state" in vals:
            self.filtered("work_order_id").sudo()._follow_state(vals["state"])
        return res

    def _check_visit_write(self, vals):
        """An estimate stays with its visit, and what was offered stays offered."""
        moved = "work_order_id" in vals and any(
            order.work_order_id and order.work_order_id.id != vals["work_order_id"]
            for order in self
        )
        if moved or ("offered_at" in vals and not self.env.su):
            raise UserError(
                self.env._(
                    "%(estimates)s stays with its visit and its history. Cancel it, "
                    "and write another one.",
                    estimates=", ".join(self.mapped("name")),
                )
            )

    def _follow_state(self, state):
        """Keep the visits true after their estimates changed their state.

        :param str state: new state of the estimates
        """
        if not self:
            return
        if state in ("sent", "sale"):
            unseen = self.filtered(lambda order: not order.offered_at)
            unseen.offered_at = fields.Datetime.now()
        # The lines of a visit and of a job are told apart by the state.
        self.work_order_id.invalidate_recordset(["line_ids", "authorised_line_ids"])
        self.order_line.job_id.invalidate_recordset(["line_ids"])
        if state == "sent":
            self._get_open_jobs("draft").write({"authorisation": "pending"})

    def _is_unseen(self):
        """Whether the estimate never left the desk: not sent, not approved."""
        self.ensure_one()
        return (
            self.state == "draft" and not self.offered_at and not self.authorisation_ids
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        kept = self.filtered(
            lambda order: order.work_order_id and not order.sudo()._is_unseen()
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s was offered to a customer of the garage. It stays in "
                    "the history of the vehicle; cancel it instead.",
                    orders=", ".join(kept.mapped("name")),
                )
            )

    def _change_payer(self, payer):
        """Address an estimate that nobody has seen yet to somebody else.

        :param payer: res.partner record
        """
        self.ensure_one()
        position = self.fiscal_position_id
        self.partner_id = payer
        lines = self._get_lines_of_offer()
        if self.fiscal_position_id != position:
            lines._compute_tax_ids()
        lines._compute_price_unit()

    def _get_open_jobs(self, *authorisations):
        """Jobs on the estimates whose authorisation is one of ``authorisations``."""
        return self.order_line.job_id.filtered(
            lambda job: job.authorisation in authorisations
        )

    # Sections = jobs ----------------------------------------------------------

    def _add_job_sections(self, jobs):
        """Append a section for every job.

        :param jobs: auto.service.job records of the same visit
        :return: sale.order.line records
        """
        self.ensure_one()
        last = self._get_last_sequence()
        return (
            self.env["sale.order.line"]
            .with_context(auto_service_no_sync=True)
            .create(
                [
                    self._prepare_job_section_values(job, last + 1 + index)
                    for index, job in enumerate(jobs)
                ]
            )
        )

    def _prepare_job_section_values(self, job, sequence):
        """Values of the section that stands for ``job`` on this estimate."""
        self.ensure_one()
        return {
            "order_id": self.id,
            "display_type": "line_section",
            "name": job.name,
            "job_id": job.id,
            "sequence": sequence,
        }

    def _get_base_sequence(self):
        """First sequence number of this estimate among those of the visit."""
        self.ensure_one()
        earlier = self.work_order_id.sudo().sale_order_ids.filtered(
            lambda sale: sale.id < self.id
        )
        return len(earlier) * SEQUENCE_STEP

    def _get_last_sequence(self):
        """Highest sequence number that is taken on this estimate."""
        self.ensure_one()
        return max(
            self.order_line.mapped("sequence"), default=self._get_base_sequence()
        )

    def _sync_jobs(self, placed=None):
        """Make jobs and sections tell the same story.

        A section without a job becomes a job; a line belongs to the job of the
        section above it. ``placed`` lines were given a job and are moved below its
        section instead.

        :param placed: sale.order.line records that name their job
        """
        # Salespeople and parts people write estimates; jobs follow by the rule.
        orders_sudo = self.sudo().filtered("work_order_id")
        for order in orders_sudo.with_context(auto_service_no_sync=True):
            order._place_lines(
                placed.sudo().filtered(lambda line, order=order: line.order_id == order)
            )
            order._create_jobs_of_sections()
            order._assign_jobs_by_position()

    def _get_job_lines(self):
        """Lines in their order, without those of down payments."""
        self.ensure_one()
        return self.order_line.filtered(lambda line: not line.is_downpayment).sorted(
            lambda line: (line.sequence, line.id)
        )

    def _place_lines(self, placed):
        """Move ``placed`` lines to the end of the section of their job."""
        if not placed:
            return
        sections = self.order_line.filtered(
            lambda line: line.display_type == "line_section"
        )
        self._add_job_sections(placed.job_id - sections.job_id)
        self.invalidate_recordset(["order_line"])
        waiting = dict(placed.grouped("job_id"))
        rest = self._get_job_lines() - placed
        ordered = []
        job = self.env["auto.service.job"]
        for line, following in zip(rest, [*rest[1:], None], strict=True):
            job = line.job_id if line.display_type == "line_section" else job
            ordered.append(line)
            if following is None or following.display_type == "line_section":
                ordered += waiting.pop(job, [])
        self._number_lines(ordered)

    def _number_lines(self, lines):
        base = self._get_base_sequence()
        for index, line in enumerate(lines, start=1):
            if line.sequence != base + index:
                line.sequence = base + index

    def _create_jobs_of_sections(self):
        """Every section is a job; lines above the first section get one."""
        lines = self._get_job_lines()
        if lines and lines[0].display_type != "line_section":
            self.env["sale.order.line"].create(
                self._prepare_first_section_values(lines[0])
            )
            self.invalidate_recordset(["order_line"])
            self._number_lines(self._get_job_lines())
        for section in self._get_job_lines().filtered(
            lambda line: line.display_type == "line_section" and not line.job_id
        ):
            section.job_id = self.env["auto.service.job"].create(
                self._prepare_section_job_values(section)
            )

    def _prepare_first_section_values(self, line):
        """Values of the section above ``line``, the first line of the estimate."""
        complaint = (self.work_order_id.complaint or "").strip().splitlines()
        return {
            "order_id": self.id,
            "display_type": "line_section",
            "name": complaint[0] if complaint else self.env._("Repair"),
            "sequence": line.sequence - 1,
        }

    def _prepare_section_job_values(self, section):
        """Values of the job that a new ``section`` stands for."""
        return {
            "order_id": self.work_order_id.id,
            "name": section.name,
            "sequence": section.sequence,
            "authorisation": "pending" if self.state == "sent" else "draft",
        }

    def _assign_jobs_by_position(self):
        job = self.env["auto.service.job"]
        for line in self._get_job_lines():
            if line.display_type == "line_section":
                job = line.job_id
                if job.name != line.name:
                    job.name = line.name
                    job._rename_sections()
            elif line.job_id != job:
                line.job_id = job

    # Authorisation ------------------------------------------------------------

    def action_confirm(self):
        # Salespeople without a role in the garage and customers confirm as well.
        orders_sudo = self.filtered("work_order_id").sudo()
        orders_sudo.work_order_id._lock()
        orders_sudo._drop_declined_jobs()
        return super().action_confirm()

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message or not self.work_order_id:
            return message
        if self.sudo().work_order_id.state != "open":
            return self.env._(
                "%(order)s is closed or cancelled, so nothing more can be approved "
                "for it. Please call the garage.",
                order=self.sudo().work_order_id.name,
            )
        if not self._get_lines_of_offer():
            return self.env._(
                "%(estimate)s has no labour or parts left to approve.",
                estimate=self.name,
            )
        return False

    def _action_confirm(self):
        res = super()._action_confirm()
        for order in self.filtered("work_order_id").sudo():
            order._authorise_jobs()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        orders_sudo = self.filtered("work_order_id").sudo()
        orders_sudo.authorisation_ids._void(self.env._("the order was cancelled"))
        orders_sudo.order_line.job_id._forget_approval()
        return res

    def _get_lines_of_offer(self):
        """Lines that a customer approves: labour, parts, fees, sublet work."""
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )

    def _authorise_jobs(self):
        """Freeze what was approved; called when the estimate is confirmed."""
        self.ensure_one()
        # The portal's public user confirms as well.
        authorisation_sudo = (
            self.env["auto.service.authorisation"]
            .sudo()
            .create(self._prepare_authorisation_values())
        )
        self._get_lines_of_offer().job_id.sudo()._set_authorised()
        # While the customer signs, the host prints the document that is kept.
        if not self.env.context.get("auto_service_document_optional"):
            authorisation_sudo._attach_document_soon()

    def _prepare_authorisation_values(self):
        """Values of the approval; who recorded it comes through the context."""
        self.ensure_one()
        recorded = self.env.context.get("auto_service_approval") or {}
        recorded = {
            name: recorded[name]
            for name in ("method", "signed_by", "note")
            if recorded.get(name)
        }
        by_signature = self.signature and not recorded
        method = "portal_signature" if by_signature else "in_person"
        return {
            "sale_order_id": self.id,
            "method": method,
            "signed_by": self.signed_by or self.partner_id.name,
            "taken_by_id": False if by_signature else self.env.uid,
            "amount_total": self.amount_total,
            "snapshot": self._get_offer_snapshot(),
            **recorded,
        }

    def _get_offer_snapshot(self):
        """The offer as plain data: what a customer says yes to.

        :return: list of dicts, one a line, in the order of the estimate
        """
        self.ensure_one()
        return [
            line._get_snapshot()
            for line in self._get_lines_of_offer().sorted(
                lambda line: (line.sequence, line.id)
            )
        ]

    def _check_authorisation(self):
        """Void approvals whose estimate no longer says what was approved.

        Called after every change of a confirmed estimate's lines.
        """
        # Salespeople change estimates as well; they have no rights to approvals.
        for order in self.sudo().filtered(
            lambda sale: sale.work_order_id and sale.state == "sale"
        ):
            valid_sudo = order.authorisation_ids.filtered(
                lambda rec: rec.state == "valid"
            )
            if not valid_sudo:
                continue
            changed = order._get_changed_jobs(valid_sudo.snapshot or [])
            if changed is None:
                continue
            valid_sudo._void(
                self.env._(
                    "%(user)s changed the estimate after the approval",
                    user=self.env.user.name,
                )
            )
            changed.sudo().filtered(lambda job: job.authorisation == "approved").write(
                {"authorisation": "pending"}
            )

    def _get_changed_jobs(self, snapshot):
        """Jobs whose lines differ from ``snapshot``.

        :param list snapshot: from ``_get_offer_snapshot``
        :return: auto.service.job records, ``None`` when nothing differs
        """
        self.ensure_one()
        now = self._get_offer_snapshot()
        terms = self.env["sale.order.line"]._get_terms_of_snapshot
        before_terms = {terms(row) for row in snapshot}
        now_terms = {terms(row) for row in now}
        if before_terms == now_terms:
            return None
        differing = before_terms ^ now_terms
        job_ids = {
            row["job_id"]
            for row in [*snapshot, *now]
            if terms(row) in differing and row.get("job_id")
        }
        return self.env["auto.service.job"].browse(job_ids).exists()

    def action_reauthorise(self, **approval):
        """The customer approved the changed estimate: freeze it anew.

        :param approval: values of auto.service.authorisation (method, signed_by, note)
        """
        self.sudo().work_order_id._lock()
        for order in self.with_context(auto_service_approval=approval):
            if order.sudo().authorisation_ids.filtered(
                lambda rec: rec.state == "valid"
            ):
                continue
            order._authorise_jobs()

    # Declined jobs ------------------------------------------------------------

    def _decline_job(self, job):
        """The customer ticks a job off on the portal; he may still change his mind.

        :param job: auto.service.job record on this estimate
        """
        self._ensure_undecided(job)
        self._set_job_declined(job, "declined")

    def _accept_job(self, job):
        """The customer takes a job that he had declined back in.

        :param job: auto.service.job record on this estimate
        """
        self._ensure_undecided(job)
        for line in self._get_lines_of_job(job).filtered("declined_qty"):
            line.write({"product_uom_qty": line.declined_qty, "declined_qty": 0.0})
        job.sudo().write({"authorisation": "pending"})

    def _ensure_undecided(self, job):
        self.ensure_one()
        if self.state not in ("draft", "sent") or job not in self.order_line.job_id:
            raise UserError(
                self.env._(
                    "%(estimate)s is already decided. Please call the garage.",
                    estimate=self.name,
                )
            )

    def _get_lines_of_job(self, job):
        return self._get_lines_of_offer().filtered(lambda line: line.job_id == job)

    def _set_job_declined(self, job, authorisation):
        """Keep the lines of ``job`` on the estimate with nothing to pay."""
        for line in self._get_lines_of_job(job):
            if line.product_uom_qty:
                line.write(
                    {"declined_qty": line.product_uom_qty, "product_uom_qty": 0.0}
                )
        job.sudo().write({"authorisation": authorisation})

    def _drop_declined_jobs(self):
        """Before the confirmation: nothing unauthorised stays in the order."""
        for order in self:
            declined = order.order_line.job_id.filtered(
                lambda job: job.authorisation in ("declined", "deferred")
            )
            order._recommend_declined_jobs(declined)

    def _recommend_declined_jobs(self, jobs):
        """Turn declined jobs into recommendations and take their lines off.

        :param jobs: auto.service.job records
        """
        for job in jobs:
            lines = self._get_lines_of_job(job)
            sections = self.order_line.filtered(
                lambda line, job=job: line.job_id == job
            )
            self._recommend_job(job, lines)
            job.sudo().write({"state": "cancelled"})
            sections.sudo().with_context(auto_service_no_sync=True).unlink()

    def _recommend_job(self, job, lines):
        """Keep the offer of ``job`` for a later visit.

        A job that took up a recommendation gives its new offer back to it.

        :param job: auto.service.job record
        :param lines: sale.order.line records of the offer
        """
        # Advisors and customers decline; recommendations are written by the rule.
        recommendations_sudo = self.env["auto.service.recommendation"].sudo()
        values = self._prepare_recommendation_values(job, lines)
        former = recommendations_sudo.search(
            [("revived_job_id", "=", job.id), ("state", "!=", "dropped")]
        )
        if former:
            former.write({**values, "state": "open"})
        else:
            recommendations_sudo.create(values)

    def _prepare_recommendation_values(self, job, lines):
        """Values of the recommendation that keeps the declined ``job``."""
        order = job.order_id
        return {
            "name": job.name,
            "description": job.cause or job.complaint,
            "vehicle_id": order.vehicle_id.id,
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": (self[:1].currency_id or order.currency_id).id,
            "origin_job_id": job.id,
            "reason": job.authorisation
            if job.authorisation in ("declined", "deferred")
            else "not_answered",
            "hours": sum(
                line._get_hours(line._get_offered_qty())
                for line in lines
                if line.kind == "labour"
            ),
            "amount_total": sum(line._get_offered_total() for line in lines),
            "snapshot": [line._get_snapshot() for line in lines],
        }

    # Invoices -----------------------------------------------------------------

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["work_order_id"] = self.work_order_id.id
        return values

    def _get_invoice_grouping_keys(self):
        return [*super()._get_invoice_grouping_keys(), "work_order_id"]

    def action_open_work_order(self):
        """Open the visit of the estimate.

        :return: act_window action
        """
        self.ensure_one()
        return self.work_order_id._action_open()

    @api.model
    def _get_workshop_domain(self):
        """Domain of the orders that belong to a visit."""
        return Domain("work_order_id", "!=", False)
