from odoo import models
from odoo.tools import SQL

from ..tools.offer import PlainOffer

COLUMNS = (
    "brand",
    "number",
    "name",
    "price",
    "currency",
    "quantity",
    "quantity_sign",
    "is_on_order",
    "multiplicity",
    "min_quantity",
    "hours_min",
    "hours_max",
    "core_price",
    "price_cap",
    "warehouse",
    "note",
    "is_no_return",
)
#: Columns in which nothing stands for an empty text.
TEXTS = ("name", "currency", "warehouse", "note")


class AutoServicePriceList(models.Model):
    """What the list in force says about an offer of an earlier day."""

    _inherit = "auto.service.price.list"

    def _get_offers_of(self, offer):
        """Rows in force of the very part of an offer.

        :param offer: auto.service.parts.offer record
        :return: list of PlainOffer
        """
        self.ensure_one()
        if not self.generation or not self.active:
            return []
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM auto_service_price_row"
                " WHERE generation = %s AND number_key = %s",
                SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
                self.generation,
                offer.number_key,
            )
        )
        return [
            PlainOffer(**{**row, **{name: row[name] or "" for name in TEXTS}})
            for row in rows
        ]
