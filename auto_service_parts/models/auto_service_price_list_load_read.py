import csv
import io
import time
from itertools import islice

from odoo import models
from odoo.tools import SQL

from odoo.addons.auto_service_base.models.auto_service_labour_import import (
    DELIMITER_SIGNS,
)
from odoo.addons.auto_service_base.tools import table_file
from odoo.addons.auto_service_base.tools.labour_column import fold_header

from ..tools import price_column, price_unpack
from ..tools.price_row import PriceRows
from .auto_service_price_list_load import LoadError

BATCH = 10_000
#: Refused rows that are kept; beyond it the columns are wrong, not the rows.
MAX_BAD = 20_000
#: Rows after which a file that has nearly none but refused rows is given up.
ENOUGH_ROWS = 20_000
#: Lines among which the header is looked for.
HEAD = 40
EXAMPLE_ROWS = 8


class AutoServicePriceListLoad(models.Model):
    """From the file into a table that stands alone."""

    _inherit = "auto.service.price.list.load"

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def _open(self):
        """Unpack the file, compare it with the profile, make the table."""
        self._remove_unpacked()
        found = self._detect()
        self._ensure_encoding_is_right(found)
        chosen = self._get_format(found)
        chosen = price_unpack.lay_out(
            self._get_table_path(), chosen, self._get_folder()
        )
        generation = self.env["auto.service.price.row"]._take_generation()
        self.env["auto.service.price.row"]._create_table(generation)
        self.write({"state": "reading", "generation": generation, "position": {}})
        self.settings = {"format": chosen.as_dict()}
        self.settings = {"format": chosen.as_dict(), **self._map_columns()}

    def _get_table_path(self):
        """The file itself, or what was in the ZIP."""
        unpacked = self._get_folder() / "table"
        return unpacked if unpacked.exists() else self._get_file()

    def _detect(self):
        """Unpack, and see what the file is.

        :return: FileFormat
        """
        folder = self._get_folder()
        path = price_unpack.unpack(
            self._get_file(), folder, (self.list_id.zip_mask or "").strip()
        )
        with path.open("rb") as stream:
            return table_file.detect(stream, self.env.user.lang or "")

    def _get_format(self, found, profile=None):
        """How the file is read: the profile where it has something to say.

        :param FileFormat found: what the file seems to be
        :param profile: auto.service.price.list record, that of the load when omitted
        """
        profile = profile or self.list_id
        changes = {
            "decimal": "," if profile.decimal == "comma" else ".",
            "header_row": max(profile.header_row, 0),
        }
        if found.kind == "csv":
            changes["encoding"] = profile.encoding or found.encoding
            changes["delimiter"] = DELIMITER_SIGNS.get(
                profile.delimiter, found.delimiter
            )
            changes["quote"] = '"' if profile.has_quotes else ""
        elif profile.sheet:
            changes["sheet"] = profile.sheet
        return table_file.FileFormat(**{**found.as_dict(), **changes})

    def _ensure_encoding_is_right(self, found):
        """A file in another encoding than before would fill the list with rubbish."""
        profile = self.list_id.encoding
        if found.kind != "csv" or not profile or profile == found.encoding:
            return
        with self._get_table_path().open("rb") as stream:
            sample = stream.read(table_file.SAMPLE_SIZE)
        if sample.isascii() or not table_file.is_other_encoding(
            sample, profile, found.encoding
        ):
            return
        names = dict(self.list_id._fields["encoding"]._description_selection(self.env))
        raise LoadError(
            self.env._(
                "The file is written in %(found)s, the list is read as %(profile)s. "
                "Choose the encoding of the list again.",
                found=names.get(found.encoding, found.encoding),
                profile=names[profile],
            )
        )

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------

    def _map_columns(self):
        """Which column of this file is what.

        :return: dict ``meanings``, ``header``, ``notes``, ``format``
        """
        rows = self._read_first(HEAD)
        if not rows:
            raise table_file.FileError("empty")
        if self.list_id.header_row > 0:
            return self._map_by_name(rows)
        return self._map_by_place([row for _line, row in rows])

    def _read_first(self, count):
        """First lines of the file, the header and what is above with them.

        :return: list of pairs (line, row)
        """
        whole = {**self.settings["format"], "header_row": 0}
        rows = price_unpack.read_table(
            self._get_table_path(),
            table_file.FileFormat(**whole),
            self._get_folder(),
            table_file.Position(),
        )
        return list(islice(rows, count))

    def _map_by_place(self, rows):
        """A file without header must have the columns that it had."""
        columns = self.list_id.column_ids.sorted("sequence")
        widths = [len(row) for row in rows]
        width = max(set(widths), key=widths.count)
        if width != len(columns):
            raise LoadError(
                self.env._(
                    "The file has %(count)s columns, before there were %(before)s. "
                    "Look over the columns of the list.",
                    count=width,
                    before=len(columns),
                )
            )
        return {"meanings": [column.meaning or None for column in columns]}

    def _map_by_name(self, rows):
        """Columns are found by their names, wherever header and columns stand."""
        wanted = self._get_wanted_columns()
        line, header = self._find_header(rows, wanted)
        places = dict(_number_names(header))
        meanings = [None] * len(header)
        for name, column in wanted:
            meanings[places[name]] = column.meaning
        order = [places[name] for name, _column in wanted]
        notes = []
        if order != sorted(order) and not self.list_id.is_following_columns:
            notes.append("moved")
        form = {**self.settings["format"], "header_row": line}
        return {"meanings": meanings, "header": header, "notes": notes, "format": form}

    def _get_wanted_columns(self):
        """Columns of the profile that mean something.

        :return: list of pairs ((folded name, which of that name), column)
        """
        columns = self.list_id.column_ids.sorted("sequence")
        keys = [key for key, _place in _number_names(columns.mapped("name"))]
        pairs = zip(keys, columns, strict=True)
        return [(key, column) for key, column in pairs if column.meaning]

    def _find_header(self, rows, wanted):
        """The line that has all the columns.

        :return: pair (number of the line, list of names)
        """
        names = {key for key, _column in wanted}
        best = names
        for line, row in rows:
            missing = names - {key for key, _place in _number_names(row)}
            if not missing:
                return line, [cell.strip() for cell in row]
            best = min(best, missing, key=len)
        labels = dict(self.list_id.column_ids._fields["meaning"].selection)
        raise LoadError(
            self.env._(
                "The header has changed, these columns are missing: %(columns)s. "
                "Choose the columns of the list again.",
                columns=", ".join(
                    f"“{column.name}” ({labels[column.meaning]})"
                    for key, column in wanted
                    if key in best
                ),
            )
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _get_options(self):
        """What the rows mean.

        :return: PriceOptions
        """
        settings = self.settings
        options = self.list_id._get_row_options(
            settings["meanings"], settings["format"]["decimal"]
        )
        options.header = settings.get("header") or []
        return options

    def _read(self, until):
        """Rows of the file into the table, for a while."""
        before = self.position or {}
        position = table_file.Position(before.get("offset", 0), before.get("line", 0))
        reader = PriceRows(self._get_options())
        counts = {"rows": 0, "good": 0, "bad": 0}
        rows = price_unpack.read_table(
            self._get_table_path(),
            table_file.FileFormat(**self.settings["format"]),
            self._get_folder(),
            position,
        )
        while True:
            count = self._read_batch(reader, rows, counts)
            if count < BATCH or time.perf_counter() > until:
                break
        self._note_counts(reader, counts, position)
        if position.is_end:
            self._finish_reading()
        elif self.row_count >= ENOUGH_ROWS and self.bad_count > 0.95 * self.row_count:
            raise LoadError(
                self.env._(
                    "Nearly all rows are refused: look over encoding and columns of "
                    "the list."
                )
            )

    def _read_batch(self, reader, rows, counts):
        """Some rows into the table.

        :return: number of rows
        """
        batch = list(islice(rows, BATCH))
        good, refused = reader.convert_all([row for _line, row in batch])
        bad = [(batch[place][0], error, batch[place][1]) for place, error in refused]
        table = self.env["auto.service.price.row"]._get_table(self.generation)
        self._copy(table, reader.columns, "".join(good))
        room = MAX_BAD - self.bad_count - counts["bad"]
        self._add_refused(bad[: max(room, 0)])
        counts["rows"] += len(batch)
        counts["good"] += len(good)
        counts["bad"] += len(bad)
        return len(batch)

    def _copy(self, table, columns, text):
        """Lines of text into a table, the fastest way there is."""
        if text:
            names = SQL(", ").join(map(SQL.identifier, columns))
            query = SQL("COPY %s (%s) FROM STDIN", table, names)
            # The host's cursor hands on what it does not know itself.
            stream = io.BytesIO(text.encode())
            self.env.cr.copy_expert(query.code, stream, size=1 << 20)

    def _add_refused(self, bad):
        """Keep refused rows with the reason.

        :param list bad: tuples (line, Refused, row)
        """
        lines = []
        for line, refused, row in bad:
            stream = io.StringIO()
            csv.writer(stream, delimiter=";", lineterminator="").writerow(row)
            cells = (refused.meaning, refused.value, stream.getvalue())
            texts = "\t".join(map(_dump, cells))
            lines.append(f"{self.id}\t{line}\t{refused.code}\t{texts}\n")
        names = ("load_id", "line", "reason", "meaning", "value", "text")
        table = SQL.identifier("auto_service_price_list_bad")
        self._copy(table, names, "".join(lines))
        self.env["auto.service.price.list.bad"].invalidate_model()

    def _note_counts(self, reader, counts, position):
        short = self.settings.get("short", 0) + reader.short
        self.settings = {**self.settings, "short": short}
        self.write(
            {
                "row_count": self.row_count + counts["rows"],
                "good_count": self.good_count + counts["good"],
                "bad_count": self.bad_count + counts["bad"],
                "empty_count": self.empty_count + reader.empty,
                "passed_count": self.passed_count + reader.passed,
                "mended_count": self.mended_count + reader.mended,
                "position": {
                    "offset": position.offset,
                    "line": position.line,
                    "is_end": position.is_end,
                },
            }
        )

    def _finish_reading(self):
        if not self.good_count:
            raise LoadError(
                self.env._(
                    "The file has no row that could be taken: look over encoding and "
                    "columns of the list."
                )
            )
        self.state = "checking"

    # ------------------------------------------------------------------
    # The first file of a list
    # ------------------------------------------------------------------

    def _guess_profile(self):
        """Guess how the file of a new list is to be read; somebody looks it over."""
        try:
            found = self._detect()
            header, rows = self._read_head(found, HEAD)
        except table_file.FileError as error:
            self._fail(self._get_file_error(error))
            return
        meanings = price_column.guess_meanings(header, rows)
        signs = {sign: key for key, sign in DELIMITER_SIGNS.items()}
        is_text = found.kind == "csv"
        values = {
            "encoding": found.encoding if is_text else False,
            "delimiter": signs.get(found.delimiter) if is_text else False,
            "has_quotes": bool(found.quote),
            "decimal": "comma" if found.decimal == "," else "dot",
            "sheet": found.sheet,
            "header_row": found.header_row,
            "column_ids": self.list_id._prepare_columns(header, rows, meanings),
        }
        if "term" in meanings:
            name = header[meanings.index("term")]
            values["term_unit"] = price_column.guess_term_unit(name)
        self.list_id.write(values)

    def _read_head(self, form, count):
        """Header and first rows.

        :param FileFormat form: how the file is read
        :return: pair (list of names, list of rows)
        """
        with self._get_table_path().open("rb") as stream:
            return table_file.read_head(stream, form, count)


def _number_names(names):
    """Names of columns in comparable form; the second of a name is another one.

    :return: list of pairs ((name, which), place)
    """
    seen, found = {}, []
    for place, name in enumerate(names):
        key = fold_header(name or "")
        seen[key] = seen.get(key, 0) + 1
        found.append(((key, seen[key]), place))
    return found


def _dump(text):
    """A cell for COPY."""
    if text is None:
        return "\\N"
    return " ".join(str(text)[:240].replace("\\", "\\\\").split()).replace("\x00", "")
