from odoo import api, fields, models
from odoo.exceptions import UserError

from .auto_service_resource_kind import ROLES

ALLOCATION_STATES = [
    ("held", "Held"),
    ("planned", "Planned"),
    ("started", "In work"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
REPLAN_REASONS = [
    ("absent", "Technician absent"),
    ("broken", "Bay or equipment out of order"),
    ("unfinished", "Not finished in its time"),
    ("blocked", "Waits for something"),
]


class AutoServiceAllocation(models.Model):
    """One resource for one piece of time. No resource is given twice: the database
    refuses it (``_no_overlap``), whoever writes and however many at once.

    The rows of one ``block`` lie at the same time: the bay, the technician and the
    equipment of one piece of work. Writing ``start`` or ``stop`` of one of them moves
    all of them. Work over several days has several blocks.
    """

    _name = "auto.service.allocation"
    _description = "Time Kept on the Board"
    _order = "start, id"
    _check_company_auto = True

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('auto_service_role', '!=', False)]",
        help="Bay, technician, equipment or courtesy car.",
    )
    role = fields.Selection(
        ROLES,
        compute="_compute_role",
        store=True,
        precompute=True,
        help="What the resource was in the garage when it was planned.",
    )
    start = fields.Datetime(required=True, help="From this moment.")
    stop = fields.Datetime(
        required=True, help="Up to this moment; the next one may begin then."
    )
    hours = fields.Float(
        compute="_compute_hours", help="Length in hours.", aggregator="sum"
    )
    state = fields.Selection(
        ALLOCATION_STATES,
        required=True,
        default="planned",
        index=True,
        help="Held: offered to a customer who has not answered yet.",
    )
    block = fields.Integer(
        required=True,
        index=True,
        readonly=True,
        help="Number that the rows of one piece of work share; they move together.",
    )
    is_gap = fields.Boolean(
        help="A pause in which the vehicle keeps the bay; nobody works."
    )
    is_overtime = fields.Boolean(
        string="Overtime", help="May lie outside of the working hours."
    )
    name = fields.Char(help="What it is kept for, when it is no booking and no job.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Branch.",
    )
    booking_id = fields.Many2one(
        "auto.service.booking",
        index="btree_not_null",
        ondelete="cascade",
        help="Booking that it is kept for.",
    )
    line_id = fields.Many2one(
        "auto.service.booking.line",
        string="Service",
        index="btree_not_null",
        ondelete="cascade",
        help="Service that it is kept for.",
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        index="btree_not_null",
        ondelete="cascade",
        help="Work order that it is kept for.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        index="btree_not_null",
        ondelete="cascade",
        help="Job that it is kept for.",
    )
    held_until = fields.Datetime(help="A held time is given back then.")
    replan_reason = fields.Selection(
        REPLAN_REASONS,
        index="btree_not_null",
        help="Why the time cannot be kept; it waits in the replan queue.",
    )
    replan_note = fields.Char(help="What else is to be known of it.")

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "Time on the board must end after it begins."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (resource_id WITH =, tsrange(start, stop) WITH &&)"
        " WHERE (state <> 'cancelled')",
        "The bay or technician is taken at that time already. Choose another time.",
    )
    _week_idx = models.Index("(company_id, start, stop) WHERE state <> 'cancelled'")

    @api.depends("resource_id")
    def _compute_role(self):
        """The past of a technician stays when he is not planned any more."""
        for allocation in self:
            allocation.role = allocation.resource_id.auto_service_role

    @api.depends("start", "stop")
    def _compute_hours(self):
        for allocation in self:
            if allocation.start and allocation.stop:
                seconds = (allocation.stop - allocation.start).total_seconds()
                allocation.hours = seconds / 3600
            else:
                allocation.hours = 0.0

    @api.depends("resource_id", "start", "booking_id.name", "name")
    def _compute_display_name(self):
        for allocation in self:
            parts = (
                allocation.resource_id.name,
                allocation.name or allocation.booking_id.name,
            )
            allocation.display_name = " · ".join(part for part in parts if part)

    # CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._complete_create_values(vals_list)
        self._check_branch(
            (vals.get("resource_id"), vals.get("company_id") or self.env.company.id)
            for vals in vals_list
        )
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            self._check_branch_of_work(vals, {company})
        with self._guarded_write(self._get_new_spans(vals_list)):
            allocations = super().create(vals_list)
            allocations.flush_recordset()
        allocations._ensure_working()
        allocations._check_reserve()
        allocations._after_change(freed=[])
        return allocations

    def write(self, vals):
        self._check_branch_of_work(vals, set(self.company_id.ids))
        if not self._get_guarded_fields() & set(vals):
            return super().write(vals)
        rows = self._with_block() if {"start", "stop"} & set(vals) else self
        if vals.get("resource_id"):
            self._check_branch((vals["resource_id"], row.company_id.id) for row in self)
        before, minutes = rows._get_spans(), rows._get_counted_minutes()
        given_back = rows.filtered(lambda row: row.state == "cancelled")
        with rows._guarded_write(rows._get_changed_spans(vals)):
            times = {key: vals[key] for key in ("start", "stop") if key in vals}
            if times:
                super(AutoServiceAllocation, rows - self).write(times)
            res = super().write(vals)
            rows.flush_recordset()
        rows._note_touched()
        if {"resource_id", "start", "stop"} & set(vals):
            rows._ensure_working()
        elif given_back:
            given_back._ensure_working()  # who worked then may be away now
        rows._check_reserve(before=minutes)
        rows._after_change(freed=before)
        return res

    def unlink(self):
        before = self._get_spans()
        self._notify_board()  # while the numbers of the blocks are known
        self._note_touched()
        res = super().unlink()
        self._offer_freed(before)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        worked = self.filtered(lambda row: row.state in ("started", "done"))
        if worked:
            raise UserError(
                self.env._(
                    "%(names)s: work was done in that time. Cancel it instead.",
                    names=", ".join(worked.mapped("display_name")),
                )
            )

    @api.model
    def _get_guarded_fields(self):
        """Fields whose change takes or gives back time."""
        return {"resource_id", "start", "stop", "state"}

    @api.model
    def _complete_create_values(self, vals_list):
        """Rows that say no block are pieces of work of their own."""
        missing = [vals for vals in vals_list if not vals.get("block")]
        if missing:
            for vals, block in zip(
                missing, self._new_blocks(len(missing)), strict=True
            ):
                vals["block"] = block

    @api.model
    def _new_blocks(self, count=1):
        """Numbers for new blocks, never given twice.

        :return: list of int
        """
        self.env.cr.execute(
            "SELECT nextval('auto_service_allocation_id_seq')"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _with_block(self):
        """These rows and all live ones that lie at the same time with them."""
        domain = [
            ("block", "in", list(set(self.mapped("block")))),
            ("state", "!=", "cancelled"),
        ]
        return self | self.search(domain)
