import io

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools import labour_column, labour_row, table_file
from .auto_service_labour_import_bad import PROBLEMS
from .auto_service_labour_source import LABOUR_UNITS
from .auto_service_labour_time import LABOUR_TIME_KINDS

_lt = LazyTranslate(__name__)
# Looked up by code and translated when they are shown.
# pylint: disable=prefer-env-translation

ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("cp1252", "Western European (cp1252)"),
    ("cp1250", "Central European (cp1250)"),
    ("cp1257", "Baltic (cp1257)"),
    ("cp1251", "Cyrillic (cp1251)"),
    ("koi8-r", "Cyrillic (KOI8-R)"),
    ("cp866", "Cyrillic (cp866)"),
    ("utf-16-le", "UTF-16"),
    ("utf-16-be", "UTF-16, big-endian"),
]
DELIMITERS = [
    ("semicolon", "Semicolon ;"),
    ("comma", "Comma ,"),
    ("tab", "Tabulator"),
    ("pipe", "Bar |"),
]
DELIMITER_SIGNS = {"semicolon": ";", "comma": ",", "tab": "\t", "pipe": "|"}
DECIMALS = [("dot", "Point 1.5"), ("comma", "Comma 1,5")]
STATES = [
    ("draft", "File"),
    ("checking", "Being checked"),
    ("checked", "Checked"),
    ("done", "Loaded"),
    ("stopped", "Stopped"),
    ("undone", "Undone"),
]
#: A change of these makes the check worthless.
SETTINGS = {
    *("file", "source_id", "encoding", "delimiter", "decimal", "sheet", "header_row"),
    *("unit", "kind", "existing", "column_ids", "company_id"),
    *("create_operations", "create_types", "create_models"),
}
FILE_ERRORS = {
    "empty": _lt("The file is empty: choose another one."),
    "binary": _lt("This is neither a text nor a workbook: save it as CSV or XLSX."),
    "archive": _lt(
        "This format cannot be read: save the file as CSV or XLSX, alone in its ZIP."
    ),
    "broken": _lt("The workbook is damaged: save it again, or export it as CSV."),
    "truncated": _lt("The file ends in the middle: fetch it again."),
    "no_sheet": _lt("The workbook has no sheet with data: choose another file."),
    "rar": _lt("RAR cannot be read: save the file as ZIP, CSV or XLSX."),
    "password": _lt("The file is locked by a password: save it without one."),
    "members": _lt("The ZIP holds several files: leave one of them in it."),
    "too_big": _lt("A part of the file is too big for a table: save it as CSV."),
    "long_line": _lt("This line is longer than any row of a table can be."),
    "quote": _lt("A quotation mark is opened and never closed: correct that line."),
}
EXAMPLE_ROWS = 6


