import logging
import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.translate import LazyTranslate

from odoo.addons.auto_service_base.tools.table_file import FileError

_lt = LazyTranslate(__name__)
# Looked up by code and translated when they are shown.
# pylint: disable=prefer-env-translation

_logger = logging.getLogger(__name__)

STATES = [
    ("incoming", "Coming in"),
    ("new", "File"),
    ("opening", "Being opened"),
    ("reading", "Being read"),
    ("checking", "Being checked"),
    ("ready", "Checked"),
    ("held", "Somebody has to look"),
    ("done", "Loaded"),
    ("failed", "Failed"),
    ("stopped", "Stopped"),
    ("undone", "Taken back"),
]
#: States in which a load goes on by steps.
RUNNING = ("opening", "reading", "checking", "ready")
#: Bytes that an incoming file may have.
MAX_FILE = 2 << 30
FILE_ERRORS = {
    "empty": _lt("The file is empty."),
    "binary": _lt("This is neither a text nor a workbook: ask for CSV or XLSX."),
    "archive": _lt("This format cannot be read: ask for CSV, XLSX or ZIP."),
    "rar": _lt("RAR cannot be read: ask for ZIP, CSV or XLSX."),
    "password": _lt("The file is locked by a password: ask for one without."),
    "members": _lt(
        "The ZIP holds several tables: say which one under “File in the ZIP”."
    ),
    "no_member": _lt("The ZIP holds no file of the name under “File in the ZIP”."),
    "too_big": _lt("The file is too big to be a price list, or the disk is full."),
    "broken": _lt("The file is damaged: fetch it again."),
    "truncated": _lt("The file ends in the middle: fetch it again."),
    "no_sheet": _lt("The workbook has no sheet with data."),
    "long_line": _lt("This line is longer than any row of a table can be."),
    "quote": _lt(
        "A quotation mark is opened and never closed: correct that line, or untick "
        "“Texts in quotation marks”."
    ),
    "gone": _lt("The file is not on the server any more: choose it again."),
}


class LoadError(Exception):
    """The load cannot go on; the text says why."""


