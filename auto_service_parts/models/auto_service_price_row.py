import logging

from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Columns of a row, fixed widths first: no gaps between them.
COLUMNS = """
    price float8 NOT NULL DEFAULT 0,
    generation integer NOT NULL,
    hours_min integer,
    hours_max integer,
    quantity real NOT NULL DEFAULT 0,
    multiplicity real NOT NULL DEFAULT 1,
    min_quantity real NOT NULL DEFAULT 0,
    core_price float8 NOT NULL DEFAULT 0,
    price_cap float8 NOT NULL DEFAULT 0,
    is_on_order boolean NOT NULL DEFAULT FALSE,
    is_no_return boolean NOT NULL DEFAULT FALSE,
    quantity_sign "char" NOT NULL DEFAULT '=',
    number_key text NOT NULL,
    brand_key text NOT NULL,
    brand text NOT NULL,
    number text NOT NULL,
    name text,
    currency text,
    warehouse text,
    note text,
    supplier_code text
"""
TABLE = "auto_service_price_row"
SEQUENCE = "auto_service_price_generation_seq"


class AutoServicePriceRow(models.AbstractModel):
    """The rows of all price lists: a table outside the ORM, one partition a load.

    A partition is never changed after it has come into force. Readers name the
    generations that the lists point to; a load fills a table that stands alone and
    attaches it in the transaction that moves the pointer.
    """

    _name = "auto.service.price.row"
    _description = "Rows of Price Lists"

    def init(self):
        self.env.cr.execute(
            SQL(
                "CREATE TABLE IF NOT EXISTS %s (%s) PARTITION BY LIST (generation)",
                SQL.identifier(TABLE),
                SQL(COLUMNS),
            )
        )
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (number_key, brand_key)",
                SQL.identifier(f"{TABLE}_number_idx"),
                SQL.identifier(TABLE),
            )
        )
        self.env.cr.execute(
            SQL("CREATE SEQUENCE IF NOT EXISTS %s", SQL.identifier(SEQUENCE))
        )

    @api.model
    def _drop_everything(self):
        """Called when the addon goes: no model of the registry knows these tables."""
        self.env.cr.execute(
            SQL("DROP TABLE IF EXISTS %s CASCADE", SQL.identifier(TABLE))
        )
        for name in self._get_table_names():
            self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
        self.env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(SEQUENCE)))

    @api.model
    def _get_table_names(self):
        """Tables of rows, in force or not.

        :return: list of str
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT relname::text FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = current_schema()::regnamespace"
                " AND relname ~ %s",
                rf"^{TABLE}_\d+$",
            )
        )
        return [name for (name,) in rows]

    @api.model
    def _get_table(self, generation):
        """Table of a generation.

        :return: SQL identifier
        """
        return SQL.identifier(f"{TABLE}_{int(generation)}")

    @api.model
    def _take_generation(self):
        """Number for new rows; it is never given twice.

        :return: int
        """
        [[number]] = self.env.execute_query(SQL("SELECT nextval(%s)", SEQUENCE))
        return number

    @api.model
    def _create_table(self, generation):
        """Table for new rows that stands alone: nobody reads it yet."""
        table = self._get_table(generation)
        self.env.cr.execute(
            SQL(
                "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS)",
                table,
                SQL.identifier(TABLE),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE %(table)s
                      ALTER COLUMN generation SET DEFAULT %(number)s,
                        ADD CHECK (generation = %(number)s)
                """,
                table=table,
                number=generation,
            )
        )

    @api.model
    def _get_copied_columns(self):
        """Columns of a row but its generation.

        :return: list of str
        """
        names = [line.split()[0] for line in COLUMNS.strip().splitlines()]
        return [name.strip('"') for name in names if name != "generation"]

    @api.model
    def _drop_table(self, generation):
        """Rows that were never in force go; nobody but the load knows of them."""
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", self._get_table(generation)))

    @api.model
    def _index_table(self, generation):
        """The index of all partitions, and figures for the planner."""
        table = self._get_table(generation)
        self.env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
        self.env.cr.execute(SQL("CREATE INDEX ON %s (number_key, brand_key)", table))
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _attach_table(self, generation):
        """Make a table a partition: readers neither wait for it nor make it wait."""
        self.env.cr.execute("SET LOCAL lock_timeout = '2s'")
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%s)",
                SQL.identifier(TABLE),
                self._get_table(generation),
                generation,
            )
        )

    @api.model
    def _drop_old(self, kept):
        """Drop the rows that no list needs, as far as nobody is reading just now.

        A partition goes under a lock that readers would wait behind, so it is given
        up after a moment and tried again the next time.

        :param set kept: generations that stay
        :return: number of tables that went
        """
        count = 0
        for name in self._get_table_names():
            if int(name.rpartition("_")[2]) in kept:
                continue
            try:
                with self.env.cr.savepoint(flush=False):
                    self.env.cr.execute("SET LOCAL lock_timeout = '50ms'")
                    self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
                count += 1
            except LockNotAvailable:
                _logger.info("Rows of %s are being read, they go later", name)
        self.env.cr.execute("SET LOCAL lock_timeout = 0")
        return count
