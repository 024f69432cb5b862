from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .auto_service_stage import STEP_INDEX

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
    reception_signed_by = fields.Char(copy=False, help="Who signed the reception act.")
    reception_signed_on = fields.Datetime(
        compute="_compute_reception_signed_on",
        store=True,
        copy=False,
        help="When the reception act was signed.",
    )
    job_ids = fields.One2many(
        "auto.service.job", "order_id", copy=True, help="Jobs of the visit."
    )
    job_count = fields.Integer(
        compute="_compute_job_counts", help="Jobs not cancelled."
    )
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

    # A page of the list in its usual order, without sorting all visits.
    _usual_order_idx = models.Index("(priority DESC, promised_at, id DESC)")

    # Defaults -----------------------------------------------------------------

    @api.model
    def _default_advisor_id(self):
        user = self.env.user
        return user if user.has_group("auto_service_base.group_advisor") else False

    @api.model
    def _group_expand_stages(self, stages, domain):
        return stages.search([("active", "=", True)])

    # Computes -----------------------------------------------------------------

    @api.depends("vehicle_id")
    def _compute_license_plate(self):
        for order in self:
            order.license_plate = order.sudo().vehicle_id.license_plate

    @api.depends("vehicle_id.model_label", "vehicle_id.build_year")
    def _compute_vehicle_name(self):
        for order in self:
            vehicle = order.vehicle_id
            if vehicle and not vehicle.model_label:
                order.vehicle_name = self.env._("Make and model not known yet")
                continue
            parts = [vehicle.model_label, str(vehicle.build_year or "")]
            order.vehicle_name = " ".join(part for part in parts if part)

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for order in self:
            owner = order.vehicle_id.owner_id
            if owner and not order.partner_id:
                order.partner_id = owner
            else:
                order.partner_id = order.partner_id

    @api.depends("reception_signature")
    def _compute_reception_signed_on(self):
        now = fields.Datetime.now()
        for order in self:
            order.reception_signed_on = now if order.reception_signature else False

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

    @api.depends("job_ids.state", "clocking_ids.stop")
    def _compute_job_counts(self):
        groups = self.env["auto.service.job"]._read_group(
            [("order_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
            ["order_id", "state"],
            ["__count"],
        )
        totals, done = {}, {}
        for order, state, count in groups:
            totals[order.id] = totals.get(order.id, 0) + count
            if state == "done":
                done[order.id] = count
        running = dict(
            self.env["auto.service.clocking"]._read_group(
                [("order_id", "in", self._origin.ids), ("stop", "=", False)],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.job_count = totals.get(order._origin.id, 0)
            order.job_done_count = done.get(order._origin.id, 0)
            order.running_count = running.get(order._origin, 0)

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
        elif self.vehicle_id:  # another plate was typed before: forget its vehicle
            if self.partner_id == self.vehicle_id.owner_id:
                self.partner_id = False
            self.vehicle_id = False

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
        self.check_access("write")  # before locks and gates say anything
        self._check_protected_write(vals)
        self._check_company_write(vals)
        vals = dict(vals)
        if "stage_id" in vals:
            self._prepare_stage_move(vals)
        if vals.get("line_ids"):
            vals["line_ids"] = self._complete_line_commands(vals["line_ids"])
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

    def _check_company_write(self, vals):
        """Estimates and jobs belong to the company of the visit."""
        kept = self.filtered(
            lambda order: "company_id" in vals
            and order.company_id.id != vals["company_id"]
            and (order.sudo().sale_order_ids or order.sudo().job_ids)
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s has estimates or jobs in its company already. Cancel "
                    "it and enter the visit in the other company.",
                    orders=", ".join(kept.mapped("name")),
                )
            )

    def _enter_first_stage(self):
        """A visit that is created on a later stage has to pass its gates as well."""
        for order in self:
            errors = order._get_gate_errors(order.stage_id)
            if errors:
                raise UserError("\n".join(errors))
        closed = self.filtered("stage_id.is_closing")
        closed.sudo().write({"state": "closed", "closed_at": fields.Datetime.now()})
        self._open_stage_logs()

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
        if vals.get("name") in (None, False, "", "New", self.env._("New")):
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
            self.env["auto.service.entry.guard"].sudo()._enter(sanitized)
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

    def _record_odometer(self, name):
        """Note the odometer of the visit on the vehicle."""
        for order in self:
            order.vehicle_id.sudo()._record_odometer(
                order[name],
                date=fields.Date.context_today(order),
                source=order.name,
            )

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
