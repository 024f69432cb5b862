from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

PRICE_GROUPS = "auto_service_base.group_advisor,auto_service_base.group_parts"


class AutoServiceJob(models.Model):
    """The unit that a customer authorises: complaint, cause, correction.

    A job owns no prices. On every estimate of the visit it is a section; the lines
    under the section are its labour and parts.
    """

    _name = "auto.service.job"
    _description = "Job of a Work Order"
    _inherit = ["mail.thread"]
    _order = "order_id desc, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        required=True,
        index=True,
        ondelete="cascade",
        help="Visit that the job belongs to.",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, help="Company."
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, index=True, help="Vehicle."
    )
    license_plate = fields.Char(
        related="order_id.license_plate", help="Plate of the vehicle."
    )
    vehicle_name = fields.Char(
        related="order_id.vehicle_name", help="Make and model of the vehicle."
    )
    stage_id = fields.Many2one(
        related="order_id.stage_id", store=True, help="Where the vehicle stands."
    )
    promised_at = fields.Datetime(
        related="order_id.promised_at",
        store=True,
        help="When the customer was promised the vehicle.",
    )
    sequence = fields.Integer(default=10, help="Place of the job on the work order.")
    name = fields.Char(
        string="Job", required=True, tracking=True, help="Short title of the job."
    )
    complaint = fields.Text(help="What the customer says, in his own words.")
    cause = fields.Text(help="What the technician found.")
    correction = fields.Text(help="What was done about it.")
    technician_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', 'in', [False, company_id])]",
        help="Who is to do the job. Empty: the first technician who starts it.",
    )
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("in_progress", "In progress"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="todo",
        required=True,
        index=True,
        tracking=True,
        copy=False,
        help="How far the work on the vehicle is.",
    )
    authorisation = fields.Selection(
        [
            ("draft", "Not offered"),
            ("pending", "Waiting for the customer"),
            ("approved", "Approved"),
            ("declined", "Declined"),
            ("deferred", "Put off"),
        ],
        default="draft",
        required=True,
        index=True,
        tracking=True,
        copy=False,
        help="What the customer said to the job.",
    )
    authorised_at = fields.Datetime(
        readonly=True, copy=False, help="When the customer approved the job."
    )
    done_at = fields.Datetime(readonly=True, copy=False, help="When it was finished.")
    line_ids = fields.One2many(
        "sale.order.line",
        "job_id",
        domain=[("display_type", "=", False), ("state", "!=", "cancel")],
        groups=PRICE_GROUPS,
        help="Labour and parts of the job on all estimates of the visit.",
    )
    floor_line_ids = fields.One2many(
        "auto.service.floor.line",
        "job_id",
        readonly=True,
        help="Labour and parts of the job, without prices.",
    )
    clocking_ids = fields.One2many(
        "auto.service.clocking", "job_id", help="Who worked on the job, and when."
    )
    running_clocking_ids = fields.One2many(
        "auto.service.clocking",
        "job_id",
        domain=[("stop", "=", False)],
        help="Clocks that run now.",
    )
    is_running = fields.Boolean(
        compute="_compute_is_running", help="Somebody is working on the job now."
    )
    is_mine_running = fields.Boolean(
        compute="_compute_is_running", help="Your own clock runs on the job."
    )
    running_names = fields.Char(
        compute="_compute_is_running", help="Who is working on the job now."
    )
    is_planner = fields.Boolean(
        compute="_compute_is_planner",
        help="You may plan the job: advisors and managers do.",
    )
    can_be_started = fields.Boolean(
        compute="_compute_can_be", help="The job may be worked on now."
    )
    can_be_finished = fields.Boolean(
        compute="_compute_can_be", help="The job may be finished now."
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
    hours_clocked = fields.Float(
        compute="_compute_hours_clocked",
        store=True,
        help="Hours that technicians clocked; a running clock is not in it yet.",
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
    currency_id = fields.Many2one(
        related="order_id.currency_id", help="Currency of the company."
    )

    @api.depends("running_clocking_ids.technician_id")
    @api.depends_context("uid")
    def _compute_is_running(self):
        me = self.env.user.employee_ids
        for job in self:
            technicians = job.running_clocking_ids.technician_id
            job.is_running = bool(technicians)
            job.is_mine_running = bool(technicians & me)
            job.running_names = ", ".join(technicians.mapped("name"))

    @api.depends_context("uid")
    def _compute_is_planner(self):
        self.is_planner = self.env.user.has_group("auto_service_base.group_advisor")

    @api.depends(
        "state",
        "authorisation",
        "order_id.state",
        "company_id.auto_service_require_authorisation",
    )
    def _compute_can_be(self):
        for job in self:
            is_open = job.order_id.state == "open"
            job.can_be_started = (
                is_open
                and job.state in ("todo", "in_progress", "paused")
                and job._is_authorised_to_start()
            )
            job.can_be_finished = is_open and job.state in ("in_progress", "paused")

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

    @api.depends("clocking_ids.hours")
    def _compute_hours_clocked(self):
        for job in self:
            job.hours_clocked = sum(job.clocking_ids.mapped("hours"))

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_floor_write({name for name, value in vals.items() if value})
        jobs = super().create(vals_list)
        if not self.env.context.get("auto_service_no_sync"):
            jobs._ensure_sections()
        return jobs

    def write(self, vals):
        self._check_floor_write(vals)
        res = super().write(vals)
        if "name" in vals and not self.env.context.get("auto_service_no_sync"):
            self._rename_sections()
        if "state" in vals:
            self._update_recommendations()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        """Only a job that nobody offered, worked on or billed may go."""
        kept = self.filtered(lambda job: not job._can_be_deleted())
        if kept:
            raise UserError(
                self.env._(
                    "%(jobs)s already left the desk. Cancel the job, or let the "
                    "customer decline it: nothing is deleted.",
                    jobs=", ".join(kept.mapped("name")),
                )
            )

    def unlink(self):
        lines = self.sudo().env["sale.order.line"].search([("job_id", "in", self.ids)])
        deletable = self.filtered(lambda job: job._can_be_deleted())
        lines.filtered(lambda line: line.job_id in deletable).with_context(
            auto_service_no_sync=True
        ).unlink()
        return super().unlink()

    def _delete_if_empty(self):
        """Forget jobs whose section was taken off before anybody wrote on them."""
        self.exists().filtered(
            lambda job: job._can_be_deleted()
            and not job.complaint
            and not job.line_ids
            and not job._get_sections()
        ).unlink()

    def _can_be_deleted(self):
        """Whether the job never left the desk: not offered, not worked on."""
        self.ensure_one()
        job = self.sudo()
        return (
            job.authorisation == "draft"
            and job.state == "todo"
            and not job.clocking_ids
            and not job._is_recommended()
            and not job._is_offered()
        )

    def _is_recommended(self):
        """Whether a recommendation came from the job, or was taken up by it."""
        self.ensure_one()
        domain = Domain("origin_job_id", "=", self.id)
        domain |= Domain("revived_job_id", "=", self.id)
        return bool(self.env["auto.service.recommendation"].search_count(domain, limit=1))

    def _is_offered(self):
        """Whether the job is on an estimate that a customer has seen, once."""
        self.ensure_one()
        orders = self.env["sale.order.line"].search([("job_id", "=", self.id)]).order_id
        return any(not order._is_unseen() for order in orders)

    @api.model
    def _get_floor_fields(self):
        """Fields of a job that a technician may write; extend in your addon."""
        return {"cause", "correction"}

    @api.model
    def _get_protected_fields(self):
        """Fields that only approvals and buttons write, never somebody by hand."""
        return {"authorisation", "authorised_at", "hours_authorised", "state", "done_at"}

    def _check_floor_write(self, vals):
        """A technician writes his findings, the advisor the rest.

        :param vals: names of the fields, or a dict of them
        """
        if self.env.su:
            return
        if self.env.user.has_group("auto_service_base.group_advisor"):
            refused = set(vals) & self._get_protected_fields()
            if refused:
                raise UserError(
                    self.env._(
                        "%(fields)s of a job is set by its buttons and by the approval "
                        "of the estimate, not typed in.",
                        fields=self._get_labels(refused),
                    )
                )
            return
        refused = set(vals) - self._get_floor_fields()
        if refused:
            raise AccessError(
                self.env._(
                    "Technicians write cause and correction of a job; ask the advisor "
                    "to change %(fields)s.",
                    fields=self._get_labels(refused),
                )
            )

    def _get_labels(self, names):
        """Labels of fields for a message."""
        return ", ".join(self._fields[name].string for name in sorted(names))

    def _update_recommendations(self):
        """Recommendations that the jobs took up follow how the work goes."""
        states = {"done": "done", "cancelled": "open"}
        # Technicians finish jobs; recommendations follow by the rule.
        recommendations_sudo = (
            self.env["auto.service.recommendation"]
            .sudo()
            .search([("revived_job_id", "in", self.ids), ("state", "!=", "dropped")])
        )
        for recommendation in recommendations_sudo:
            state = states.get(recommendation.revived_job_id.state, "scheduled")
            if recommendation.state != state:
                recommendation.state = state

    # Estimate -----------------------------------------------------------------

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
        return self.env["sale.order.line"].create(
            [
                self._prepare_snapshot_line_values(estimate, row)
                for row in snapshot
                if row.get("product_id") in alive
            ]
        )

    def _prepare_snapshot_line_values(self, estimate, row):
        """Values of the estimate line for one row of a snapshot."""
        return {
            "order_id": estimate.id,
            "job_id": self.id,
            "product_id": row["product_id"],
            "product_uom_qty": row["quantity"],
            "name": row["name"],
            "operation_id": row.get("operation_id") or False,
            "book_hours": row.get("book_hours") or 0.0,
        }

    # Authorisation ------------------------------------------------------------

    def _is_authorised_to_start(self):
        """Whether work may start; a setting of the company asks for the approval."""
        self.ensure_one()
        if self.authorisation in ("declined", "deferred"):
            return False
        return (
            self.authorisation == "approved"
            or not self.company_id.sudo().auto_service_require_authorisation
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

    # Clocking -----------------------------------------------------------------

    def _get_current_technician(self):
        """Employee who taps: the user's own, or the technician of the job.

        :return: hr.employee record
        :raise UserError: when neither is known
        """
        self.ensure_one()
        # Technicians have no rights to employees, their own record is enough.
        user_sudo = self.env.user.sudo().with_company(self.company_id)
        technician = user_sudo.employee_id.sudo(False)
        if not technician and self.env.user.has_group(
            "auto_service_base.group_advisor"
        ):
            technician = self.technician_id
        if not technician:
            raise UserError(
                self.env._(
                    "%(user)s is not linked to an employee, so nobody's time could be "
                    "clocked on “%(job)s”. Ask a manager to link user and employee, or "
                    "choose a technician for the job.",
                    user=self.env.user.name,
                    job=self.name,
                )
            )
        return technician

    def _ensure_can_be_started(self):
        for job in self:
            if job.can_be_started:
                continue
            if not job._is_authorised_to_start():
                raise UserError(
                    self.env._(
                        "“%(job)s” is not approved by the customer yet. Ask the advisor.",
                        job=job.name,
                    )
                )
            raise UserError(
                self.env._(
                    "“%(job)s” is finished or its work order is closed; ask the advisor "
                    "to reopen it.",
                    job=job.name,
                )
            )

    def action_start(self):
        """Start the clock of the current technician; a clock elsewhere is stopped.

        Guarded by the unique index of auto.service.clocking: of two taps at once, one
        is told to reload.
        """
        self.ensure_one()
        self.check_access("read")
        self._ensure_can_be_started()
        technician = self._get_current_technician()
        if technician in self.running_clocking_ids.technician_id:
            return
        self._stop_other_clocks(technician)
        job_sudo = self.sudo()  # technicians may not write state and clockings
        job_sudo.env["auto.service.clocking"].create(
            job_sudo._prepare_clocking_values(technician)
        )
        job_sudo.env["auto.service.clocking"].flush_model()
        job_sudo.write(
            {
                "state": "in_progress",
                "technician_id": (self.technician_id or technician).id,
            }
        )
        job_sudo.order_id._advance_to("in_repair")

    def _prepare_clocking_values(self, technician):
        """Values of the clocking that ``action_start`` opens."""
        self.ensure_one()
        return {"job_id": self.id, "technician_id": technician.id}

    def _stop_other_clocks(self, technician):
        """Stop the clock that runs elsewhere: one tap switches jobs."""
        running_sudo = (
            self.env["auto.service.clocking"]
            .sudo()
            .search([("technician_id", "=", technician.id), ("stop", "=", False)])
        )
        running_sudo._stop()
        running_sudo.job_id._pause_if_idle()

    def _pause_if_idle(self):
        """Jobs in progress on which no clock runs any more become paused."""
        self.invalidate_recordset(["running_clocking_ids"])
        self.filtered(
            lambda job: job.state == "in_progress" and not job.running_clocking_ids
        ).write({"state": "paused"})

    def action_pause(self):
        """Stop the clock of the current technician; the job waits."""
        self.ensure_one()
        self.check_access("read")
        technician = self._get_current_technician()
        job_sudo = self.sudo()  # technicians may not write state and clockings
        job_sudo.running_clocking_ids.filtered(
            lambda clocking: clocking.technician_id == technician
        )._stop()
        job_sudo._pause_if_idle()

    def action_finish(self):
        """Stop every clock on the job and bill its labour: the job is done."""
        for job in self:
            job.check_access("read")
            if not job.can_be_finished:
                raise UserError(
                    self.env._(
                        "“%(job)s” was not started, or is finished already.",
                        job=job.name,
                    )
                )
        self.sudo()._finish()  # technicians may not write state, lines and stage

    def _finish(self):
        """Finish the jobs: clocks, state, delivered labour, stage of the order."""
        self.running_clocking_ids._stop()
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        self._deliver_labour()
        for job in self.filtered("company_id.auto_service_issue_parts_on_done"):
            job._issue_parts()
        for order in self.order_id:
            if order._are_jobs_done():
                order._advance_to("quality_control")

    def action_reopen(self):
        """Take a finished or cancelled job up again; what is invoiced stays so."""
        for job in self.filtered(lambda job: job.state in ("done", "cancelled")):
            job.check_access("write")
            job.order_id._ensure_open()
            job.sudo()._reopen()  # nobody writes the state by hand

    def _reopen(self):
        """Take the job up again: its labour is to be done, its offer to be asked."""
        self.ensure_one()
        self._undeliver_labour()
        self.order_id._return_to_repair()
        values = {"state": "paused" if self.clocking_ids else "todo", "done_at": False}
        if self.authorisation in ("declined", "deferred"):
            values["authorisation"] = "draft"
        self.write(values)
        self._ensure_sections()

    def action_cancel(self):
        """Cancel jobs that will not be done; approved lines stay to be settled."""
        for job in self:
            if job.is_running:
                raise UserError(
                    self.env._(
                        "%(names)s works on “%(job)s” now; stop the clock first.",
                        names=job.running_names,
                        job=job.name,
                    )
                )
        self.check_access("write")
        self.sudo().write({"state": "cancelled"})  # nobody writes the state by hand

    # Billing ------------------------------------------------------------------

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
        """Approved parts that are issued by hand and not yet issued in full."""
        return self.line_ids.filtered(
            lambda line: line.state == "sale"
            and line.kind == "part"
            and line.qty_delivered_method == "manual"
            and line.product_uom_id.compare(line.qty_delivered, line.product_uom_qty)
            < 0
        )

    def action_issue_parts(self):
        """Issue the approved parts of the jobs; from then on they can be billed."""
        self._issue_parts()

    def _issue_parts(self):
        for line in self._get_lines_to_issue():
            line.qty_delivered = line.product_uom_qty
