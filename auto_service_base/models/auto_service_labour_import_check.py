import io
import json
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import table_file
from .auto_service_labour_import_bad import PROBLEMS

BATCH = 20_000
#: Bad rows that are kept; beyond it the mapping is wrong, not the rows.
MAX_BAD = 100_000
STAGING = """
    line integer, operation integer, vehicle integer, kind varchar, hours float8,
    value float8, unit varchar, valid_from date, valid_to date, relation varchar,
    other integer, relation_hours float8, condition varchar, note varchar
"""


class AutoServiceLabourImport(models.Model):
    """Check: the rows of the file go into a table of their own and are judged there.

    The table is unlogged and lives until the import is loaded or forgotten. Operations
    and vehicles are numbered in the order in which the file names them; what they are
    in the database is looked up once for each, not once for each row.
    """

    _inherit = "auto.service.labour.import"

    position = fields.Json(
        copy=False,
        export_string_translation=False,
        help="How far the file has been read.",
    )
    row_count = fields.Integer(
        string="Rows", readonly=True, copy=False, help="Rows of the file."
    )
    bad_count = fields.Integer(
        string="Number of bad rows",
        readonly=True,
        copy=False,
        help="Rows that cannot be taken.",
    )
    good_count = fields.Integer(
        string="Good rows",
        compute="_compute_good_count",
        help="Rows that can be loaded.",
    )
    counts = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="What the file brings, by kind.",
    )
    seconds = fields.Float(
        readonly=True, copy=False, help="Time that checking and loading took."
    )
    rows_per_second = fields.Integer(
        compute="_compute_rows_per_second",
        help="Rows by the time that checking and loading took.",
    )

    @api.depends("row_count", "bad_count")
    def _compute_good_count(self):
        for record in self:
            record.good_count = record.row_count - record.bad_count

    @api.depends("row_count", "seconds")
    def _compute_rows_per_second(self):
        for record in self:
            seconds = record.seconds
            record.rows_per_second = record.row_count / seconds if seconds else 0

    # ------------------------------------------------------------------
    # The table of the rows
    # ------------------------------------------------------------------

    def _get_staging(self):
        """Names of the tables of rows, and of operations and vehicles.

        :return: pair of SQL identifiers
        """
        self.ensure_one()
        name = f"auto_service_labour_staging_{self.id}"
        return SQL.identifier(name), SQL.identifier(f"{name}_key")

    def _create_staging(self):
        self._drop_staging()
        rows, keys = self._get_staging()
        execute = self.env.cr.execute
        execute(SQL("CREATE UNLOGGED TABLE %s (%s)", rows, SQL(STAGING)))
        execute(
            SQL(
                """
                CREATE UNLOGGED TABLE %s (
                    kind char, number integer, data jsonb, record_id integer,
                    problem varchar, field varchar, PRIMARY KEY (kind, number)
                )
                """,
                keys,
            )
        )

    def _drop_staging(self):
        for record in self:
            for name in record._get_staging():
                self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", name))

    @api.model
    def _drop_all_staging(self):
        """Called when the addon goes; no model of the registry knows these tables."""
        names = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relname LIKE 'auto\\_service\\_labour\\_staging\\_%%'"
            )
        )
        for (name,) in names:
            self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))

    def _forget_check(self):
        """Back to the beginning: a setting changed, or somebody stopped it."""
        checked = self.filtered(lambda record: record.state != "draft")
        checked._drop_staging()
        checked.bad_ids.sudo().unlink()
        checked.write(
            {
                **{"state": "draft", "position": False, "counts": False},
                **{"row_count": 0, "bad_count": 0, "seconds": 0},
            }
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loaded(self):
        if self.filtered(lambda record: record.state == "done"):
            raise UserError(
                self.env._(
                    "A loaded import cannot be deleted: undo it first, then its times "
                    "are gone as well."
                )
            )

    def unlink(self):
        self._drop_staging()
        return super().unlink()

    @api.autovacuum
    def _gc_staging(self):
        """Checks that nobody loaded for days give their room back."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        self.search(
            [("state", "in", ("checking", "checked")), ("write_date", "<", limit)]
        )._forget_check()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _ensure_can_be_checked(self):
        self.ensure_one()
        self._ensure_can_be_changed()
        meanings = set(self.column_ids.mapped("meaning"))
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if not self.source_id:
            raise UserError(self.env._("Choose the source: who published the times?"))
        if not meanings & {"operation_code", "operation_name"}:
            raise UserError(
                self.env._(
                    "Say which column holds the code or the name of the operation."
                )
            )
        if not meanings & {"hours", "value", "relation_kind"}:
            raise UserError(self.env._("Say which column holds the time."))

    def start_check(self):
        """Begin to read the file. Called by the button; ``step_check`` goes on."""
        self._ensure_can_be_checked()
        self._forget_check()
        self._create_staging()
        self.write({"state": "checking", "position": {}, "counts": {}})
        return self._get_progress()

    def step_check(self, seconds=3.0):
        """Read some rows. Called by the client until the state is ``checked``.

        :param float seconds: how long
        :return: dict for the progress bar
        """
        self.ensure_one()
        if self.state != "checking":
            return self._get_progress()
        begin = time.perf_counter()
        if (self.position or {}).get("is_end"):
            self._finish_check()
        else:
            try:
                self._read_rows(begin + seconds)
            except table_file.FileError as error:
                raise UserError(self._get_file_error(error)) from error
        self.seconds += time.perf_counter() - begin
        return self._get_progress()

    def _read_rows(self, until):
        parser = self._get_parser()
        parser.operations, parser.vehicles = self._fetch_keys()
        before = self.position or {}
        position = table_file.Position(before.get("offset", 0), before.get("line", 0))
        rows_read, bad_rows = self.row_count, self.bad_count
        with self._open_file() as stream:
            rows = table_file.read_rows(stream, self._get_format(), position)
            while True:
                count, bad = self._read_batch(parser, rows)
                rows_read, bad_rows = rows_read + count, bad_rows + bad
                if count < BATCH or time.perf_counter() > until:
                    break
        self._store_keys(parser)
        self.position = {
            "offset": position.offset,
            "line": position.line,
            "is_end": position.is_end,
        }
        self.write({"row_count": rows_read, "bad_count": bad_rows})
        if position.is_end and not rows_read:
            raise UserError(
                self.env._("There are no rows below the header: choose another file.")
            )

    def _read_batch(self, parser, rows):
        """Some rows of the file, into the table.

        :return: number of rows, number of bad ones
        """
        good = []
        count = 0
        for line, row in rows:
            count += 1
            if text := parser.parse(line, row):
                good.append(text)
            if count == BATCH:
                break
        self._copy(self._get_staging()[0], parser.columns, "".join(good))
        self._add_problems(parser.problems)
        parser.problems = []
        return count, count - len(good)

    def _copy(self, table, columns, text):
        """Lines of text into a table, the fastest way there is."""
        names = SQL(", ").join(map(SQL.identifier, columns))
        query = SQL("COPY %s (%s) FROM STDIN", table, names)
        # The host's cursor hands on what it does not know itself.
        self.env.cr.copy_expert(query.code, io.StringIO(text))

    def _add_problems(self, problems):
        """Remember what is wrong with rows, as far as anybody would read it."""
        if not problems:
            return
        names = {column.meaning: column.name for column in self.column_ids}
        bad = self.env["auto.service.labour.import.bad"].sudo()
        room = MAX_BAD - bad.search_count([("import_id", "=", self.id)])
        messages = {}
        rows = []
        for item in problems[: max(room, 0)]:
            if item.code not in messages:
                messages[item.code] = self.env._(PROBLEMS[item.code])
            rows.append(
                {
                    "import_id": self.id,
                    "line": item.line,
                    "column": names.get(item.field),
                    "value": (item.value or "")[:120].replace("\x00", "") or False,
                    "message": messages[item.code],
                }
            )
        bad.create(rows)

    def _fetch_keys(self):
        """Operations and vehicles that the file named so far.

        :return: pair of dicts to their numbers
        """
        operations, vehicles = {}, {}
        for kind, number, data in self._fetch_key_rows():
            if kind == "o":
                operations[data[0]] = number
            else:
                vehicles[tuple(data)] = number
        return operations, vehicles

    def _fetch_key_rows(self, kind=None):
        keys = self._get_staging()[1]
        return self.env.execute_query(
            SQL(
                "SELECT kind, number, data FROM %s WHERE %s ORDER BY kind, number",
                keys,
                SQL("kind = %s", kind) if kind else SQL("TRUE"),
            )
        )

    def _store_keys(self, parser):
        news = (("o", parser.new_operations), ("v", parser.new_vehicles))
        lines = [
            f"{kind}\t{number}\t{_dump(values)}\n"
            for kind, items in news
            for number, values in items
        ]
        self._copy(self._get_staging()[1], ("kind", "number", "data"), "".join(lines))

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    def _finish_check(self):
        """All rows are there: compare them with each other and with the database."""
        self.env.cr.execute(SQL("ANALYZE %s", self._get_staging()[0]))
        created = self._resolve(is_check=True)
        self._refuse_unresolved()
        self._refuse_conflicts()
        self._refuse_relations()
        self.write({"state": "checked", "counts": {**created, **self._count_changes()}})

    def _get_progress(self):
        """What the progress bar shows.

        :return: dict; ``share`` from 0 to 1
        """
        self.ensure_one()
        position = self.position or {}
        size = self.file_size or 1
        return {
            "state": self.state,
            "rows": self.row_count,
            "bad": self.bad_count,
            "share": min(position.get("offset", 0) / size, 1.0),
            "is_read": bool(position.get("is_end")),
            "seconds": self.seconds,
        }

    def stop_check(self):
        """Called by the button Stop; nothing has been changed."""
        for record in self:
            record._ensure_can_be_changed()
            record._forget_check()
            record.write({"state": "stopped"})


def _dump(values):
    """JSON for COPY."""
    return json.dumps(values, ensure_ascii=False).replace("\\", "\\\\")
