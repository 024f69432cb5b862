import hashlib
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import str2bool
from odoo.tools.translate import LazyTranslate

from ..tools.price_download import DownloadError, NotChanged, download
from .auto_service_price_list_load import RUNNING

_lt = LazyTranslate(__name__)
# Looked up by code and translated when they are shown.
# pylint: disable=prefer-env-translation

_logger = logging.getLogger(__name__)

PARTS = "auto_service_base.group_parts"

DOWNLOAD_ERRORS = {
    "address": _lt("The address must begin with http, https or ftp."),
    "local": _lt(
        "The address leads to the server itself. An administrator can allow it with "
        "the system parameter auto_service_parts.allow_local_addresses."
    ),
    "status": _lt("The supplier's server does not give the file: %(detail)s"),
    "login": _lt("The supplier's server refuses login or password."),
    "connection": _lt("The supplier's server cannot be reached: %(detail)s"),
    "too_slow": _lt("The supplier's server is too slow."),
    "too_big": _lt("The file is too big to be a price list."),
    "cut": _lt("The file was cut off on the way."),
}
#: A load that nobody worked on for so long was left alone: it goes on by itself.
LEFT_ALONE_SECONDS = 60
#: Time after which rows that nobody can bring back any more are dropped.
GRACE_MINUTES = 10
#: Hours until the next try after the supplier's server gave nothing.
RETRY_HOURS = 1


class AutoServicePriceList(models.Model):
    """Lists that are fetched by themselves, and work that goes on without a screen."""

    _inherit = "auto.service.price.list"

    url = fields.Char(
        string="Address",
        groups=PARTS,
        help="Where the supplier offers the file: http, https or ftp.",
    )
    url_login = fields.Char(
        string="Login",
        groups=PARTS,
        help="For the address, if it wants one.",
        copy=False,
    )
    url_password = fields.Char(
        string="Password",
        compute="_compute_url_password",
        inverse="_inverse_url_password",
        exportable=False,
        copy=False,
        groups=PARTS,
        help="It is kept on the server and never shown again.",
    )
    has_password = fields.Boolean(
        string="Password is kept",
        compute="_compute_url_password",
        groups=PARTS,
        help="A password was entered.",
    )
    fetch_hours = fields.Integer(
        string="Fetch every … hours", help="Zero: only when somebody asks for it."
    )
    next_fetch_at = fields.Datetime(
        string="Next time",
        compute="_compute_next_fetch_at",
        store=True,
        readonly=False,
        copy=False,
        help="When the file is fetched next.",
    )
    marks = fields.Json(
        copy=False,
        export_string_translation=False,
        help="What the server said about the last file, to know whether it is new.",
    )

    _fetch_hours_positive = models.Constraint(
        "CHECK (fetch_hours >= 0)", "The hours between two fetches cannot be negative."
    )

    def _compute_url_password(self):
        # Nobody may read the secrets.
        secrets_sudo = self.env["auto.service.price.list.secret"].sudo()
        known = secrets_sudo.search([("list_id", "in", self.ids)]).list_id
        for price_list in self:
            price_list.url_password = False
            price_list.has_password = price_list in known

    def _inverse_url_password(self):
        # See _compute_url_password.
        secrets_sudo = self.env["auto.service.price.list.secret"].sudo()
        for price_list in self.filtered("url_password"):
            secrets_sudo.search([("list_id", "=", price_list.id)]).unlink()
            secrets_sudo.create(
                {"list_id": price_list.id, "value": price_list.url_password}
            )

    def write(self, vals):
        places = {it: it._get_url_place() for it in self} if "url" in vals else {}
        result = super().write(vals)
        if places and not vals.get("url_password"):
            self._forget_where_moved(places)
        return result

    def _get_url_place(self):
        """Where the password goes to: protocol and host."""
        parts = urlsplit(self.sudo().url or "")  # the address is for parts people
        return parts.scheme, parts.netloc

    def _forget_where_moved(self, places):
        """A password never follows to another place: whoever moves it types it again.

        :param dict places: of :meth:`_get_url_place` before
        """
        moved = self.filtered(lambda it: it._get_url_place() != places[it])
        # See _compute_url_password.
        secrets_sudo = self.env["auto.service.price.list.secret"].sudo()
        secrets_sudo.search([("list_id", "in", moved.ids)]).unlink()
        self.invalidate_recordset(["has_password"], flush=False)

    @api.depends("url", "fetch_hours")
    def _compute_next_fetch_at(self):
        for price_list in self:
            is_wanted = price_list.url and price_list.fetch_hours
            price_list.next_fetch_at = is_wanted and (
                price_list.next_fetch_at or fields.Datetime.now()
            )

    def action_fetch(self):
        """Invoked when the button Fetch now is clicked."""
        for price_list in self:
            if not price_list.url:
                raise UserError(
                    self.env._("“%(list)s” has no address.", list=price_list.name)
                )
        self.write({"next_fetch_at": fields.Datetime.now(), "marks": False})
        cron = self.env.ref("auto_service_parts.auto_service_price_list_cron_load")
        # The job belongs to the superuser.
        cron.sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The file will be fetched in a moment."),
            },
        }

    # ------------------------------------------------------------------
    # Without a screen
    # ------------------------------------------------------------------

    @api.model
    def _cron_load_price_lists(self):
        """Fetch what is due, go on with what was left alone, drop what is not needed.

        Called by the scheduled action every few minutes; safe to be run twice and to
        be killed anywhere.
        """
        due = self.search(
            [("next_fetch_at", "<=", fields.Datetime.now()), ("url", "!=", False)]
        )
        left = self._get_left_alone()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due) + len(left))
        for load in left:
            load._work_off()
            if not cron._commit_progress(1):
                return
        for price_list in due:
            price_list._fetch()
            if not cron._commit_progress(1):
                return
        self._drop_old_rows()

    @api.model
    def _get_left_alone(self):
        """Loads whose screen was closed, or whose server died."""
        limit = fields.Datetime.now() - timedelta(seconds=LEFT_ALONE_SECONDS)
        return self.env["auto.service.price.list.load"].search(
            [("state", "in", RUNNING), ("write_date", "<", limit)]
        )

    def _fetch(self):
        """Fetch the file of the list and load it; whatever happens, say so."""
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            return
        hours = self.fetch_hours or 0
        now = fields.Datetime.now()
        self.next_fetch_at = now + timedelta(hours=hours) if hours else False
        load = self.load_ids.create(
            {"list_id": self.id, "is_from_url": True, "filename": self.name}
        )
        # Nothing is locked while the file comes in.
        self.env["ir.cron"]._commit_progress()
        try:
            found = load._download()
        except NotChanged:
            load.unlink()
            return
        except DownloadError as error:
            text = self.env._(DOWNLOAD_ERRORS[error.code])
            load._fail(text.replace("%(detail)s", error.detail))
            self.next_fetch_at = hours and now + timedelta(
                hours=min(hours, RETRY_HOURS)
            )
            return
        self.marks = found["marks"]
        load._take_over(found["name"])

    def _drop_old_rows(self):
        """Rows that nobody can bring back any more, and those of dead loads."""
        lists = self.with_context(active_test=False).search([("generation", ">", 0)])
        kept = {*lists.mapped("generation"), *lists.mapped("previous_generation")}
        limit = fields.Datetime.now() - timedelta(minutes=GRACE_MINUTES)
        loads = self.env["auto.service.price.list.load"].search(
            [
                ("generation", "!=", 0),
                "|",
                ("state", "in", (*RUNNING, "held")),
                ("left_at", ">", limit),
            ]
        )
        kept.update(loads.mapped("generation"))
        count = self.env["auto.service.price.row"]._drop_old(kept)
        if count:
            _logger.info("Dropped the rows of %s old price lists", count)