class AutoServicePriceListLoad(models.Model):
    """One file of a price list on its way into force.

    It comes in by pieces, is read by short steps into a table that stands alone,
    judged as a whole, and brought into force with one small transaction. Whatever dies
    on the way, the list in force stays, and the next step goes on where the last one
    was finished.
    """

    _name = "auto.service.price.list.load"
    _description = "Load of a Price List"
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    list_id = fields.Many2one(
        "auto.service.price.list",
        string="Price list",
        required=True,
        index=True,
        ondelete="cascade",
        help="Price list that the file is about.",
    )
    company_id = fields.Many2one(
        related="list_id.company_id", store=True, help="Company that buys by the list."
    )
    filename = fields.Char(string="File name", readonly=True, help="Name of the file.")
    file_size = fields.Float(readonly=True, digits=(16, 0), help="Size in bytes.")
    is_from_url = fields.Boolean(
        string="From the net", readonly=True, help="It was fetched by itself."
    )
    state = fields.Selection(
        STATES,
        default="incoming",
        required=True,
        readonly=True,
        index=True,
        help="How far it is.",
    )
    message = fields.Text(
        string="What happened", readonly=True, help="Why it stopped, or what to know."
    )
    settings = fields.Json(
        readonly=True,
        export_string_translation=False,
        help="How the file is read: format, meanings of the columns.",
    )
    position = fields.Json(
        readonly=True,
        export_string_translation=False,
        help="How far the file has been read.",
    )
    generation = fields.Integer(
        readonly=True,
        index="btree_not_null",
        export_string_translation=False,
        help="Number of its rows in the table of all price lists.",
    )
    row_count = fields.Integer(string="Rows", readonly=True, help="Rows of the file.")
    good_count = fields.Integer(
        string="Taken", readonly=True, help="Rows that were taken."
    )
    bad_count = fields.Integer(
        string="Refused", readonly=True, help="Rows that were refused."
    )
    empty_count = fields.Integer(
        string="Not in stock", readonly=True, help="Rows left out: there is nothing."
    )
    passed_count = fields.Integer(
        string="Headings", readonly=True, help="Lines that are no offers."
    )
    mended_count = fields.Integer(
        string="Mended",
        readonly=True,
        help="Numbers that a spreadsheet had damaged and that could be mended.",
    )
    offer_count = fields.Integer(
        string="Offers", readonly=True, help="Offers of the list with this load."
    )
    seconds = fields.Float(
        readonly=True, digits=(16, 1), help="Time that the server worked on it."
    )
    rows_per_second = fields.Integer(
        compute="_compute_rows_per_second", help="Rows by the time of work."
    )
    stepped_at = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="When the last step was finished.",
    )
    loaded_at = fields.Datetime(
        string="Loaded on", readonly=True, help="When it came into force first."
    )
    left_at = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="When its rows were given up.",
    )
    checksum = fields.Char(
        readonly=True, export_string_translation=False, help="Of the file."
    )
    bad_ids = fields.One2many(
        "auto.service.price.list.bad",
        "load_id",
        string="Refused rows",
        readonly=True,
        help="Rows that were refused, with the reason.",
    )

    _one_running_uniq = models.UniqueIndex(
        "(list_id) WHERE state IN ('opening', 'reading', 'checking', 'ready')",
        "A file of this price list is being loaded already.",
    )

    @api.depends("row_count", "seconds")
    def _compute_rows_per_second(self):
        for load in self:
            load.rows_per_second = load.row_count / load.seconds if load.seconds else 0

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    @api.model
    def _get_root(self):
        """Folder of the files of all loads, beside the attachments."""
        return Path(config.filestore(self.env.cr.dbname)) / "auto_service_price"

    def _get_folder(self):
        """Folder of the file and what it is unpacked to."""
        self.ensure_one()
        return self._get_root() / str(self.id)

    def _get_file(self):
        return self._get_folder() / "file"

    def _append_piece(self, offset, read):
        """Write a piece of the file behind the others.

        A piece that is sent again takes the place of the one before.

        :param int offset: bytes before the piece
        :param read: called with a number of bytes, gives bytes
        :return: bytes of the file so far
        """
        self.ensure_one()
        self._get_folder().mkdir(parents=True, exist_ok=True)
        path = self._get_file()
        path.touch()
        if not 0 <= offset <= path.stat().st_size:
            raise UserError(
                self.env._("A piece of the file is missing: send it again.")
            )
        with path.open("r+b") as stream:
            stream.seek(offset)
            stream.truncate()
            while chunk := read(1 << 18):
                stream.write(chunk)
                if stream.tell() > MAX_FILE:
                    raise UserError(self.env._(FILE_ERRORS["too_big"]))
            return stream.tell()

    def _remove_files(self):
        """The files are not needed any more; what was in force is in the table."""
        for load in self:
            shutil.rmtree(load._get_folder(), ignore_errors=True)

    def _remove_unpacked(self):
        """Only the file itself stays."""
        folder = self._get_folder()
        for path in folder.iterdir() if folder.exists() else ():
            if path.name != "file":
                path.unlink(missing_ok=True)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def finish_upload(self):
        """Called when all pieces are there.

        A list that was loaded before is loaded at once; for a new one somebody looks
        at the columns first.

        :return: whether it can be started without a look
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "incoming":
            return False
        path = self._get_file()
        if not path.exists() or not path.stat().st_size:
            raise UserError(self.env._("The file is empty: choose another one."))
        self.write({"state": "new", "file_size": path.stat().st_size})
        self._retire_waiting()
        if not self.list_id.generation:
            self._guess_profile()
        return bool(self.list_id.generation)

    def _retire_waiting(self):
        """Files before this one that nobody decided about are given up."""
        older = self.list_id.load_ids.filtered(
            lambda it: it.id < self.id and it.state in ("incoming", "new", "held")
        )
        older._give_up("stopped")

    def start(self):
        """Begin to load; ``step`` goes on. Called by the button Load.

        :return: dict for the progress bar
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("new", "stopped", "failed", "held"):
            raise UserError(self.env._("This file has been loaded: choose a new one."))
        if not self._get_file().exists():
            raise UserError(self.env._(FILE_ERRORS["gone"]))
        self.flush_model(["state"])
        self._give_up("opening")
        self._ensure_profile_is_complete()
        return self._get_progress()

    def _ensure_profile_is_complete(self):
        meanings = set(self.list_id.column_ids.mapped("meaning"))
        missing = [
            label
            for name, label in (
                ("number", self.env._("the number")),
                ("price", self.env._("the price")),
            )
            if name not in meanings
        ]
        if "brand" not in meanings and not self.list_id.brand_name:
            missing.append(self.env._("the brand, or set the brand of all parts"))
        if missing:
            raise UserError(
                self.env._(
                    "Say which column holds %(columns)s.", columns=", ".join(missing)
                )
            )

    def step(self, seconds=1.5):
        """Work on the file for a while. Called until the state is not a running one.

        :param float seconds: how long rows are read
        :return: dict for the progress bar
        """
        self.ensure_one()
        self.check_access("write")
        if self.state in RUNNING and self.try_lock_for_update():
            begin = time.perf_counter()
            self._take_step(begin + seconds)
            self.seconds += time.perf_counter() - begin
            self.stepped_at = fields.Datetime.now()
        return self._get_progress()

    def _take_step(self, until):
        """One of the steps; what goes wrong with the file ends the load."""
        steps = {
            "opening": self._open,
            "reading": lambda: self._read(until),
            "checking": self._check,
            "ready": self._put_in_force,
        }
        try:
            with self.env.cr.savepoint():
                steps[self.state]()
        except FileError as error:
            self._fail(self._get_file_error(error))
        except LoadError as error:
            self._fail(str(error))
        except FileNotFoundError:
            self._fail(self.env._(FILE_ERRORS["gone"]))

    def _get_file_error(self, error):
        """Sentence about a file that cannot be read.

        :param error: FileError
        """
        text = self.env._(FILE_ERRORS.get(error.code, FILE_ERRORS["broken"]))
        if error.line:
            return self.env._("Line %(line)s: %(text)s", line=error.line, text=text)
        return text

    def _fail(self, text):
        """Nothing was changed; the responsible one is told."""
        self._give_up("failed")
        self.message = text
        self.list_id._tell_trouble(self)

    def stop(self):
        """Called by the button Stop: the list in force stays."""
        for load in self.filtered(lambda it: it.state in (*RUNNING, "held", "new")):
            load.check_access("write")
            load._give_up("stopped")
        return True

    def _give_up(self, state):
        """Rows that are not in force go; counts begin anew.

        :param str state: what the load becomes
        """
        for load in self:
            if load.generation:
                self.env["auto.service.price.row"]._drop_table(load.generation)
            if state == "opening":
                load.bad_ids.sudo().unlink()
                load._forget_counts()
            load.write({"state": state, "generation": 0, "position": False})
            load._remove_unpacked()

    def _forget_counts(self):
        names = ("row", "good", "bad", "empty", "passed", "mended", "offer")
        counts = {f"{name}_count": 0 for name in names}
        self.write({**counts, "seconds": 0, "message": False, "settings": False})

    def _run(self):
        """All steps, one after the other, in this transaction. For short files."""
        self.start()
        while self.state in RUNNING:
            self.step()
        return self

    def _get_progress(self):
        """What the progress bar shows.

        :return: dict; ``share`` from 0 to 1
        """
        self.ensure_one()
        position, settings = self.position or {}, self.settings or {}
        size = (settings.get("format") or {}).get("size") or 0
        return {
            "state": self.state,
            "rows": self.row_count,
            "bad": self.bad_count,
            "share": min(position.get("offset", 0) / size, 1.0) if size else 0.0,
            "seconds": self.seconds,
            "message": self.message or "",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if self.filtered(lambda it: it.generation and it.state in ("done", "undone")):
            raise UserError(
                self.env._("Loads whose rows are in force, or were last, are kept.")
            )

    def unlink(self):
        generations = [load.generation for load in self if load.generation]
        result = super().unlink()
        for generation in generations:
            self.env["auto.service.price.row"]._drop_table(generation)
        self._remove_files()
        return result

    @api.autovacuum
    def _gc_files(self):
        """Files that nobody needs: old ones, and those that never came in whole."""
        root = self._get_root()
        if not root.exists():
            return
        numbers = [int(name) for name in os.listdir(root) if name.isdecimal()]
        limit = fields.Datetime.now() - timedelta(days=7)
        loads = self.sudo().browse(numbers).exists()
        for number in set(numbers) - set(loads.ids):
            self.browse(number)._remove_files()
        for load in loads.filtered(lambda it: it.write_date < limit):
            if load.state not in RUNNING:
                load._remove_files()
