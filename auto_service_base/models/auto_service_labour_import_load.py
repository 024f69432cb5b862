import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .auto_service_labour_time_reference import REFERENCES

#: Pages of the sorted rows that are written at once, about 100,000 rows.
CHUNK_PAGES = 1400
#: Number of the advisory lock of a load; any other number would do.
LOAD_LOCK = 19032
START = SQL("COALESCE(valid_from, DATE '0001-01-01')")


class LoadStopped(Exception):
    """Somebody pressed Stop while the rows were being written."""


class AutoServiceLabourImport(models.Model):
    """Load and undo: each is one transaction, so nothing is ever half there."""

    _inherit = "auto.service.labour.import"

    created = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Records that the import created, by kind.",
    )
    loaded_at = fields.Datetime(
        string="Loaded on", readonly=True, copy=False, help="When it was loaded."
    )
    author_id = fields.Many2one(
        "res.users",
        string="Loaded by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who loaded it.",
    )
    release = fields.Char(
        help="Edition of the data, for example 2026-11. It is noted at the source."
    )

    # ------------------------------------------------------------------
    # Load
    # ------------------------------------------------------------------

    def _ensure_can_be_loaded(self):
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first; then it can be loaded."))
        if self.bad_count and not self.is_partial:
            raise UserError(
                self.env._(
                    "%(count)s rows are bad and nothing was loaded. Correct the file, "
                    "or tick “Load the good rows although there are bad ones”.",
                    count=self.bad_count,
                )
            )
        if not self.good_count:
            raise UserError(
                self.env._("There is no good row to load: correct the file first.")
            )

    @api.model
    def _enter_load(self):
        """One load at a time, and never on an old view of the database."""
        [[is_free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", LOAD_LOCK)
        )
        if not is_free:
            raise UserError(
                self.env._(
                    "Another import is being loaded just now. Load yours when that one "
                    "is finished."
                )
            )
        self.env["auto.service.entry.guard"]._enter("labour.import")

    def run_load(self):
        """Called by the button Load.

        :return: dict for the progress bar
        """
        self._ensure_can_be_loaded()
        self._enter_load()
        progress = self.env["auto.service.labour.import.progress"]
        progress._put(self.id, done=0, is_stopping=False)

        def report(done):
            if progress._put(self.id, done=done):
                raise LoadStopped

        return self._load(report)

    def get_load_progress(self):
        """Rows that a load has written so far; called while it runs.

        :return: int
        """
        self.check_access("read")
        return (
            self.env["auto.service.labour.import.progress"]
            .sudo()
            .search([("import_number", "=", self.id)])
            .done
        )

    def stop_load(self):
        """Called by the button Stop: what has been written is taken back."""
        self.check_access("write")
        self.env["auto.service.labour.import.progress"]._put(self.id, is_stopping=True)

    def _load(self, report=None):
        """Write the good rows, all of them or none.

        :param report: called with the number of rows after each part; it may raise
            ``LoadStopped``
        :return: dict for the progress bar
        """
        self._ensure_can_be_loaded()
        begin = time.perf_counter()
        try:
            with self.env.cr.savepoint():
                values = self._write_rows(report or (lambda done: None))
        except LoadStopped:
            self.env.invalidate_all()
            return {**self._get_progress(), "is_stopped": True}
        self.env.invalidate_all()
        self._drop_staging()
        self.write(
            {
                **values,
                "state": "done",
                "seconds": self.seconds + time.perf_counter() - begin,
                "loaded_at": fields.Datetime.now(),
                "author_id": self.env.uid,
            }
        )
        if self.release:
            self.source_id.release = self.release
        return self._get_progress()

    def _write_rows(self, report):
        """Create what is missing, archive what is replaced, insert.

        :return: dict of values of the import
        """
        self._ensure_rows_are_there()
        # A thousand new models need no thousand messages about it.
        created = self.with_context(tracking_disable=True)._resolve(is_check=False)
        self.env.flush_all()
        self._ensure_still_good()
        # Foreign keys are checked by a plan; without figures it reads whole tables.
        for name in ("vehicle_type", "operation"):
            self.env.cr.execute(
                SQL("ANALYZE %s", SQL.identifier(f"auto_service_{name}"))
            )
        self._sort_rows()
        archived = self._archive_replaced()
        counts = {**self.counts, "archived": archived, "new": self._insert(report)}
        created["relations"] = self._create_relations().ids
        counts["relations"] = len(created["relations"])
        self.env.flush_all()
        self.env.cr.execute("ANALYZE auto_service_labour_time")
        return {"created": created, "counts": counts}

    def _ensure_rows_are_there(self):
        """An unlogged table is empty after the database server crashed."""
        rows, _keys = self._get_staging()
        [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM %s", rows))
        if count != self.good_count:
            raise UserError(
                self.env._("The rows that were checked are lost: check the file again.")
            )

    def _ensure_still_good(self):
        """The database may have changed since the check."""
        before = self.bad_count
        self._refuse_unresolved()
        if self.existing != "full":
            self._refuse_overlaps_database()
        if self.bad_count > before and not self.is_partial:
            raise UserError(
                self.env._(
                    "The times in the database have changed since the check: check the "
                    "file again."
                )
            )

    def _get_matched(self):
        """Query for the rows beside the active time of the source with the same key."""
        return SQL(
            """
            SELECT row.*, old.id AS old_id,
                   old.hours = row.hours
                   AND old.original_unit IS NOT DISTINCT FROM row.unit
                   AND old.valid_to IS NOT DISTINCT FROM row.valid_to
                   AND COALESCE(old.note, '') = COALESCE(row.note, '') AS is_same
              FROM (%(rows)s) row
         LEFT JOIN auto_service_labour_time old
                ON old.active AND old.source_id = %(source)s
               AND old.operation_id = row.operation_id AND old.kind = row.kind
               AND COALESCE(old.vehicle_type_id, 0) = COALESCE(row.vehicle_type_id, 0)
               AND COALESCE(old.valid_from, DATE '0001-01-01')
                   = COALESCE(row.valid_from, DATE '0001-01-01')
             WHERE row.kind <> ''
            """,
            rows=self._get_resolved(),
            source=self.source_id.id,
        )

    def _has_times(self):
        """Whether the source has any time that counts."""
        return bool(
            self.env["auto.service.labour.time"].search(
                [("source_id", "=", self.source_id.id)], limit=1
            )
        )

    def _count_changes(self):
        """What a load would do.

        :return: dict
        """
        rows, _keys = self._get_staging()
        if not self._has_times():
            query = SQL(
                "SELECT count(*) AS new, 0 AS changed, 0 AS unchanged FROM %s"
                " WHERE kind <> ''",
                rows,
            )
        else:
            query = SQL(
                """
                SELECT count(*) FILTER (WHERE old_id IS NULL) AS new,
                       count(*) FILTER (WHERE old_id IS NOT NULL AND NOT is_same)
                           AS changed,
                       count(*) FILTER (WHERE is_same) AS unchanged
                  FROM (%s) matched
                """,
                self._get_matched(),
            )
        [counts] = self.env.execute_query_dict(query)
        counts["relations"] = len(self._fetch_relations())
        if self.existing == "full":
            total = self.env["auto.service.labour.time"].search_count(
                [("source_id", "=", self.source_id.id)]
            )
            counts["gone"] = total - counts["changed"] - counts["unchanged"]
        return counts

    def _sort_rows(self):
        """Rows to insert in the order of the index, which is then written in a row."""
        order = SQL("operation_id, COALESCE(vehicle_type_id, 0), kind, %s", START)
        matched = self._get_matched()
        if not self._has_times():
            matched = SQL(
                "SELECT row.*, NULL::integer AS old_id, FALSE AS is_same"
                " FROM (%s) row WHERE kind <> ''",
                self._get_resolved(),
            )
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.auto_service_labour_new")
        self.env.cr.execute("SET LOCAL work_mem = '128MB'")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE auto_service_labour_new ON COMMIT DROP AS
                SELECT operation_id, vehicle_type_id, kind, hours, value, unit,
                       valid_from, valid_to, note, old_id, is_same
                  FROM (%s) matched ORDER BY %s
                """,
                matched,
                order,
            )
        )

    def _archive_replaced(self):
        """Times in the place of which others come; they come back on undo.

        :return: number of rows
        """
        if self.existing == "keep" or not self._has_times():
            return 0
        if self.existing == "full":
            which = SQL(
                """
                NOT EXISTS (
                    SELECT 1 FROM pg_temp.auto_service_labour_new new
                     WHERE new.old_id = old.id AND new.is_same
                )
                """
            )
        else:
            which = SQL(
                "old.id IN (SELECT old_id FROM pg_temp.auto_service_labour_new"
                " WHERE old_id IS NOT NULL AND NOT is_same)"
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_labour_time old
                   SET active = FALSE, replaced_by_number = %s
                 WHERE old.active AND old.source_id = %s AND %s
                """,
                self.id,
                self.source_id.id,
                which,
            )
        )
        return self.env.cr.rowcount

    def _insert(self, report):
        """Write the rows part by part, so that progress is seen and Stop is heard.

        :return: number of rows
        """
        [[pages]] = self.env.execute_query(
            SQL(
                "SELECT pg_relation_size('pg_temp.auto_service_labour_new')"
                " / current_setting('block_size')::integer"
            )
        )
        which = SQL("old_id IS NULL") if self.existing == "keep" else SQL("NOT is_same")
        if self.existing != "keep":
            which = SQL("(old_id IS NULL OR NOT is_same)")
        done = 0
        for page in range(0, pages, CHUNK_PAGES):
            self.env.cr.execute(self._get_insert(page, which))
            done += self.env.cr.rowcount
            report(done)
        return done

    def _get_insert(self, page, which):
        """Query that inserts the rows of some pages of the sorted table.

        :param int page: the first one
        :param SQL which: condition
        """
        return SQL(
            """
            INSERT INTO auto_service_labour_time (
                operation_id, vehicle_type_id, kind, source_id, hours, original_value,
                original_unit, valid_from, valid_to, note, import_number, active
            )
            SELECT operation_id, vehicle_type_id, kind, %(source)s, hours, value, unit,
                   valid_from, valid_to, note, %(number)s, TRUE
              FROM pg_temp.auto_service_labour_new
             WHERE ctid >= %(first)s::tid AND ctid < %(last)s::tid AND %(which)s
            """,
            source=self.source_id.id,
            number=self.id,
            first=f"({page},0)",
            last=f"({page + CHUNK_PAGES},0)",
            which=which,
        )

    def _create_relations(self):
        """Relations of the file that are not there yet.

        :return: auto.service.labour.relation records
        """
        return self.env["auto.service.labour.relation"].create(
            [
                {
                    "operation_id": row["operation_id"],
                    "other_operation_id": row["other_operation_id"],
                    "kind": row["kind"],
                    "hours": row["hours"] or 0,
                    "condition": row["condition"],
                    "vehicle_type_id": row["vehicle_type_id"],
                    "source_id": self.source_id.id,
                }
                for row in self._fetch_relations()
            ]
        )

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------

    def _ensure_can_be_undone(self):
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("Only a loaded import can be undone."))
        later = self._get_later_imports()
        if later:
            raise UserError(
                self.env._(
                    "Times of this import have been replaced by a later one: undo "
                    "%(imports)s first.",
                    imports=", ".join(f"“{record.display_name}”" for record in later),
                )
            )
        if self._has_newer_times():
            raise UserError(
                self.env._(
                    "Since the import somebody entered times in the place of those "
                    "that would come back: archive them first."
                )
            )

    def _get_later_imports(self):
        """Imports that replaced times of this one."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT replaced_by_number FROM auto_service_labour_time"
                " WHERE import_number = %s AND replaced_by_number > 0",
                self.id,
            )
        )
        # Also imports of a company that the user does not work for just now.
        return self.sudo().browse(row[0] for row in rows).exists().sorted("id")

    def _has_newer_times(self):
        """Whether a time that would come back meets another one."""
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1
                      FROM auto_service_labour_time old
                      JOIN auto_service_labour_time new
                        ON new.active AND new.source_id = old.source_id
                       AND new.operation_id = old.operation_id AND new.kind = old.kind
                       AND COALESCE(new.vehicle_type_id, 0)
                           = COALESCE(old.vehicle_type_id, 0)
                       AND (COALESCE(new.valid_from, DATE '0001-01-01')
                            = COALESCE(old.valid_from, DATE '0001-01-01')
                            OR (daterange(new.valid_from, new.valid_to, '[]')
                                && daterange(old.valid_from, old.valid_to, '[]')
                                AND COALESCE(new.valid_from, new.valid_to) IS NOT NULL
                                AND COALESCE(old.valid_from, old.valid_to) IS NOT NULL))
                     WHERE old.replaced_by_number = %(number)s
                       AND COALESCE(new.import_number, 0) <> %(number)s
                     LIMIT 1
                    """,
                    number=self.id,
                )
            )
        )

    def action_undo(self):
        """Invoked when the button Undo is clicked: everything as it was before."""
        self._enter_load()
        self.env.flush_all()
        self._ensure_can_be_undone()
        created = self.created or {}
        execute = self.env.cr.execute
        self.env["auto.service.labour.relation"].browse(
            created.get("relations", [])
        ).exists().unlink()
        self.env.flush_all()
        execute(
            SQL(
                "DELETE FROM auto_service_labour_time WHERE import_number = %s", self.id
            )
        )
        execute(
            SQL(
                """
                UPDATE auto_service_labour_time
                   SET active = TRUE, replaced_by_number = NULL
                 WHERE replaced_by_number = %s
                """,
                self.id,
            )
        )
        self._remove_created(created)
        execute("ANALYZE auto_service_labour_time")
        self.env.invalidate_all()
        self.write({"state": "undone"})

    def _remove_created(self, created):
        """Types that nobody uses go; operations are archived: old papers name them.

        Makes and models stay, they do no harm.
        """
        types = self.env["auto.service.vehicle.type"].browse(created.get("types", []))
        self._find_unused(types).unlink()
        operations = self.env["auto.service.operation"].browse(
            created.get("operations", [])
        )
        self._find_unused(operations).write({"active": False})

    @api.model
    def _find_unused(self, records):
        """Those of the records that no other record refers to.

        :param records: any recordset
        :return: recordset of the same model
        """
        self.env.flush_all()
        unused = set(records.exists().ids)
        references = self.env.execute_query(
            SQL(
                """
                SELECT c.conrelid::regclass::varchar, a.attname
                  FROM pg_constraint c
                  JOIN pg_attribute a
                    ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                 WHERE c.contype = 'f' AND c.confrelid = %s::regclass
                """,
                records._table,
            )
        )
        references += [
            ("auto_service_labour_time", column)
            for column, table, _ondelete in REFERENCES
            if table == records._table
        ]
        for table, column in references:
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %(column)s FROM %(table)s"
                    " WHERE %(column)s = ANY(%(ids)s)",
                    column=SQL.identifier(column),
                    table=SQL.identifier(table.strip('"')),
                    ids=list(unused),
                )
            )
            unused.difference_update(row[0] for row in rows)
        return records.browse(sorted(unused))
