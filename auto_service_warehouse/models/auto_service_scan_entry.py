from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KEEP_DAYS = 30


class AutoServiceScanEntry(models.Model):
    """A scan that was taken, and what was answered.

    A scan that is sent twice, because the answer got lost on the way, counts once: the
    second time it gets the answer of the first.
    """

    _name = "auto.service.scan.entry"
    _description = "Scan"
    _order = "id desc"
    _rec_name = "event"

    token = fields.Char(
        required=True, help="Name that the scanner gave to this scan; never used again."
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        index=True,
        ondelete="cascade",
        help="Who scanned.",
    )
    mode = fields.Char(required=True, help="What was being done.")
    event = fields.Char(help="What was scanned, or which button was pressed.")
    answer = fields.Json(help="What the screen showed.")
    undo = fields.Json(help="How it is taken back.")
    is_undone = fields.Boolean(string="Taken back", help="It was taken back.")

    _token_uniq = models.UniqueIndex("(token)", "This scan was taken already.")

    @api.model
    def _enter(self, token, mode, event):
        """Note a scan before it is worked on, or find it again.

        Of two requests with one token the second waits for the first; the host then
        tries it again by itself.

        :param str token: name of the scan
        :param str mode: what is being done
        :param dict event: what was scanned or pressed
        :return: auto.service.scan.entry record in sudo; with ``answer`` when it was
            taken before
        """
        token = str(token or "")[:64]
        if not token:
            raise UserError(self.env._("A scan needs a name of its own."))
        text = str(event.get("code") or event.get("action") or "undo")[:200]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_scan_entry
                    (token, user_id, mode, event, create_uid, write_uid, create_date,
                     write_date)
                VALUES (%(token)s, %(uid)s, %(mode)s, %(text)s, %(uid)s, %(uid)s,
                    now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
                ON CONFLICT (token) DO NOTHING RETURNING id
                """,
                token=token,
                uid=self.env.uid,
                mode=mode,
                text=text,
            ),
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        # nobody reads the table by himself; the scanner keeps its own book
        entries_sudo = self.sudo()
        return entries_sudo.browse(row) if row else entries_sudo._find(token)

    @api.model
    def _find(self, token):
        """Scan of the user by its token."""
        entry = self.search(
            [("token", "=", str(token)), ("user_id", "=", self.env.uid)], limit=1
        )
        if not entry:
            raise UserError(self.env._("This scan is not yours, or it is too old."))
        return entry

    @api.autovacuum
    def _gc_entries(self):
        """Answers are needed for minutes only; a month is for questions of people."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
