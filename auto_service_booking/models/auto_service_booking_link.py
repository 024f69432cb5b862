import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import consteq, hmac

TOKEN = re.compile(r"([1-9][0-9]{0,9})-([0-9a-f]{64})")
SCOPE = "auto_service_booking.link"
LAST_ID = 2**31 - 1


class AutoServiceBookingLink(models.Model):
    """A link by which a customer picks, moves or cancels his time without a login.

    Its token is the number of the record and a signature over that number and a
    random part, made with the secret of the database: no table holds it, and knowing
    one token tells nothing about another.
    """

    _name = "auto.service.booking.link"
    _description = "Customer's Link to a Booking"
    _order = "id desc"

    booking_id = fields.Many2one(
        "auto.service.booking",
        required=True,
        index=True,
        ondelete="cascade",
        help="Booking that the link opens; no other.",
    )
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True, help="Branch."
    )
    nonce = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="base.group_system",
        help="Random part of the link.",
    )
    expires_at = fields.Datetime(required=True, help="The link is of no use after it.")
    revoked_at = fields.Datetime(readonly=True, help="When somebody withdrew the link.")
    opened_at = fields.Datetime(
        readonly=True, help="When the customer opened it first."
    )
    used_at = fields.Datetime(
        readonly=True, help="When the customer picked, moved or cancelled last."
    )
    state = fields.Selection(
        [("live", "Valid"), ("expired", "Expired"), ("revoked", "Withdrawn")],
        compute="_compute_state",
        help="Whether the link still opens the booking.",
    )

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            if link.revoked_at:
                link.state = "revoked"
            elif not link.expires_at or link.expires_at <= now:
                link.state = "expired"
            else:
                link.state = "live"

    @api.depends("booking_id", "state")
    def _compute_display_name(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for link in self:
            link.display_name = f"{link.booking_id.name} · {labels[link.state]}"

    # Token --------------------------------------------------------------------

    @api.model
    def _find_by_token(self, token):
        """Link of a token out of an address.

        :param str token: what the visitor sent; anything
        :return: auto.service.booking.link record in sudo, which may have expired or
            been withdrawn; empty for every token that this database did not give
        """
        match = TOKEN.fullmatch(token or "")
        number, signature = match.groups() if match else ("0", "")
        number = int(number) if int(number) <= LAST_ID else 0
        # visitors have no rights; the signature is what lets them in
        link_sudo = self.sudo().browse(number).exists()
        is_ours = consteq(self._sign(number, link_sudo.nonce or ""), signature)
        return link_sudo if is_ours else link_sudo.browse()

    def _get_token(self):
        """Token of the link, the secret part of its address."""
        self.ensure_one()
        return f"{self.id}-{self._sign(self.id, self.sudo().nonce)}"

    @api.model
    def _sign(self, number, nonce):
        """Signature of a link: 64 hexadecimal digits."""
        # the secret is the administrator's to read
        return hmac(self.sudo().env, SCOPE, (number, nonce))

    def _get_path(self, page=""):
        """Address on this server.

        :param str page: "", "times", "pick", "cancel", …: see the controller
        """
        path = f"/booking/{self._get_token()}"
        return f"{path}/{page}" if page else path

    def _get_url(self):
        """Address to give to the customer."""
        return self.booking_id.get_base_url() + self._get_path()

    # Life ---------------------------------------------------------------------

    @api.model
    def _make(self, booking):
        """Link to give to the customer of ``booking``: the one he has, or a new one.

        :param booking: auto.service.booking record
        :return: auto.service.booking.link record in sudo
        """
        booking.ensure_one()
        # whoever may send a booking may make its link; nobody writes links by hand
        link_sudo = self.sudo()._get_live(booking)
        until = self._get_valid_until(booking)
        if not link_sudo:
            values = {"booking_id": booking.id, "expires_at": until}
            return self.sudo().create(values)
        link_sudo.expires_at = max(link_sudo.expires_at, until)
        return link_sudo

    @api.model
    def _get_live(self, booking):
        """Newest link of ``booking`` that still opens it; may be empty."""
        domain = [
            ("booking_id", "=", booking.id),
            ("revoked_at", "=", False),
            ("expires_at", ">", fields.Datetime.now()),
        ]
        return self.search(domain, limit=1)

    @api.model
    def _get_valid_until(self, booking):
        """A link is valid for the days of the branch, and until an agreed visit ends.

        :return: naive UTC datetime
        """
        days = booking.company_id.auto_service_link_days
        until = fields.Datetime.now() + timedelta(days=days)
        return max(until, booking.stop or until)

    def _revoke(self):
        """Nobody opens the booking by these links any more."""
        live_sudo = self.sudo().filtered(lambda link: not link.revoked_at)
        live_sudo.revoked_at = fields.Datetime.now()

    def _note_opened(self):
        if not self.opened_at:
            self.opened_at = fields.Datetime.now()

    def _note_used(self):
        """The customer did something: the link lives on until his visit."""
        until = self._get_valid_until(self.booking_id)
        self.write(
            {
                "used_at": fields.Datetime.now(),
                "expires_at": max(self.expires_at, until),
            }
        )
