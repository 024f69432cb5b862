import io
import time
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.auto_service_base.tools import table_file

from ..tools.part_cross_row import CrossParser, Refused, guess_columns

#: Lines that are read, understood and written together.
BATCH = 20_000
#: Refused lines that are kept; the others are counted.
MAX_BAD = 50_000


class AutoServicePartCrossImport(models.Model):
    """One file of cross references, loaded by short steps.

    What is loaded stays when a step fails or somebody stops it; loading the file again
    adds what is missing and changes nothing else.
    """

    _name = "auto.service.part.cross.import"
    _description = "Load of Cross References"
    _order = "id desc"
    _rec_name = "file_name"

    file = fields.Binary(
        required=True, attachment=True, help="CSV, text or XLSX, also packed as ZIP."
    )
    file_name = fields.Char(string="Name of the file", help="Name of the file.")
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("cp1251", "Windows, Cyrillic (1251)"),
            ("cp866", "DOS, Cyrillic (866)"),
            ("cp1250", "Windows, Central Europe (1250)"),
            ("cp1252", "Windows, Western Europe (1252)"),
            ("cp1257", "Windows, Baltic (1257)"),
        ],
        help="How letters are written in a text. Empty: found out by itself.",
    )
    source_id = fields.Many2one(
        "auto.service.part.cross.source",
        required=True,
        ondelete="restrict",
        help="Who says so, where the file names nobody.",
    )
    is_both_ways = fields.Boolean(
        string="Both ways",
        default=True,
        help="Where the file does not say, the first part may replace the second, too.",
    )
    is_brand_created = fields.Boolean(
        string="Make unknown brands",
        help="Names that mean no brand become brands. Otherwise the lines are refused, "
        "and the names wait among the unknown brands.",
    )
    state = fields.Selection(
        [("draft", "New"), ("running", "Loading"), ("done", "Loaded")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        help="How far the load is.",
    )
    position = fields.Json(
        copy=False, export_string_translation=False, help="How far the file is read."
    )
    row_count = fields.Integer(
        string="Lines", readonly=True, copy=False, help="Lines that were read."
    )
    added_count = fields.Integer(
        string="Added", readonly=True, copy=False, help="Cross references that are new."
    )
    bad_count = fields.Integer(
        string="Refused", readonly=True, copy=False, help="Lines that were not taken."
    )
    seconds = fields.Float(readonly=True, copy=False, help="Time that it took.")
    bad_ids = fields.One2many(
        "auto.service.part.cross.import.bad",
        "import_id",
        string="Refused lines",
        help="Lines that were not taken, with the reason.",
    )

    # --- steps

    def step(self, seconds=1.5):
        """Load a piece of the file; called again and again by the screen.

        :param float seconds: after which the step ends
        :return: dict with ``state``, ``rows``, ``added``, ``bad``, ``share`` (0 to 1)
            and ``seconds``
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            return self._get_progress(1.0)
        begin = time.perf_counter()
        try:
            share = self._load_piece(begin + seconds)
        except table_file.FileError as error:
            raise UserError(self._get_file_error(error)) from error
        self.seconds += time.perf_counter() - begin
        return self._get_progress(share)

    def _get_progress(self, share):
        return {
            "state": self.state,
            "rows": self.row_count,
            "added": self.added_count,
            "bad": self.bad_count,
            "share": share,
            "seconds": self.seconds,
        }

    def _load_piece(self, until):
        """Load batches until the time is over or the file ends.

        :return: share of the file that is read, 0 to 1
        """
        with self._open_file() as stream:
            before = self.position or {}
            file_format = self._get_format(stream, before)
            parser = self._get_parser(stream, file_format)
            position = table_file.Position(
                before.get("offset", 0), before.get("line", 0)
            )
            rows = table_file.read_rows(stream, file_format, position)
            is_end = self._load_batch(parser, rows)
            while not is_end and time.perf_counter() < until:
                is_end = self._load_batch(parser, rows)
            self.position = {
                "offset": position.offset,
                "line": position.line,
                "format": file_format.as_dict(),
            }
        self.state = "done" if is_end else "running"
        size = max(file_format.size, 1)
        return 1.0 if is_end else min(position.offset / size, 0.99)

    def _load_batch(self, parser, rows):
        """Load one batch.

        :return: whether the file ends with it
        """
        good, bad, count = [], [], 0
        for line, row in rows:
            count += 1
            try:
                good.append(parser.parse(line, row))
            except Refused as refused:
                bad.append((line, refused.code, row))
            if count == BATCH:
                break
        known, unknown = self._resolve_brands(good)
        bad += [(row.line, "unknown_brand", row.text) for row in unknown]
        sources = self._get_sources(known)
        added = self.env["auto.service.part.cross"]._load(
            self._get_values(row, brands, sources) for row, brands in known
        )
        self._store_bad(bad)
        self.row_count += count
        self.added_count += added
        return count < BATCH

    def _get_values(self, row, brands, sources):
        """A row of the table; cross references of nobody are those of the import."""
        return (
            brands[0],
            row.number_key,
            brands[1],
            row.to_number_key,
            row.kind,
            row.is_both_ways,
            sources.get(row.source, self.source_id.id),
        )

    # --- brands and sources

    def _resolve_brands(self, rows):
        """Brands of the rows; unknown ones are made, or wait in the queue.

        :return: pair: list of (row, pair of brand ids), and list of rows without
        """
        brands = self.env["auto.service.part.brand"]
        known = brands._get_name_map()[0]
        unknown = self._get_unknown(rows, known)
        if unknown and self.is_brand_created:
            brands.create([{"name": name} for name, _numbers in unknown.values()])
            known = brands._get_name_map()[0]
        elif unknown:
            self.env["auto.service.part.brand.unknown"]._add_unknown(
                [(name, len(numbers), numbers) for name, numbers in unknown.values()],
                self.file_name or self.source_id.name,
            )
        good, bad = [], []
        for row in rows:
            pair = known.get(row.brand_key), known.get(row.to_brand_key)
            if all(pair):
                good.append((row, pair))
            else:
                bad.append(row)
        return good, bad

    def _get_unknown(self, rows, known):
        """Names that mean no brand.

        :return: dict of pairs (name as written, list of its numbers) by key
        """
        unknown = {}
        for row in rows:
            for key, name, number in (
                (row.brand_key, row.brand, row.number_key),
                (row.to_brand_key, row.to_brand, row.to_number_key),
            ):
                if key not in known:
                    unknown.setdefault(key, (name, []))[1].append(number)
        return unknown

    def _get_sources(self, known):
        """Sources that the file names; new ones are trusted as the import's.

        :return: dict of ids by name as written
        """
        names = {row.source for row, _brands in known} - {""}
        if not names:
            return {}
        sources = self.env["auto.service.part.cross.source"]
        sources = sources.with_context(active_test=False)
        found = {
            source.name: source.id
            for source in sources.search([("name", "in", list(names))])
        }
        missing = sorted(names - found.keys())
        made = sources.create(
            [{"name": name, "trust": self.source_id.trust} for name in missing]
        )
        return found | dict(zip(missing, made.ids, strict=True))

    def _store_bad(self, bad):
        """Keep lines that were refused, with the reason."""
        room = max(MAX_BAD - self.bad_count, 0)
        self.env["auto.service.part.cross.import.bad"].create(
            [
                {
                    "import_id": self.id,
                    "line": line,
                    "reason": code,
                    "text": ";".join(row).replace("\0", "")[:500],
                }
                for line, code, row in bad[:room]
            ]
        )
        self.bad_count += len(bad)

    def action_open_bad(self):
        """The refused lines as a list, which can be exported."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refused Lines"),
            "res_model": "auto.service.part.cross.import.bad",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
        }

    # --- the file

    @api.model_create_multi
    def create(self, vals_list):
        # The text of the file is not wanted in the index of attachments.
        unindexed = self.with_context(auto_service_no_index=True)
        imports = super(AutoServicePartCrossImport, unindexed).create(vals_list)
        return imports.with_env(self.env)

    def _open_file(self):
        """The file as a stream, whatever holds the attachments.

        :return: binary file
        """
        # Attachments of fields are found by the superuser only.
        attachment_sudo = self.env["ir.attachment"].sudo()
        attachment_sudo = attachment_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "file"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        if attachment_sudo.store_fname:
            return open(attachment_sudo._full_path(attachment_sudo.store_fname), "rb")
        return io.BytesIO(attachment_sudo.raw or b"")

    def _get_format(self, stream, before):
        """How the file is to be read, found out once.

        :return: table_file.FileFormat
        """
        if before.get("format"):
            return table_file.FileFormat(**before["format"])
        found = table_file.detect(stream, (self.env.lang or "")[:2])
        if self.encoding and found.kind == "csv":
            found = replace(found, encoding=self.encoding)
        return found

    def _get_parser(self, stream, file_format):
        header, _rows = table_file.read_head(stream, file_format, limit=1)
        try:
            return CrossParser(guess_columns(header), self.is_both_ways)
        except Refused as error:
            raise UserError(
                self.env._(
                    "The header names no two brands and numbers: %(header)s. Name the "
                    "columns brand, number, to_brand and to_number, and perhaps kind, "
                    "source and both_ways.",
                    header=", ".join(filter(None, header)),
                )
            ) from error

    def _get_file_error(self, error):
        """Sentence about a file that cannot be read."""
        if error.code == "empty":
            return self.env._("The file is empty.")
        return self.env._(
            "The file cannot be read (%(code)s, line %(line)s). Save it as CSV in "
            "UTF-8 or as XLSX and try again.",
            code=error.code,
            line=error.line,
        )
