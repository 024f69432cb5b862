from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Rows that are compared with the list in force.
SAMPLE_ROWS = 20_000
#: More of the rows than before may be shorter than the header.
MORE_SHORT = 0.2
#: Fewer rows say nothing about a list.
FEW_ROWS = 20


class AutoServicePriceListLoad(models.Model):
    """From a table that stands alone into force, when it looks like a price list."""

    _inherit = "auto.service.price.list.load"

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    def _check(self):
        """All rows are there: join them with the old ones, index, judge."""
        rows = self.env["auto.service.price.row"]
        stops = self._get_file_stops()
        if self.list_id.mode == "incremental":
            stops += self._get_changes_stops()
            self._merge_old_rows()
        rows._index_table(self.generation)
        [[self.offer_count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM %s", rows._get_table(self.generation))
        )
        stops += self._get_table_stops()
        self.state = "held" if stops else "ready"
        self.message = "\n".join(stops)
        self._remove_unpacked()
        if stops:
            self.list_id._tell_trouble(self)

    def _get_file_stops(self):
        """What is strange about the file itself. Override to look at more.

        :return: list of sentences
        """
        stops = []
        if "moved" in (self.settings or {}).get("notes", ()):
            stops.append(
                self.env._(
                    "The columns stand in another order than before. They were found "
                    "by their names: look at some offers."
                )
            )
        limit = self.list_id.most_refused
        if self.bad_count * 100 > limit * self.row_count:
            stops.append(
                self.env._(
                    "%(bad)s of %(rows)s rows were refused, more than %(limit)s %%.",
                    bad=self.bad_count,
                    rows=self.row_count,
                    limit=f"{limit:g}",
                )
            )
        if self._get_short_share() > self._get_short_share_before() + MORE_SHORT:
            stops.append(
                self.env._(
                    "Many rows have fewer columns than the header: perhaps a column "
                    "is missing."
                )
            )
        if self._is_cut_off():
            stops.append(
                self.env._(
                    "The last line of the file is not finished: perhaps it was cut off "
                    "on the way."
                )
            )
        return stops

    def _get_short_share(self):
        """Share of the rows of a text that are shorter than the header, 0 to 1."""
        settings = self.settings or {}
        if settings.get("format", {}).get("kind") != "csv" or not self.row_count:
            return 0
        return settings.get("short", 0) / self.row_count

    def _get_short_share_before(self):
        before = self._get_load_before()
        return before._get_short_share() if before else 0

    def _get_load_before(self):
        """The last file of the list that came into force."""
        return self.search(
            [("list_id", "=", self.list_id.id), ("state", "=", "done")], limit=1
        )

    def _is_cut_off(self):
        """Whether the file ends without the end of a line, as none before did."""
        form = (self.settings or {}).get("format", {})
        path = self._get_table_path()
        if form.get("kind") != "csv" or (self._get_folder() / "table.csv").exists():
            return False
        is_open = not _ends_with_line(path)
        self.settings = {**self.settings, "is_open": is_open}
        before = self._get_load_before()
        if not is_open or (before.settings or {}).get("is_open"):
            return False
        return bool(before) or self._is_last_row_short()

    def _is_last_row_short(self):
        """Whether the last line has fewer columns than the others."""
        form = self.settings["format"]
        with self._get_table_path().open("rb") as stream:
            stream.seek(max(stream.seek(0, 2) - 4096, 0))
            tail = stream.read().decode(form["encoding"], "replace")
        lines = tail.splitlines()
        counts = [line.count(form["delimiter"]) for line in lines[-2:]]
        return len(counts) == 2 and counts[1] < counts[0]

    def _get_table_stops(self):
        """What is strange about the rows, beside those in force.

        :return: list of sentences
        """
        if not self.list_id.generation:
            return self._get_first_stops()
        stops = []
        before, limit = self.list_id.row_count, self.list_id.least_share
        if self.offer_count * 100 < limit * before:
            stops.append(
                self.env._(
                    "The list would have %(count)s rows; before there were %(before)s.",
                    count=self.offer_count,
                    before=before,
                )
            )
        return stops + self._get_difference_stops()

    def _get_difference_stops(self):
        """Parts, prices, names and terms that have nothing to do with those before.

        :return: list of sentences
        """
        found = self._compare_with_old()
        count, known, least = found["count"], found["known"], self.list_id.least_known
        stops = []
        if count >= FEW_ROWS and known * 100 < least * count:
            stops.append(
                self.env._(
                    "Only %(share)s %% of the parts were in the list before: is it the "
                    "right file, and are the columns right?",
                    share=round(100 * known / count),
                )
            )
        if known < FEW_ROWS:
            return stops
        limit = 1 + (self.list_id.price_change or 1e9) / 100
        if not 1 / limit <= found["ratio"] <= limit:
            stops.append(
                self.env._(
                    "Prices are %(ratio)s times those before: are the column and the "
                    "decimal sign right?",
                    ratio=f"{found['ratio']:.3g}",
                )
            )
        if any(
            found[f"{name}_before"] >= FEW_ROWS
            and found[f"{name}_same"] * 100 < least * found[f"{name}_before"]
            for name in ("name", "term")
        ):
            stops.append(
                self.env._(
                    "Names or terms of nearly all parts have changed: are the columns "
                    "right?"
                )
            )
        return stops

    def _compare_with_old(self):
        """A sample of the new rows beside the old ones.

        :return: dict: ``count`` of the sample, ``known`` before, ``ratio`` (median of
            new by old price), of ``name`` and ``term`` those ``_before`` and ``_same``
        """
        rows = self.env["auto.service.price.row"]
        share = min(100.0 * SAMPLE_ROWS / max(self.good_count, 1), 100.0)
        [found] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) AS count, count(old.price) AS known,
                       COALESCE(percentile_cont(0.5) WITHIN GROUP (
                           ORDER BY new.price / NULLIF(old.price, 0)), 1) AS ratio,
                       count(old.name) AS name_before,
                       count(*) FILTER (WHERE new.name = old.name) AS name_same,
                       count(old.hours_min) AS term_before,
                       count(*) FILTER (WHERE new.hours_min = old.hours_min)
                           AS term_same
                  FROM (
                    SELECT DISTINCT ON (number_key, brand_key)
                           number_key, brand_key, price, name, hours_min
                      FROM %(new)s TABLESAMPLE BERNOULLI (%(share)s) REPEATABLE (1)
                  ORDER BY number_key, brand_key, price
                  ) new
                  LEFT JOIN LATERAL (
                    SELECT price, name, hours_min FROM %(old)s old
                     WHERE old.number_key = new.number_key
                       AND old.brand_key = new.brand_key
                  ORDER BY price LIMIT 1
                  ) old ON TRUE
                """,
                new=rows._get_table(self.generation),
                old=rows._get_table(self.list_id.generation),
                share=share,
            )
        )
        return found

    def _get_first_stops(self):
        """What is strange about the first file of a list: columns that are mixed up.

        :return: list of sentences
        """
        rows = self.env["auto.service.price.row"]
        [[count, numbers, brands]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(DISTINCT number_key), count(DISTINCT brand_key)
                  FROM (SELECT number_key, brand_key FROM %s LIMIT %s) sample
                """,
                rows._get_table(self.generation),
                SAMPLE_ROWS,
            )
        )
        if count < 10 * FEW_ROWS:
            return []
        if numbers * 10 < count or brands * 2 > count:
            return [
                self.env._(
                    "%(rows)s rows have %(brands)s brands and %(numbers)s numbers: are "
                    "the columns right?",
                    rows=count,
                    brands=brands,
                    numbers=numbers,
                )
            ]
        return []

    # ------------------------------------------------------------------
    # Lists of changes
    # ------------------------------------------------------------------

    def _get_changes_stops(self):
        """Changes are compared before they are joined with the list.

        :return: list of sentences
        """
        if not self.list_id.generation:
            return []
        return [
            text
            for text in self._get_difference_stops()
            if self.good_count >= 10 * FEW_ROWS
        ]

    def _merge_old_rows(self):
        """Rows in force that the file does not name come along; nothing goes out."""
        rows = self.env["auto.service.price.row"]
        new = rows._get_table(self.generation)
        if self.list_id.generation:
            columns = SQL(", ").join(map(SQL.identifier, rows._get_copied_columns()))
            self.env.cr.execute(SQL("ANALYZE %s", new))
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(new)s (%(columns)s)
                    SELECT %(columns)s FROM %(old)s old
                     WHERE NOT EXISTS (
                        SELECT 1 FROM %(new)s new
                         WHERE new.number_key = old.number_key
                           AND new.brand_key = old.brand_key
                     )
                    """,
                    new=new,
                    old=rows._get_table(self.list_id.generation),
                    columns=columns,
                )
            )
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE quantity = 0 AND NOT is_on_order", new)
        )

    # ------------------------------------------------------------------
    # Into force
    # ------------------------------------------------------------------

    def _put_in_force(self):
        """The new partition and the pointer to it: one small transaction."""
        price_list = self.list_id
        now = fields.Datetime.now()
        self._queue_unknown_brands()
        self.env["auto.service.price.row"]._attach_table(self.generation)
        self.write({"state": "done", "loaded_at": now, "left_at": False})
        self._note_left(price_list.previous_generation)
        price_list._point_to(self.generation, price_list.generation)
        price_list._end_trouble()
        self._retire_waiting()

    def _note_left(self, generation):
        """Rows that nobody can bring back any more go when the time has come."""
        if generation:
            left = self.search([("generation", "=", generation)])
            left.write({"left_at": fields.Datetime.now()})

    def put_in_force(self):
        """Called by the button Put in force: somebody has looked.

        :return: dict for the progress bar
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "held":
            raise UserError(
                self.env._("Only a file that was held back is put in force.")
            )
        self.write({"state": "ready"})
        return self.step()

    def _queue_unknown_brands(self):
        """Names of brands that nobody knows go to the queue, all at once."""
        known = list(self.env["auto.service.part.brand"]._get_name_map()[0])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(brand), count(*), (array_agg(number))[1:5]
                  FROM %s row
                 WHERE NOT (brand_key = ANY(%s))
              GROUP BY brand_key
              ORDER BY 2 DESC
                 LIMIT 2000
                """,
                self.env["auto.service.price.row"]._get_table(self.generation),
                known,
            )
        )
        unknown = self.env["auto.service.part.brand.unknown"]
        unknown.sudo()._add_unknown(rows, self.list_id.name)


def _ends_with_line(path):
    """Whether the file ends with the end of a line."""
    with path.open("rb") as stream:
        stream.seek(max(stream.seek(0, 2) - 4, 0))
        return stream.read().rstrip(b"\x00 \t")[-1:] in (b"\n", b"\r", b"\x1a", b"")
