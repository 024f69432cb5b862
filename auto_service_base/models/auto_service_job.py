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
    floor_line_ids = fields.One2many(
        "auto.service.floor.line",
        "job_id",
        readonly=True,
        help="Labour and parts of the job, without prices.",
    )
    clocking_ids = fields.One2many(
        "auto.service.clocking", "job_id", help="Who worked on the job, and when."
    )
    is_planner = fields.Boolean(
        compute="_compute_is_planner",
        help="You may plan the job: advisors and managers do.",
    )
    currency_id = fields.Many2one(
        related="order_id.currency_id", help="Currency of the company."
    )

    @api.depends_context("uid")
    def _compute_is_planner(self):
        self.is_planner = self.env.user.has_group("auto_service_base.group_advisor")

    @api.constrains("order_id")
    def _check_visit_of_lines(self):
        self.env["sale.order.line"].sudo().search(
            [("job_id", "in", self.ids)]
        )._check_job_of_visit()

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
        return bool(
            self.env["auto.service.recommendation"].search_count(domain, limit=1)
        )

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
        return {
            "authorisation",
            "authorised_at",
            "hours_authorised",
            "state",
            "done_at",
        }

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

    def _ensure_advisor(self):
        """Technicians may write on a job, but whether it is done is not theirs."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_advisor"
        ):
            raise AccessError(
                self.env._(
                    "Only an advisor does that with %(jobs)s. Ask your advisor.",
                    jobs=", ".join(self.mapped("name")),
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