class AutoServiceLabourImport(models.Model):
    """A file of labour times, on its way into the database and out again.

    The file is read in short steps into a table of its own, where all rows are
    compared with the database at once; the load is then one transaction.
    """

    _name = "auto.service.labour.import"
    _description = "Import of Labour Times"
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    file = fields.Binary(
        attachment=True, copy=False, help="CSV or XLSX; it may be packed as ZIP or GZ."
    )
    filename = fields.Char(string="File name", help="Name of the file.")
    source_id = fields.Many2one(
        "auto.service.labour.source",
        domain="[('company_id', 'in', [company_id, False])]",
        ondelete="restrict",
        index=True,
        check_company=True,
        default=lambda self: self._default_source_id(),
        help="Who published the times. Times of other sources are never touched.",
    )
    preset_id = fields.Many2one(
        "auto.service.labour.import.preset",
        ondelete="set null",
        help="What you kept of an earlier file of this supplier.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company whose operations the file is about.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        help="Nothing is changed before the import is loaded.",
    )
    file_kind = fields.Selection(
        [("csv", "CSV"), ("xlsx", "XLSX"), ("xls", "XLS")],
        readonly=True,
        help="Format of the file.",
    )
    file_size = fields.Float(
        readonly=True,
        export_string_translation=False,
        help="Bytes of the file, unpacked.",
    )
    encoding = fields.Selection(
        ENCODINGS, help="Letters look wrong in the preview? Choose another one."
    )
    delimiter = fields.Selection(
        DELIMITERS, help="Sign between the columns of a CSV file."
    )
    decimal = fields.Selection(
        DECIMALS, default="dot", help="Sign before the decimals of a number."
    )
    sheet = fields.Char(help="Sheet of the workbook that is read.")
    sheet_names = fields.Char(
        string="Sheets", readonly=True, help="Sheets of the workbook."
    )
    header_row = fields.Integer(
        string="Line of the header",
        default=1,
        help="Line with the names of the columns; what is above is not read. Zero: "
        "the file has no header.",
    )
    unit = fields.Selection(
        LABOUR_UNITS, help="Unit of the times where the row does not say one."
    )
    kind = fields.Selection(
        LABOUR_TIME_KINDS,
        required=True,
        default="standard",
        help="Kind of the times where the row does not say one.",
    )
    existing = fields.Selection(
        [
            ("replace", "Replace them, keep the others"),
            ("full", "The file is complete: archive all others of this source"),
            ("keep", "Keep them, add only what is new"),
        ],
        string="Times that are there already",
        required=True,
        default="replace",
        help="What happens to times of the same source. Replaced times are archived "
        "and come back when the import is undone.",
    )
    create_operations = fields.Boolean(
        string="Create missing operations",
        default=True,
        help="Operations of the file that are not in the catalogue yet are added.",
    )
    create_types = fields.Boolean(
        string="Create missing types",
        default=True,
        help="Vehicle types of the file that are not known yet are added.",
    )
    create_models = fields.Boolean(
        string="Create missing makes and models",
        default=True,
        help="Makes and models of the file that are not known yet are added.",
    )
    is_partial = fields.Boolean(
        string="Load the good rows although there are bad ones",
        help="Otherwise nothing is loaded as long as there are bad rows.",
    )
    column_ids = fields.One2many(
        "auto.service.labour.import.column",
        "import_id",
        string="Columns",
        help="What each column of the file means.",
    )
    bad_ids = fields.One2many(
        "auto.service.labour.import.bad",
        "import_id",
        string="Bad rows",
        readonly=True,
        help="Rows that cannot be taken, with the reason.",
    )
    preview = fields.Html(
        compute="_compute_preview",
        sanitize=False,
        help="First rows as they will be understood.",
    )

    @api.model
    def _default_source_id(self):
        """Source of the last import; the only provider when there is just one."""
        last = self.search([("source_id", "!=", False)], limit=1).source_id
        providers = last or self.env["auto.service.labour.source"].search(
            [("origin", "=", "provider")], limit=2
        )
        return providers if len(providers) == 1 else False

    @api.depends("filename")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.filename or self.env._("New import")

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        unindexed = self.with_context(auto_service_no_index=True)
        records = super(AutoServiceLabourImport, unindexed).create(vals_list)
        records = records.with_env(self.env)
        records.filtered("file")._read_file()
        return records

    def write(self, vals):
        if SETTINGS & vals.keys():
            self._ensure_can_be_changed()
        unindexed = self.with_context(auto_service_no_index=True)
        result = super(AutoServiceLabourImport, unindexed).write(vals)
        if "file" in vals:
            self._read_file()
        elif SETTINGS & vals.keys():
            self._forget_check()
        return result

    def _ensure_can_be_changed(self):
        """What has been loaded is a record of what was done."""
        if self.filtered(lambda record: record.state in ("done", "undone")):
            raise UserError(
                self.env._(
                    "This import has been loaded and cannot be changed. Start a new "
                    "one."
                )
            )

    def _open_file(self):
        """The file as a stream, whatever holds the attachments.

        :return: binary file
        """
        self.ensure_one()
        # Attachments of fields are found by the superuser only.
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if not attachment_sudo:
            raise UserError(self.env._("Choose a file first."))
        if attachment_sudo.store_fname:
            return open(attachment_sudo._full_path(attachment_sudo.store_fname), "rb")
        return io.BytesIO(attachment_sudo.raw or b"")

    def _get_file_error(self, error):
        """Sentence about a file that cannot be read.

        :param error: table_file.FileError
        """
        text = self.env._(FILE_ERRORS[error.code])
        if error.line:
            return self.env._("Line %(line)s: %(text)s", line=error.line, text=text)
        return text

    def _get_format(self):
        """How the file is to be read.

        :return: table_file.FileFormat
        """
        self.ensure_one()
        return table_file.FileFormat(
            kind=self.file_kind or "csv",
            encoding=self.encoding or "utf-8",
            delimiter=DELIMITER_SIGNS.get(self.delimiter, ";"),
            decimal="," if self.decimal == "comma" else ".",
            sheet=self.sheet or "",
            header_row=max(self.header_row, 0),
        )

    def _read_file(self):
        """Guess everything about a new file."""
        for record in self:
            record._forget_check()
            if record.file:
                record._guess_format()
                record._guess_columns()
            else:
                record.column_ids.unlink()

    def _guess_format(self):
        signs = {sign: key for key, sign in DELIMITER_SIGNS.items()}
        try:
            with self._open_file() as stream:
                found = table_file.detect(stream, self.env.user.lang or "")
        except table_file.FileError as error:
            raise UserError(self._get_file_error(error)) from error
        self.write(
            {
                "file_kind": found.kind,
                "encoding": found.encoding if found.kind == "csv" else False,
                "delimiter": signs.get(found.delimiter)
                if found.kind == "csv"
                else False,
                "decimal": "comma" if found.decimal == "," else "dot",
                "sheet": found.sheet,
                "sheet_names": ", ".join(found.sheets),
                "header_row": found.header_row,
                "file_size": found.size,
            }
        )

    def _read_head(self, limit=EXAMPLE_ROWS):
        """Header and first rows of the file.

        :return: pair (list of str, list of rows); both empty when it cannot be read
        """
        try:
            with self._origin._open_file() as stream:
                return table_file.read_head(stream, self._get_format(), limit)
        except (table_file.FileError, UserError):
            return [], []

    def _guess_columns(self):
        """Mapping of a file whose header is read for the first time."""
        header, rows = self._read_head()
        presets = self.env["auto.service.labour.import.preset"].search(
            [("meanings", "!=", False)]
        )
        mine = presets.filtered(lambda preset: preset.source_id == self.source_id)
        preset = (mine | presets)._find_preset(header)
        self.preset_id = preset
        meanings = preset._get_meanings(header) if preset else None
        self.column_ids = self._prepare_columns(header, rows, meanings)
        self.unit = (preset.unit if preset else None) or self._guess_unit(header)
        self.source_id = self.source_id or preset.source_id

    def _prepare_columns(self, header, rows, meanings=None):
        """Commands for the columns.

        :param list meanings: of a preset; guessed when omitted
        """
        meanings = meanings or labour_column.guess_fields(header)
        return [Command.clear()] + [
            Command.create(
                {
                    "sequence": number,
                    "name": name or self.env._("Column %(number)s", number=number + 1),
                    "examples": " · ".join(
                        row[number].strip()
                        for row in rows[:3]
                        if number < len(row) and row[number].strip()
                    )[:120],
                    "meaning": meanings[number],
                }
            )
            for number, name in enumerate(header)
        ]

    def _guess_unit(self, header):
        """Unit that the header of the times names; else that of the source."""
        for column in self.column_ids.filtered(
            lambda column: column.meaning in ("hours", "value")
        ):
            unit = labour_column.guess_unit(column.name)
            if unit and column.meaning == "hours" and unit != "h":
                column.meaning = "value"
            if unit:
                return unit
        return self.source_id.default_unit or "h"

    @api.onchange("encoding", "delimiter", "sheet", "header_row")
    def _onchange_format(self):
        if self._origin.file_kind:
            self.column_ids = self._prepare_columns(*self._read_head())

    @api.onchange("preset_id")
    def _onchange_preset_id(self):
        if not (self.preset_id and self._origin.file_kind):
            return
        header, rows = self._read_head()
        meanings = self.preset_id._get_meanings(header)
        self.column_ids = self._prepare_columns(header, rows, meanings)
        self.unit = self.preset_id.unit or self.unit
        self.source_id = self.preset_id.source_id or self.source_id

    @api.onchange("source_id")
    def _onchange_source_id(self):
        columns = self.column_ids.mapped("meaning")
        if self.source_id and "unit" not in columns and self.unit == "h":
            self.unit = self.source_id.default_unit

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    @api.depends(
        *("encoding", "delimiter", "decimal", "sheet", "header_row", "unit", "kind"),
        *("column_ids.meaning", "file_kind"),
    )
    def _compute_preview(self):
        for record in self:
            record.preview = record._get_preview() if record.file_kind else False

    def _get_parser(self):
        """Parser of the rows with the settings of the import.

        :return: labour_row.RowParser
        """
        columns = self.column_ids.sorted(lambda column: (column.sequence, column.id))
        return labour_row.RowParser(
            [column.meaning or None for column in columns],
            decimal="," if self.decimal == "comma" else ".",
            unit=self.unit or "",
            kind=self.kind or "standard",
        )

    def _get_preview(self):
        """Table of the first rows as they are understood.

        :return: Markup
        """
        _header, rows = self._read_head()
        body = Markup().join(self._get_preview_row(row) for row in rows)
        names = (
            *(self.env._("Operation"), self.env._("Vehicle"), self.env._("Hours")),
            *(self.env._("Valid"), self.env._("Remark")),
        )
        head = Markup().join(Markup("<th>%s</th>") % name for name in names)
        return Markup(
            '<table class="table table-sm mb-0"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, body)

    def _get_preview_row(self, row):
        parser = self._get_parser()
        text = parser.parse(1, row)
        if text is None:
            messages = {
                f"{item.value} – {self.env._(PROBLEMS[item.code])}"
                if item.value
                else self.env._(PROBLEMS[item.code])
                for item in parser.problems
            }
            values = [" · ".join(cell.strip() for cell in row if cell.strip())[:90]]
            values += ["", "", "", " ".join(messages)]
        else:
            values = self._get_preview_cells(parser, text.rstrip("\n").split("\t"))
        cells = Markup().join(Markup("<td>%s</td>") % value for value in values)
        return Markup('<tr class="%s">%s</tr>') % (
            "text-danger" if text is None else "",
            cells,
        )

    def _get_preview_cells(self, parser, values):
        """Texts of a good row.

        :param list values: what goes into the database
        """
        labels = {}
        for name in ("fuel_type", "transmission", "drive", "body"):
            field = self.env["auto.service.vehicle.type"]._fields[name]
            labels.update(field._description_selection(self.env))
        _number, (_key, code, name, *_rest) = parser.new_operations[0]
        hours = ""
        if values[4] != labour_row.NULL:
            number, unit = values[5], dict(LABOUR_UNITS)[values[6]]
            hours = values[4] if values[6] == "h" else f"{values[4]} ({number} {unit})"
        dates = [value for value in values[7:9] if value != labour_row.NULL]
        relation = [value for value in values[9:13] if value != labour_row.NULL]
        remark = relation + [value for value in values[13:] if value != labour_row.NULL]
        return (
            f"[{code}] {name}" if code and name else code or name,
            self._get_vehicle_text(parser, labels),
            hours,
            " – ".join(dates),
            " ".join(remark),
        )

    def _get_vehicle_text(self, parser, labels):
        if not parser.new_vehicles:
            return self.env._("every vehicle")
        _number, vehicle = parser.new_vehicles[0]
        ktype, make, model, generation, engine, *rest = vehicle
        capacity, power, words, years = rest[:2], rest[2:4], rest[4:8], rest[8:]
        texts = [f"K{ktype}" if ktype else "", make, model, generation, engine]
        texts += [f"{_join(capacity)} ccm"] if any(capacity) else []
        texts += [f"{_join(power)} kW"] if any(power) else []
        texts += [labels.get(word) for word in words]
        texts += [_join(years)] if any(years) else []
        return " ".join(text for text in texts if text)


def _join(numbers):
    """Range as text: 2004–2008, 2004–, 1598."""
    start, stop = (f"{number:g}" if number else "" for number in numbers)
    return start if start == stop else f"{start}–{stop}"
