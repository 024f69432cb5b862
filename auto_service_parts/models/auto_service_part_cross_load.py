import io

from odoo import api, models
from odoo.tools import SQL

#: Columns of a cross reference as they are loaded.
COLUMNS = (
    *("brand_id", "number_key", "to_brand_id", "to_number_key", "kind"),
    *("is_both_ways", "source_id"),
)


class AutoServicePartCross(models.Model):
    """Loading of many cross references at once, past the ORM."""

    _inherit = "auto.service.part.cross"

    @api.model
    def _load(self, rows):
        """Add cross references; those that are known already stay as they are.

        Called by the load of a file and by price lists that name equivalents. Three
        statements whatever the number of rows.

        :param rows: iterable of tuples (brand id, number key, brand id, number key,
            kind, both ways, source id)
        :return: number of cross references that were added
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE IF NOT EXISTS auto_service_part_cross_stage (
                    brand_id integer, number_key text, to_brand_id integer,
                    to_number_key text, kind text, is_both_ways boolean,
                    source_id integer
                ) ON COMMIT DELETE ROWS
                """
            )
        )
        self._copy_rows(rows)
        self.env.cr.execute(self._get_load_query())
        count = self.env.cr.rowcount
        self.env.cr.execute(SQL("TRUNCATE auto_service_part_cross_stage"))
        self.invalidate_model()
        return count

    def _copy_rows(self, rows):
        """COPY into the stage. Keys hold nothing that COPY would have to escape."""
        text = "\n".join(
            "\t".join((str(b), n, str(tb), tn, kind, "t" if both else "f", str(source)))
            for b, n, tb, tn, kind, both, source in rows
        )
        query = SQL(
            "COPY auto_service_part_cross_stage (%s) FROM STDIN",
            SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
        )
        self.env.cr.copy_expert(query.code, io.StringIO(text))

    def _get_load_query(self):
        """What is new of the stage; a part needs no reference to itself."""
        return SQL(
            """
            INSERT INTO auto_service_part_cross
                   (brand_id, number_key, to_brand_id, to_number_key, kind,
                    is_both_ways, source_id, is_doubtful)
            SELECT brand_id, number_key, to_brand_id, to_number_key, kind,
                   is_both_ways, source_id, FALSE
              FROM auto_service_part_cross_stage
             WHERE brand_id <> to_brand_id OR number_key <> to_number_key
             ORDER BY number_key
                ON CONFLICT DO NOTHING
            """
        )
