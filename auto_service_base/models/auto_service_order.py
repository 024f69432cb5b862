from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .auto_service_job import PRICE_GROUPS
from .auto_service_stage import STEPS

STEP_INDEX = {key: index for index, (key, _label) in enumerate(STEPS)}
SOON = timedelta(hours=2)
FUEL_LEVELS = [
    ("0", "Empty"),
    ("25", "1/4"),
    ("50", "1/2"),
    ("75", "3/4"),
    ("100", "Full"),
]


class AutoServiceOrder(models.Model):
    """A work order: one visit of one vehicle. It owns no prices."""

    _name = "auto.service.order"
    _description = "Work Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "priority desc, promised_at, id desc"
    _rec_names_search = ["name", "license_plate"]
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
        help="Number of the work order; given when it is saved.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that does the work.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the company."
    )
    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        index=True,
        required=True,
        ondelete="restrict",
        tracking=True,
        help="Vehicle of the visit.",
    )
    license_plate = fields.Char(
        compute="_compute_license_plate",
        store=True,
        index="trigram",
        help="Plate that the vehicle bore at this visit.",
    )
    vehicle_name = fields.Char(
        compute="_compute_vehicle_name",
        compute_sudo=True,
        help="Make, model and year of the vehicle.",
    )
    vin = fields.Char(
        related="vehicle_id.vin_sn", string="VIN", help="Vehicle identification number."
    )
    odometer_unit = fields.Selection(
        related="vehicle_id.odometer_unit", help="Unit of the vehicle's odometer."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        help="Who brings the vehicle; the owner unless you choose somebody else.",
    )
    phone = fields.Char(related="partner_id.phone", help="Telephone of the customer.")
    email = fields.Char(related="partner_id.email", help="E-mail of the customer.")
    advisor_id = fields.Many2one(
        "res.users",
        default=lambda self: self._default_advisor_id(),
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Service advisor who looks after the customer.",
    )
    stage_id = fields.Many2one(
        "auto.service.stage",
        required=True,
        index=True,
        copy=False,
        tracking=True,
        default=lambda self: self.env["auto.service.stage"].search([], limit=1),
        group_expand="_group_expand_stages",
        ondelete="restrict",
        help="Where the visit stands in the process of the garage.",
    )
    step = fields.Selection(
        related="stage_id.step", store=True, help="Step of the service process."
    )
    waiting_reason_id = fields.Many2one(
        "auto.service.reason",
        domain="[('kind', '=', 'waiting')]",
        tracking=True,
        copy=False,
        ondelete="restrict",
        help="What the vehicle waits for. The time is recorded per reason.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        help="Open until the vehicle is handed over or the visit is cancelled.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        default="0",
        help="Urgent work orders come first.",
    )
    color = fields.Integer(help="Colour of the card, free for the garage to use.")
    complaint = fields.Text(help="What the customer says, in his own words.")
    received_at = fields.Datetime(
        copy=False, help="When the vehicle was taken in from the customer."
    )
    promised_at = fields.Datetime(
        index=True,
        tracking=True,
        copy=False,
        help="When the customer was promised the vehicle.",
    )
    promise_state = fields.Selection(
        [
            ("none", "No promise"),
            ("on_time", "On time"),
            ("soon", "Within two hours"),
            ("late", "Late"),
        ],
        compute="_compute_promise_state",
        search="_search_promise_state",
        help="How the promised time looks now.",
    )
    is_waiter = fields.Boolean(
        string="Customer waits", help="The customer waits in the garage."
    )
    odometer_in = fields.Integer(
        string="Odometer in", copy=False, help="Odometer when the vehicle came in."
    )
    odometer_out = fields.Integer(
        string="Odometer out", copy=False, help="Odometer at the hand-over."
    )
    fuel_level = fields.Selection(
        FUEL_LEVELS, copy=False, help="Fuel or charge when the vehicle came in."
    )
    damage_note = fields.Text(
        copy=False, help="Damage seen at the reception, so that nobody argues later."
    )
    items_left = fields.Char(copy=False, help="Things that stay in the vehicle.")
    key_tag = fields.Char(copy=False, help="Number of the tag on the key.")
    reception_signature = fields.Image(
        copy=False,
        max_width=1024,
        max_height=1024,
        help="Signature of the customer on the reception act.",
    )
    reception_signed_by = fields.Char(
        copy=False, help="Who signed the reception act."
    )
    reception_signed_on = fields.Datetime(
        copy=False, help="When the reception act was signed."
    )
    job_ids = fields.One2many(
        "auto.service.job", "order_id", copy=True, help="Jobs of the visit."
    )
    job_count = fields.Integer(compute="_compute_job_counts", help="Jobs not cancelled.")
    job_done_count = fields.Integer(compute="_compute_job_counts", help="Jobs done.")
    running_count = fields.Integer(
        compute="_compute_job_counts", help="Clocks that run on the visit now."
    )
    clocking_ids = fields.One2many(
        "auto.service.clocking", "order_id", help="Clocked time of the visit."
    )
    stage_log_ids = fields.One2many(
        "auto.service.stage.log", "order_id", help="Time in every stage."
    )
    sale_order_ids = fields.One2many(
        "sale.order",
        "work_order_id",
        string="Estimates",
        groups=PRICE_GROUPS,
        help="Estimates of the visit: one per payer and per approval.",
    )
    estimate_id = fields.Many2one(
        "sale.order",
        compute="_compute_estimate_id",
        groups=PRICE_GROUPS,
        help="Estimate that is being written now.",
    )
    estimate_count = fields.Integer(
        compute="_compute_estimate_id",
        groups=PRICE_GROUPS,
        help="Estimates that are not cancelled.",
    )
    line_ids = fields.One2many(
        "sale.order.line",
        "work_order_id",
        string="Lines being estimated",
        domain=[("state", "in", ("draft", "sent"))],
        groups=PRICE_GROUPS,
        help="Jobs, labour and parts that the customer has not approved yet.",
    )
    authorised_line_ids = fields.One2many(
        "sale.order.line",
        "work_order_id",
        string="Approved lines",
        domain=[("state", "=", "sale")],
        groups=PRICE_GROUPS,
        help="Jobs, labour and parts that the customer has approved.",
    )
    authorisation_ids = fields.One2many(
        "auto.service.authorisation",
        "order_id",
        groups=PRICE_GROUPS,
        help="What the customer approved, when and how.",
    )
    amount_untaxed = fields.Monetary(
        compute="_compute_amounts",
        groups=PRICE_GROUPS,
        help="All estimates of the visit without taxes.",
    )
    amount_total = fields.Monetary(
        compute="_compute_amounts",
        groups=PRICE_GROUPS,
        help="All estimates of the visit with taxes.",
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        groups="auto_service_base.group_margin",
        help="Amount without taxes less the cost of parts and labour.",
    )
    margin_percent = fields.Float(
        compute="_compute_margin",
        groups="auto_service_base.group_margin",
        help="Margin as a share of the amount without taxes.",
    )
    invoice_ids = fields.One2many(
        "account.move",
        "work_order_id",
        groups=PRICE_GROUPS,
        help="Invoices and credit notes of the visit.",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="Invoices and credit notes that are not cancelled.",
    )
    amount_due = fields.Monetary(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="What is left to pay on posted invoices.",
    )
    has_to_invoice = fields.Boolean(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="Something done or issued is not invoiced yet.",
    )
    quality_checked_by_id = fields.Many2one(
        "res.users",
        string="Checked by",
        readonly=True,
        copy=False,
        help="Who checked the work; never somebody who did it.",
    )
    quality_checked_at = fields.Datetime(
        string="Checked at", readonly=True, copy=False, help="When it was checked."
    )
    road_test_done = fields.Boolean(
        copy=False, help="The vehicle was driven after the work."
    )
    has_to_approve = fields.Boolean(
        compute="_compute_has_to_approve",
        groups=PRICE_GROUPS,
        help="An estimate waits for the answer of the customer.",
    )
    has_void_approval = fields.Boolean(
        compute="_compute_has_to_approve",
        groups=PRICE_GROUPS,
        help="An approved estimate was changed; the customer has to be asked again.",
    )
    visit_count = fields.Integer(
        related="vehicle_id.work_order_count", help="Visits of the vehicle so far."
    )
    recommendation_ids = fields.One2many(
        "auto.service.recommendation",
        related="vehicle_id.recommendation_ids",
        help="Open work recommended for the vehicle.",
    )
    cancel_reason_id = fields.Many2one(
        "auto.service.reason",
        readonly=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        help="Why the visit was cancelled.",
    )
    cancel_note = fields.Text(
        readonly=True, copy=False, help="What else is to be known of the cancelling."
    )
    closed_at = fields.Datetime(
        readonly=True, copy=False, index=True, help="When the visit was closed."
    )
    plate_entry = fields.Char(
        string="Plate",
        store=False,
        help="Type the plate: a known vehicle is found, a new one is created.",
    )
    phone_entry = fields.Char(
        string="Telephone",
        store=False,
        help="Telephone of a new customer; a known customer is found by it.",
    )
    customer_entry = fields.Char(
        string="Customer's name",
        store=False,
        help="Name of a new customer. Leave it empty for a known vehicle.",
    )

    # Defaults -----------------------------------------------------------------

    @api.model
    def _default_advisor_id(self):
        user = self.env.user
        return user if user.has_group("auto_service_base.group_advisor") else False

    @api.model
    def _group_expand_stages(self, stages, domain):
        return self.env["auto.service.stage"].search([])

    # Computes -----------------------------------------------------------------

    @api.depends("vehicle_id")
    def _compute_license_plate(self):
        for order in self:
            order.license_plate = order.sudo().vehicle_id.license_plate

    @api.depends("vehicle_id.model_id", "vehicle_id.model_year")
    def _compute_vehicle_name(self):
        unknown = self.env.ref(
            "auto_service_base.fleet_vehicle_model_unknown", raise_if_not_found=False
        )
        for order in self:
            model = order.vehicle_id.model_id
            if unknown and model == unknown:
                order.vehicle_name = self.env._("Make and model not known yet")
                continue
            parts = [model.brand_id.name, model.name, order.vehicle_id.model_year]
            order.vehicle_name = " ".join(part for part in parts if part)

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for order in self:
            owner = order.vehicle_id.owner_id
            if owner and not order.partner_id:
                order.partner_id = owner
            else:
                order.partner_id = order.partner_id

    @api.depends("promised_at", "state", "step")
    def _compute_promise_state(self):
        now = fields.Datetime.now()
        for order in self:
            order.promise_state = order._get_promise_state(now)

    def _get_promise_state(self, now):
        """How the promise looks at ``now``: none, on_time, soon or late."""
        self.ensure_one()
        is_ready = STEP_INDEX.get(self.step, 0) >= STEP_INDEX["ready"]
        if not self.promised_at or self.state != "open" or is_ready:
            return "none"
        if self.promised_at < now:
            return "late"
        return "soon" if self.promised_at <= now + SOON else "on_time"

    def _search_promise_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        running = Domain("state", "=", "open") & Domain(
            "step", "not in", ["ready", "delivered", "followed_up"]
        )
        promised = running & Domain("promised_at", "!=", False)
        domains = {
            "late": promised & Domain("promised_at", "<", now),
            "soon": promised
            & Domain("promised_at", ">=", now)
            & Domain("promised_at", "<=", now + SOON),
            "on_time": promised & Domain("promised_at", ">", now + SOON),
            "none": ~promised,
        }
        return Domain.OR([domains[key] for key in value if key in domains])

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the board colour and count by the promise, which depends on the time."""
        if field_expr != "promise_state":
            return super()._field_to_sql(alias, field_expr, query)
        now = fields.Datetime.now()
        promised, state, step = (
            super(AutoServiceOrder, self)._field_to_sql(alias, name, query)
            for name in ("promised_at", "state", "step")
        )
        return SQL(
            """CASE WHEN %(promised)s IS NULL OR %(state)s <> 'open'
                      OR %(step)s IN ('ready', 'delivered', 'followed_up') THEN 'none'
                    WHEN %(promised)s < %(now)s THEN 'late'
                    WHEN %(promised)s <= %(soon)s THEN 'soon'
                    ELSE 'on_time' END""",
            promised=promised,
            state=state,
            step=step,
            now=now,
            soon=now + SOON,
        )

    @api.depends("job_ids.state", "job_ids.running_clocking_ids")
    def _compute_job_counts(self):
        for order in self:
            jobs = order.job_ids.filtered(lambda job: job.state != "cancelled")
            order.job_count = len(jobs)
            order.job_done_count = len(jobs.filtered(lambda job: job.state == "done"))
            order.running_count = len(jobs.running_clocking_ids)

    @api.depends("sale_order_ids.state")
    def _compute_estimate_id(self):
        for order in self:
            estimates = order.sale_order_ids.filtered(
                lambda sale: sale.state != "cancel"
            )
            order.estimate_count = len(estimates)
            order.estimate_id = estimates.filtered(
                lambda sale: sale.state in ("draft", "sent")
            ).sorted("id")[-1:]

    @api.depends("sale_order_ids.state", "sale_order_ids.authorisation_ids.state")
    def _compute_has_to_approve(self):
        for order in self:
            order.has_void_approval = bool(order._get_void_estimates())
            order.has_to_approve = order.has_void_approval or bool(order.estimate_id)

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.price_total",
        "authorised_line_ids.price_subtotal",
        "authorised_line_ids.price_total",
    )
    def _compute_amounts(self):
        saved = self.filtered(lambda order: isinstance(order.id, int))
        totals = saved._get_estimate_totals()
        for order in saved:
            order.amount_untaxed, order.amount_total = totals.get(order.id, (0.0, 0.0))
        for order in self - saved:  # being edited: add up the lines on the screen
            lines = order.line_ids | order.authorised_line_ids
            order.amount_untaxed = sum(
                line._to_company_currency(line.price_subtotal) for line in lines
            )
            order.amount_total = sum(
                line._to_company_currency(line.price_total) for line in lines
            )

    def _get_estimate_totals(self):
        """Totals of the estimates in company currency, one query.

        :return: dict of order id to (untaxed, total)
        """
        if not self:
            return {}
        self.env["sale.order"].flush_model(
            ["work_order_id", "state", "amount_untaxed", "amount_total", "currency_rate"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT work_order_id,
                       SUM(amount_untaxed / COALESCE(NULLIF(currency_rate, 0), 1)),
                       SUM(amount_total / COALESCE(NULLIF(currency_rate, 0), 1))
                  FROM sale_order
                 WHERE work_order_id IN %s AND state <> 'cancel'
              GROUP BY work_order_id
                """,
                tuple(self.ids),
            )
        )
        return {row[0]: (float(row[1]), float(row[2])) for row in rows}

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.product_uom_qty",
        "line_ids.product_id",
        "authorised_line_ids.price_subtotal",
        "authorised_line_ids.product_uom_qty",
    )
    def _compute_margin(self):
        for order in self.sudo():  # the right to see margins opens the lines as well
            lines = order.line_ids | order.authorised_line_ids
            untaxed = sum(
                line._to_company_currency(line.price_subtotal) for line in lines
            )
            order.margin = untaxed - sum(line._get_cost() for line in lines)
            order.margin_percent = order.margin / untaxed if untaxed else 0.0

    @api.depends(
        "invoice_ids.state",
        "invoice_ids.amount_residual_signed",
        "sale_order_ids.invoice_status",
    )
    def _compute_invoice_state(self):
        for order in self:
            invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
            order.invoice_count = len(invoices)
            order.amount_due = sum(
                invoices.filtered(lambda move: move.state == "posted").mapped(
                    "amount_residual_signed"
                )
            )
            order.has_to_invoice = "to invoice" in order.sale_order_ids.filtered(
                lambda sale: sale.state == "sale"
            ).mapped("invoice_status")

    @api.depends("name", "license_plate")
    def _compute_display_name(self):
        for order in self:
            order.display_name = (
                f"{order.name} · {order.license_plate}"
                if order.license_plate
                else order.name
            )

    @api.onchange("plate_entry")
    def _onchange_plate_entry(self):
        """Show the known vehicle and its owner while the plate is typed."""
        if not self.plate_entry:
            return
        vehicle = self.env["fleet.vehicle"]._find_by_plate(self.plate_entry)[:1]
        if vehicle:
            self.vehicle_id = vehicle
            self.partner_id = vehicle.owner_id

    # CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_protected_write(
                {name: value for name, value in vals.items() if value}
            )
            self._complete_create_values(vals)
        line_commands = [vals.pop("line_ids", None) for vals in vals_list]
        orders = super().create(vals_list)
        orders._enter_first_stage()
        for order, commands in zip(orders, line_commands, strict=True):
            if commands:
                order.write({"line_ids": commands})
        orders.filtered("odometer_in")._record_odometer("odometer_in")
        return orders

    def write(self, vals):
        self._check_protected_write(vals)
        vals = dict(vals)
        if "stage_id" in vals:
            self._prepare_stage_move(vals)
        if vals.get("line_ids"):
            vals["line_ids"] = self._complete_line_commands(vals["line_ids"])
        if vals.get("reception_signature"):
            vals.setdefault("reception_signed_on", fields.Datetime.now())
        payers = self._get_payers() if "partner_id" in vals else {}
        res = super().write(vals)
        if "stage_id" in vals or "waiting_reason_id" in vals:
            self._open_stage_logs()
        for name in ("odometer_in", "odometer_out"):
            if vals.get(name):
                self._record_odometer(name)
        if payers:
            self._follow_customer(payers)
        if vals.get("state") == "closed":
            self.sudo()._settle_unanswered()
        return res

    def _settle_unanswered(self):
        """The customer never answered: recommend the work for a later visit.

        Called when visits are closed, in sudo. Work that was done all the same keeps
        its estimate.
        """
        for order in self:
            jobs = order.job_ids.filtered(lambda job: job._is_unanswered())
            estimates = order.sale_order_ids.filtered(
                lambda sale: sale.state in ("draft", "sent")
            )
            for job in jobs:
                if job.line_ids:
                    estimates._recommend_job(job, job.line_ids)
                job.state = "cancelled"
            estimates.filtered(
                lambda sale: set(sale.order_line.job_id.mapped("state")) <= {"cancelled"}
            )._action_cancel()

    def _enter_first_stage(self):
        """A visit that is created on a later stage has to pass its gates as well."""
        for order in self:
            errors = order._get_gate_errors(order.stage_id)
            if errors:
                raise UserError("\n".join(errors))
        closed = self.filtered("stage_id.is_closing")
        closed.sudo().write({"state": "closed", "closed_at": fields.Datetime.now()})
        self._open_stage_logs()

    def _complete_line_commands(self, commands):
        """Lines of an import or the API belong to the estimate being written.

        :param list commands: x2many commands of ``line_ids``
        :return: list of commands in which every new line names its estimate
        """
        completed = []
        for command in commands:
            if command[0] == Command.CREATE and not command[2].get("order_id"):
                estimate = self._get_or_create_estimate()
                values = dict(command[2], order_id=estimate.id)
                command = Command.create(values)
            completed.append(command)
        return completed

    @api.model
    def name_create(self, name):
        """A work order from one line: the plate."""
        order = self.create({"plate_entry": name})
        return order.id, order.display_name

    @api.model
    def _get_protected_fields(self):
        """Fields that only the actions of a work order write, never an import."""
        return {
            "state",
            "closed_at",
            "cancel_reason_id",
            "cancel_note",
            "quality_checked_by_id",
            "quality_checked_at",
        }

    def _check_protected_write(self, vals):
        """Gates cannot be passed by writing their result."""
        protected = self._get_protected_fields() & set(vals)
        if protected and not self.env.su:
            raise UserError(
                self.env._(
                    "%(fields)s is set by the buttons of the work order, not by hand.",
                    fields=", ".join(
                        self._fields[name].string for name in sorted(protected)
                    ),
                )
            )

    def _complete_create_values(self, vals):
        """Number, vehicle and customer from what was typed at the desk."""
        if vals.get("name", self.env._("New")) == self.env._("New"):
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                self.env["ir.sequence"]
                .with_company(company)
                .next_by_code("auto.service.order")
            )
        plate = (vals.pop("plate_entry", None) or "").strip()
        phone = (vals.pop("phone_entry", None) or "").strip()
        customer = (vals.pop("customer_entry", None) or "").strip()
        partner = self.env["res.partner"].browse(vals.get("partner_id") or [])
        if not partner and (customer or phone):
            partner = self._find_or_create_customer(customer, phone)
            vals["partner_id"] = partner.id
        if plate and not vals.get("vehicle_id"):
            self._set_vehicle_from_plate(vals, plate, partner)
        elif not vals.get("vehicle_id"):
            raise UserError(
                self.env._("Type the plate of the vehicle, or choose the vehicle.")
            )

    def _set_vehicle_from_plate(self, vals, plate, partner):
        """Find or create the vehicle; its owner is the customer by default."""
        vehicle = self.env["fleet.vehicle"]._find_or_create_by_plate(
            plate.upper(), partner=partner
        )
        vals["vehicle_id"] = vehicle.id
        if not partner and not vehicle.owner_id:
            raise UserError(
                self.env._(
                    "%(plate)s is not known yet. Type the name or telephone of the "
                    "customer as well.",
                    plate=plate,
                )
            )

    @api.model
    def _find_or_create_customer(self, name, phone):
        """Customer by telephone, else a new one.

        :param str name: name as typed, may be empty
        :param str phone: telephone as typed, may be empty
        :return: res.partner record
        """
        partners = self.env["res.partner"]
        if phone:
            sanitized = partners._phone_format(number=phone) or phone
            found = partners.search(
                Domain("phone_sanitized", "=", sanitized) | Domain("phone", "=", phone),
                limit=1,
            )
            if found:
                return found
        return partners.create({"name": name or phone, "phone": phone or False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        kept = self.filtered(lambda order: not order._can_be_deleted())
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s already left the desk. Cancel it with a reason: "
                    "nothing is deleted.",
                    orders=", ".join(kept.mapped("name")),
                )
            )

    def unlink(self):
        deletable = self.filtered(lambda order: order._can_be_deleted()).sudo()
        deletable.sale_order_ids.unlink()
        deletable.job_ids.unlink()
        return super().unlink()

    def _can_be_deleted(self):
        """Whether the visit is a draft that nobody outside has seen."""
        self.ensure_one()
        order = self.sudo()
        return (
            order.state == "open"
            and order.step in ("booked", "prepared")
            and not order.reception_signed_on
            and all(job._can_be_deleted() for job in order.job_ids)
            and all(sale.state == "draft" for sale in order.sale_order_ids)
        )

    # Stages and gates ---------------------------------------------------------

    def _ensure_open(self):
        closed = self.filtered(lambda order: order.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(orders)s is closed or cancelled. A manager can reopen it.",
                    orders=", ".join(closed.mapped("name")),
                )
            )

    def _prepare_stage_move(self, vals):
        """Lock, check the gates and add what the move sets by itself.

        The row lock makes the gates and the closing one step: of two people who close
        at once, the second sees the first one's result (invariant 4).
        """
        stage = self.env["auto.service.stage"].browse(vals["stage_id"])
        self._lock()
        moved = self.filtered(lambda order: order.stage_id != stage)
        if any(order.state == "cancelled" for order in moved):
            moved._ensure_open()
        moved._check_reopening(stage)
        errors = [error for order in moved for error in order._get_gate_errors(stage)]
        if errors:
            raise UserError("\n".join(errors))
        if stage.is_closing and moved:
            vals.update({"state": "closed", "closed_at": fields.Datetime.now()})
        if stage.step == "received" and any(not order.received_at for order in moved):
            vals.setdefault("received_at", fields.Datetime.now())
        if moved:
            vals.setdefault("waiting_reason_id", False)

    def _lock(self):
        """Wait for, and then exclude, whoever else acts on the work orders.

        Writing the row, not only locking it, makes the second of two transactions
        start again with what the first one did (REPEATABLE READ).
        """
        self.flush_recordset()
        for order_id in sorted(self.ids):
            self.env.cr.execute(
                SQL("UPDATE auto_service_order SET id = id WHERE id = %s", order_id)
            )

    def _check_reopening(self, stage):
        """A closed visit moves on to later stages only, unless it is reopened."""
        back = self.filtered(
            lambda order: order.state == "closed"
            and (
                stage.is_closing or stage.sequence < order.stage_id.sequence
            )
        )
        if back:
            raise UserError(
                self.env._(
                    "%(orders)s is closed already. A manager can reopen it from its "
                    "form.",
                    orders=", ".join(back.mapped("name")),
                )
            )

    def _get_gate_errors(self, stage):
        """What keeps the visit from entering ``stage``; extend with your gates.

        :param stage: auto.service.stage record
        :return: list of sentences, empty when the visit may enter
        """
        self.ensure_one()
        order = self.sudo()  # a technician's finish must see the invoicing as well
        checks = [
            (
                stage.require_odometer and not order.odometer_in,
                self.env._("%(order)s: note the odometer first.", order=order.name),
            ),
            (
                stage.require_jobs_done and not order._are_jobs_done(),
                self.env._(
                    "%(order)s: these jobs are not done yet: %(jobs)s.",
                    order=order.name,
                    jobs=", ".join(order._get_unfinished_jobs().mapped("name")),
                ),
            ),
            (
                stage.require_quality_check and not order.quality_checked_at,
                self.env._(
                    "%(order)s: somebody who did not do the work has to check it first "
                    "(button Quality check passed).",
                    order=order.name,
                ),
            ),
            (
                stage.require_invoiced and order.has_to_invoice,
                self.env._(
                    "%(order)s: invoice what is done before the vehicle is handed over "
                    "(button Invoice).",
                    order=order.name,
                ),
            ),
        ]
        return [message for failed, message in checks if failed]

    def _get_unfinished_jobs(self):
        """Jobs that were approved, or are being worked on, and are not done."""
        return self.job_ids.filtered(
            lambda job: job.state in ("in_progress", "paused")
            or (job.state == "todo" and job.authorisation in ("approved", "pending"))
        )

    def _are_jobs_done(self):
        """Whether no approved job is left to do."""
        self.ensure_one()
        return not self._get_unfinished_jobs()

    def _advance_to(self, step):
        """Move forward to the first stage of ``step`` if its gates let the visit in.

        Called by clocking and finishing: it never moves backwards and never fails.
        """
        stage = self.env["auto.service.stage"]._get_first_of_step(step)
        for order in self:
            is_later = STEP_INDEX[order.step] < STEP_INDEX[step]
            if (
                stage
                and is_later
                and order.state == "open"
                and not order._get_gate_errors(stage)
            ):
                order.stage_id = stage

    def _return_to_repair(self):
        """A job is taken up again: the check no longer holds, nor does "ready"."""
        stage = self.env["auto.service.stage"]._get_first_of_step("in_repair")
        self.write({"quality_checked_by_id": False, "quality_checked_at": False})
        if stage:
            self.filtered(lambda order: order.step in ("quality_control", "ready")).write(
                {"stage_id": stage.id}
            )

    def _open_stage_logs(self):
        """Close the running log of every visit and open one for what is now."""
        logs_sudo = self.env["auto.service.stage.log"].sudo()  # written by nobody else
        running = logs_sudo.search(
            [("order_id", "in", self.ids), ("left_at", "=", False)]
        ).grouped("order_id")
        now = fields.Datetime.now()
        values = []
        for order in self.sudo():
            log = running.get(order, logs_sudo)
            if (
                log.stage_id == order.stage_id
                and log.waiting_reason_id == order.waiting_reason_id
            ):
                continue
            log.write({"left_at": now})
            values.append(order._prepare_stage_log_values(now))
        logs_sudo.flush_model()
        logs_sudo.create(values)

    def _prepare_stage_log_values(self, now):
        """Values of the log row that starts at ``now``."""
        self.ensure_one()
        return {
            "order_id": self.id,
            "stage_id": self.stage_id.id,
            "waiting_reason_id": self.waiting_reason_id.id,
            "user_id": self.env.uid,
            "entered_at": now,
        }

    def action_receive(self):
        """The vehicle is here: move to the reception."""
        self._move_to_step("received")

    def action_quality_ok(self):
        """Somebody who did not do the work has checked it."""
        for order in self:
            order._ensure_open()
            workers = order.sudo().clocking_ids.technician_id.user_id
            if self.env.user in workers:
                raise UserError(
                    self.env._(
                        "You worked on %(order)s yourself: let a colleague check it.",
                        order=order.name,
                    )
                )
            if not order._are_jobs_done():
                raise UserError(
                    self.env._(
                        "%(order)s: these jobs are not done yet: %(jobs)s.",
                        order=order.name,
                        jobs=", ".join(order._get_unfinished_jobs().mapped("name")),
                    )
                )
        self.sudo().write(
            {
                "quality_checked_by_id": self.env.uid,
                "quality_checked_at": fields.Datetime.now(),
            }
        )
        self.sudo()._advance_to("ready")

    def action_close(self):
        """Hand the vehicle over: the visit is closed."""
        self._move_to_step("delivered")

    def action_reopen(self):
        """Take up a closed or cancelled visit; a manager's action, on record."""
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise UserError(
                self.env._("Only a manager reopens a closed or cancelled work order.")
            )
        for order in self.sudo().filtered(lambda order: order.state != "open"):
            stage = self.env["auto.service.stage"]._get_first_of_step("in_repair")
            order.write(
                {
                    "state": "open",
                    "closed_at": False,
                    "cancel_reason_id": False,
                    "cancel_note": False,
                }
            )
            if order.stage_id.is_closing or order.step == "followed_up":
                order.stage_id = stage or order.stage_id
            order._open_stage_logs()

    def _move_to_step(self, step):
        stage = self.env["auto.service.stage"]._get_first_of_step(step)
        if not stage:
            raise UserError(
                self.env._(
                    "No stage of the board belongs to the step “%(step)s”. A manager "
                    "can add one under Configuration, Stages.",
                    step=dict(STEPS)[step],
                )
            )
        self.write({"stage_id": stage.id})

    def action_cancel_with_reason(self):
        """Ask for the reason, then cancel.

        :return: act_window action of the dialog
        """
        self._ensure_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the work order"),
            "res_model": "auto.service.order.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def _cancel(self, reason, note=None):
        """Cancel the visits with their open estimates and jobs.

        :param reason: auto.service.reason record
        :param str note: free text
        :raise UserError: when something is invoiced or a clock runs
        """
        self._ensure_open()
        self._lock()
        for order in self:
            order._ensure_can_be_cancelled()
        estimates = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        estimates._action_cancel()
        # Nobody writes the state of a job by hand.
        self.sudo().job_ids.filtered(lambda job: job.state != "done").write(
            {"state": "cancelled"}
        )
        self.sudo().write(
            {
                "state": "cancelled",
                "cancel_reason_id": reason.id,
                "cancel_note": note,
                "closed_at": fields.Datetime.now(),
            }
        )
        self._close_stage_logs()

    def _close_stage_logs(self):
        running_sudo = (
            self.env["auto.service.stage.log"]
            .sudo()
            .search([("order_id", "in", self.ids), ("left_at", "=", False)])
        )
        running_sudo.write({"left_at": fields.Datetime.now()})

    def _ensure_can_be_cancelled(self):
        self.ensure_one()
        if self.running_count:
            raise UserError(
                self.env._(
                    "Somebody works on %(order)s now; stop the clock first.",
                    order=self.name,
                )
            )
        lines_sudo = self.sudo().sale_order_ids.order_line
        if any(not line._is_invoicing_settled() for line in lines_sudo):
            raise UserError(
                self.env._(
                    "%(order)s is invoiced. Credit the invoice first, then cancel.",
                    order=self.name,
                )
            )

    def _record_odometer(self, name):
        """Note the odometer of the visit on the vehicle."""
        for order in self:
            order.vehicle_id.sudo()._record_odometer(
                order[name],
                date=fields.Date.context_today(order),
                source=order.name,
            )

    # Estimates ----------------------------------------------------------------

    def _get_payers(self):
        """Who pays the customer's estimates of every visit now."""
        return {order: order._get_payer("customer") for order in self}

    def _follow_customer(self, payers):
        """Estimates that nobody has seen yet follow a change of the customer.

        Prices and taxes are the new customer's; prices typed by hand stay.

        :param dict payers: who paid before the change, by order
        """
        for order, former in payers.items():
            payer = order._get_payer("customer")
            estimates = order.sale_order_ids.filtered(
                lambda sale, former=former: sale.state == "draft"
                and sale.pay_type == "customer"
                and sale.partner_id == former
            )
            if payer != former:
                for estimate in estimates:
                    estimate._change_payer(payer)

    def _get_or_create_estimate(self, pay_type=None, partner=None):
        """Estimate that is being written for a payer; created when there is none.

        :param str pay_type: key of sale.order.pay_type; any open estimate when omitted
        :param partner: res.partner who pays; by default the payer of the vehicle
        :return: sale.order record
        """
        self.ensure_one()
        self._ensure_open()
        estimates = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent")
            and (not pay_type or sale.pay_type == pay_type)
            and (not partner or sale.partner_id == partner)
        ).sorted("id")
        if estimates:
            return estimates[-1]
        return self.env["sale.order"].create(
            self._prepare_estimate_values(pay_type or "customer", partner)
        )

    def _prepare_estimate_values(self, pay_type, partner=None):
        """Values of a new estimate of the visit.

        :param str pay_type: key of sale.order.pay_type
        :param partner: res.partner who pays, may be empty
        """
        self.ensure_one()
        payer = partner or self._get_payer(pay_type)
        return {
            "work_order_id": self.id,
            "partner_id": payer.id,
            "pay_type": pay_type,
            "company_id": self.company_id.id,
            "user_id": self.advisor_id.id or self.env.uid,
            "origin": self.name,
        }

    def _get_payer(self, pay_type):
        """Who pays by default.

        :return: res.partner record
        """
        self.ensure_one()
        if pay_type == "internal":
            return self.company_id.partner_id
        return self.vehicle_id.payer_id or self.partner_id

    def action_write_estimate(self):
        """Start the estimate of the customer, or go on with the open one."""
        for order in self:
            estimate = order._get_or_create_estimate()
            estimate._add_job_sections(
                order.job_ids.filtered(
                    lambda job: job.authorisation in ("draft", "pending")
                    and job.state != "cancelled"
                    and not job._get_sections()
                )
            )

    def action_new_estimate(self):
        """Ask who pays, then open one more estimate of the visit.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        self._ensure_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Estimate for another payer"),
            "res_model": "auto.service.order.estimate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_send_estimate(self):
        """Open the host's composer with the estimate and its link.

        :return: act_window action
        :raise UserError: when nothing is there to be sent
        """
        self.ensure_one()
        estimate = self._get_offers()[:1]
        if not estimate:
            raise UserError(
                self.env._(
                    "%(order)s has no estimate to send: add labour or parts first.",
                    order=self.name,
                )
            )
        return estimate.action_quotation_send()

    def _get_offers(self):
        """Open estimates with something on them: unsent and the customer's own first.

        :return: sale.order records
        """
        offers = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent") and sale._get_lines_of_offer()
        )
        return offers.sorted(
            lambda sale: (sale.state == "sent", sale.pay_type != "customer", sale.id)
        )

    def action_preview_estimate(self):
        """Open the estimate as the customer sees it.

        :return: act_url action
        """
        self.ensure_one()
        estimate = self._get_offers()[:1] or self.sale_order_ids[:1]
        if not estimate:
            raise UserError(
                self.env._("%(order)s has no estimate yet.", order=self.name)
            )
        return estimate.action_preview_sale_order()

    def action_record_approval(self):
        """Record that the customer approved by telephone, in person or by message.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        estimates = self._get_void_estimates() | self._get_offers()
        if not estimates:
            raise UserError(
                self.env._(
                    "%(order)s has no estimate to approve: add labour or parts first.",
                    order=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the approval"),
            "res_model": "auto.service.order.approve",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_sale_order_id": estimates[0].id,
                "default_estimate_ids": estimates.ids,
            },
        }

    def _get_void_estimates(self):
        """Confirmed estimates that were changed after the approval."""
        return self.sale_order_ids.filtered(
            lambda sale: sale.state == "sale"
            and "valid" not in sale.authorisation_ids.mapped("state")
        )

    # Money --------------------------------------------------------------------

    def action_invoice(self):
        """Invoice what is done and issued, one invoice per payer.

        :return: action that opens the invoices
        :raise UserError: when nothing is left to invoice
        """
        orders = self.sale_order_ids.filtered(
            lambda sale: sale.state == "sale" and sale.invoice_status == "to invoice"
        )
        if not orders:
            raise UserError(
                self.env._(
                    "Nothing to invoice on %(orders)s: jobs are billed when they are "
                    "done, parts when they are issued.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        self._lock()
        invoices = orders._create_invoices(final=True)
        for order in self.filtered("company_id.auto_service_post_invoices"):
            # Advisors may invoice their work orders without being accountants.
            invoices.filtered(
                lambda move, order=order: move.work_order_id == order
            ).sudo().action_post()
        return orders.action_view_invoice(invoices)

    def action_view_estimates(self):
        """Open the estimates in the host's own screens.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        action["domain"] = [("work_order_id", "in", self.ids)]
        action["context"] = {"create": False}
        if len(self.sale_order_ids) == 1:
            action.update(
                res_id=self.sale_order_ids.id, view_mode="form", views=[(False, "form")]
            )
        return action

    def action_view_invoices(self):
        """Open the invoices in the host's own screens.

        :return: act_window action
        """
        return self.sale_order_ids.action_view_invoice(self.invoice_ids)

    def action_view_visits(self):
        """Open all visits of the vehicle.

        :return: act_window action
        """
        return self.vehicle_id.action_view_work_orders()

    # Lookups ------------------------------------------------------------------

    @api.model
    def _get_open_visit_domain(self, vehicle):
        """Domain of the visits that work on ``vehicle`` can still join."""
        return Domain("vehicle_id", "=", vehicle.id) & Domain("state", "=", "open")

    @api.model
    def _get_open_visit(self, vehicle):
        """Latest open visit of ``vehicle``.

        :return: auto.service.order record, may be empty
        """
        return self.search(
            self._get_open_visit_domain(vehicle), order="id desc", limit=1
        )

    def _action_open(self):
        """Action that shows the work orders: the form of one, a list of several."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_order_action"
        )
        if len(self) == 1:
            action.update(res_id=self.id, view_mode="form", views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action
