from datetime import timedelta
from urllib.parse import urlsplit

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.supplier_client import SupplierError

MANAGER = "auto_service_base.group_manager"


class AutoServiceSupplierAccount(models.Model):
    """Our account at a supplier who answers and takes orders over the net."""

    _name = "auto.service.supplier.account"
    _description = "Account at a Supplier"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Short name, shown beside the offers.")
    sequence = fields.Integer(default=10, help="Place in lists.")
    active = fields.Boolean(
        default=True, help="An archived account is not asked any more."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that has the account.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Vendor whose bills come for what is ordered here.",
    )
    handler = fields.Selection(
        selection="_selection_handler",
        required=True,
        help="How the supplier is talked to.",
    )
    handler_fields = fields.Char(
        compute="_compute_handler_fields",
        export_string_translation=False,
        help="Fields that the handler needs, with commas around each.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the prices that the supplier answers.",
    )
    # --- access
    url = fields.Char(
        string="Address",
        groups=MANAGER,
        help="Address of the supplier's system, for example "
        "https://shop.public.api.abcp.ru. With another address the password has to be "
        "typed again.",
    )
    login = fields.Char(groups=MANAGER, help="Our name there.")
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        store=False,
        copy=False,
        exportable=False,
        groups=MANAGER,
        help="Typed once; from then on nobody can read it, only the server uses it.",
    )
    has_password = fields.Boolean(
        string="Password is kept",
        compute="_compute_has_password",
        groups=MANAGER,
        help="A password was typed; type it again to change it.",
    )
    # --- how it is asked
    timeout_seconds = fields.Integer(
        string="Limit, seconds",
        default=5,
        help="Whoever has not answered by then does not hold up the others.",
    )
    max_parallel = fields.Integer(
        string="Questions at once",
        default=2,
        help="Most suppliers refuse more than a few questions at the same time.",
    )
    cache_minutes = fields.Integer(
        string="Fresh for, minutes",
        default=10,
        help="The same question within that time is answered from memory; 0 for never.",
    )
    is_asked = fields.Boolean(
        string="In enquiries", default=True, help="It is asked in every enquiry."
    )
    has_partner_stocks = fields.Boolean(
        string="Partners' stocks",
        help="Also what the supplier could get from its own suppliers: more offers, "
        "slower answers.",
    )
    # --- how soon
    extra_hours = fields.Integer(
        string="Safety, hours",
        help="Hours that the supplier usually needs on top of the term it names.",
    )
    cut_off_hour = fields.Float(
        string="Orders until",
        help="Time of the day until which orders still leave on the same day, in the "
        "zone of the company; 0 for none.",
    )
    late_hours = fields.Integer(
        string="Later orders, hours",
        default=24,
        help="Hours on top of the term for what is ordered after that time.",
    )
    # --- orders
    is_ordering = fields.Boolean(
        string="Place orders", help="Orders go to the supplier's system by themselves."
    )
    comment = fields.Char(
        string="Comment on orders", help="Goes with every order to the supplier."
    )
    payment_option_id = fields.Many2one(
        "auto.service.supplier.option",
        string="Way of payment",
        domain="[('account_id', '=', id), ('kind', '=', 'payment')]",
        copy=False,
        help="How orders are paid.",
    )
    shipment_option_id = fields.Many2one(
        "auto.service.supplier.option",
        string="Way of delivery",
        domain="[('account_id', '=', id), ('kind', '=', 'shipment')]",
        copy=False,
        help="How orders are delivered.",
    )
    address_option_id = fields.Many2one(
        "auto.service.supplier.option",
        string="Delivered to",
        domain="[('account_id', '=', id), ('kind', '=', 'address')]",
        copy=False,
        help="Where orders are delivered. Empty: you fetch them.",
    )
    office_option_id = fields.Many2one(
        "auto.service.supplier.option",
        string="Fetched from",
        domain="[('account_id', '=', id), ('kind', '=', 'office')]",
        copy=False,
        help="Office of the supplier where you fetch orders.",
    )
    status_ids = fields.One2many(
        "auto.service.supplier.status",
        "account_id",
        string="Statuses",
        help="Statuses that the supplier gives to orders, and what they mean.",
    )

    _timeout_range = models.Constraint(
        "CHECK (timeout_seconds BETWEEN 1 AND 60)",
        "The limit is 1 to 60 seconds.",
    )
    _max_parallel_range = models.Constraint(
        "CHECK (max_parallel BETWEEN 1 AND 20)",
        "1 to 20 questions at once.",
    )
    _cut_off_range = models.Constraint(
        "CHECK (cut_off_hour >= 0 AND cut_off_hour < 24)",
        "The time of the day is between 0:00 and 23:59.",
    )

    @api.model
    def _selection_handler(self):
        """Handlers that are installed: pairs of model and label."""
        parent = self.env.registry["auto.service.supplier.handler"]
        return [
            (name, self.env[name]._handler_label)
            for name in sorted(
                self.env.registry.descendants([parent._name], "_inherit")
            )
            if name != parent._name
        ]

    @api.depends("handler")
    def _compute_handler_fields(self):
        for account in self:
            names = account._get_handler()._get_account_fields()
            account.handler_fields = f",{','.join(sorted(names))},"

    def _compute_password(self):
        self.password = False

    def _inverse_password(self):
        """Hand the password over to where nobody can read it."""
        # The model of secrets has no rights at all, for nobody.
        secrets_sudo = self.env["auto.service.supplier.secret"].sudo()
        for account in self:
            password = account.password
            if password:
                password = account._get_handler()._seal_password(password)
            secrets_sudo._set(account, password)
        self.invalidate_recordset(["password", "has_password"], flush=False)

    def _compute_has_password(self):
        # The model of secrets has no rights at all; only its presence is told.
        kept = self.env["auto.service.supplier.secret"].sudo()._get(self)
        for account in self:
            account.has_password = account.id in kept

    @api.constrains("url")
    def _check_url(self):
        for account in self.filtered("url"):
            if not account.url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._(
                        "The address of %(name)s has to begin with https://.",
                        name=account.name,
                    )
                )

    def write(self, vals):
        places = {account: account._get_place() for account in self}
        result = super().write(vals)
        if {"url", "handler"} & set(vals) and not vals.get("password"):
            self._forget_where_moved(places)
        if {"url", "handler", "login", "password"} & set(vals):
            self._with_own_cursor("_forgive_now")  # it may be right now
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        orders = self.env["auto.service.supplier.order"]
        used = orders._read_group([("account_id", "in", self.ids)], ["account_id"])
        if used:
            raise UserError(
                self.env._(
                    "Orders were placed by %(names)s. Archive it instead.",
                    names=", ".join(account.name for [account] in used),
                )
            )

    def _get_place(self):
        """Where the password goes to: handler, protocol and host."""
        parts = urlsplit(self.sudo().url or "")  # the address is for managers only
        return self.handler, parts.scheme, parts.netloc

    def _forget_where_moved(self, places):
        """A password never follows to another place: whoever moves it types it again.

        :param dict places: of :meth:`_get_place` before
        """
        # The model of secrets has no rights at all, for nobody.
        secrets_sudo = self.env["auto.service.supplier.secret"].sudo()
        for account in self:
            if account._get_place() != places[account]:
                secrets_sudo._set(account, False)
        self.invalidate_recordset(["has_password"], flush=False)

    # --- what handlers and others ask
    def _get_handler(self):
        """Model that talks to the supplier, with the rights of the user."""
        parent = "auto.service.supplier.handler"
        # The addon of the handler may have been removed.
        return self.env[self.handler if self.handler in self.env else parent]

    def _make_client(self):
        """Client that talks to the supplier.

        :raise SupplierError: ``auth`` when there is no address or no password
        """
        self.ensure_one()
        return self._get_handler()._make_client(self)

    def _get_client_options(self):
        """Plain values for a client; they hold the secret, so they go nowhere else.

        :return: dict, see SupplierClient
        """
        self.ensure_one()
        # Advisors ask suppliers, but neither see addresses nor secrets.
        account_sudo = self.sudo()
        secrets_sudo = self.env["auto.service.supplier.secret"].sudo()
        needed = self._get_handler()._get_account_fields()
        options = {
            "url": account_sudo.url,
            "login": account_sudo.login or "",
            "password": secrets_sudo._get(self).get(self.id) or "",
            "timeout": self.timeout_seconds,
            "currency": self.currency_id.name,
            "has_partner_stocks": self.has_partner_stocks,
            "comment": self.comment or "",
            **account_sudo._get_chosen_codes(),
            **self._get_handler()._get_client_options(account_sudo),
        }
        missing = [
            name
            for name in ("url", "login", "password")
            if name in needed and not options[name]
        ]
        if missing:
            raise SupplierError("auth", self._get_missing_text(), was_sent=False)
        return options

    def _get_missing_text(self):
        return self.env._("Address, login or password of the account is missing.")

    def _get_chosen_codes(self):
        """Codes of the choices for orders."""
        return {
            kind: self[f"{kind}_option_id"].code
            for kind in ("payment", "shipment", "address", "office")
        }

    def _get_extra_hours(self, now=None):
        """Hours on top of the term that the supplier names.

        :param datetime now: UTC, without zone; the moment of the order
        :return: whole hours
        """
        self.ensure_one()
        hours = self.extra_hours
        if self.cut_off_hour:
            zone = pytz.timezone(
                self.company_id.partner_id.tz or self.env.user.tz or "UTC"
            )
            local = pytz.utc.localize(now or fields.Datetime.now()).astimezone(zone)
            if timedelta(hours=local.hour, minutes=local.minute) >= timedelta(
                hours=self.cut_off_hour
            ):
                hours += self.late_hours
        return hours