class AutoServicePriceListLoad(models.Model):
    """A file that comes from the net, and one that goes on without a screen."""

    _inherit = "auto.service.price.list.load"

    def _download(self):
        """Fetch the file of the list.

        :return: see ``price_download.download``
        """
        price_list = self.list_id
        parameters = self.env["ir.config_parameter"].sudo()
        # Nobody may read the secrets.
        secret_sudo = (
            self.env["auto.service.price.list.secret"]
            .sudo()
            .search([("list_id", "=", price_list.id)])
        )
        name = "auto_service_parts.allow_local_addresses"
        self._get_folder().mkdir(parents=True, exist_ok=True)
        values = (price_list.url, self._get_file(), price_list.url_login or "")
        is_local_allowed = str2bool(parameters.get_param(name, ""), False)
        password, known = secret_sudo.value or "", price_list.marks
        self.env["ir.cron"]._commit_progress()
        return download(
            *values, password, known=known, is_local_allowed=is_local_allowed
        )

    def _take_over(self, filename):
        """Load a file that has come in, unless it is the one in force."""
        checksum = self._get_checksum()
        before = self.list_id.load_ids.filtered(
            lambda it: it.state == "done" and it.generation == self.list_id.generation
        )
        if before and before.checksum == checksum:
            self.unlink()
            return
        self.write({"filename": filename or self.filename, "checksum": checksum})
        if not self.finish_upload():
            if self.state == "new":
                self.message = self.env._(
                    "The first file of the list: look at the columns, then load it."
                )
                self.list_id._tell_trouble(self)
            return
        self.start()
        self._work_off()

    def _get_checksum(self):
        """Of the whole file, read by pieces."""
        with self._get_file().open("rb") as stream:
            return hashlib.file_digest(stream, "sha1").hexdigest()

    def _work_off(self):
        """All steps, each committed: a kill costs one step at most."""
        try:
            while self.state in RUNNING:
                before = (self.state, self.position)
                self.step(seconds=5)
                self.env["ir.cron"]._commit_progress()
                if (self.state, self.position) == before:
                    return
        except OperationalError:
            # Somebody else is at it, or the server is going down: the next time.
            self.env.cr.rollback()
        except Exception:
            _logger.exception("Load of price list %s", self.list_id.name)
            self.env.cr.rollback()
            self._fail(
                self.env._("An unexpected error; the log of the server has details.")
            )
