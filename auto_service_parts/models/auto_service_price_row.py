import logging

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
    core_price real NOT NULL DEFAULT 0,
    price_cap real NOT NULL DEFAULT 0,
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
        self.env.cr.execute(
            SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(SEQUENCE))
        )

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
