from odoo import fields, models

from .auto_service_price_list_column import MEANINGS

#: Why a row is refused, in one sentence that says what to do.
PROBLEMS = [
    ("brand", "No brand: fill it in, or set the brand of all parts."),
    ("number", "No number of the part."),
    (
        "number_date",
        "A spreadsheet has made a date of the number: ask for the list as text.",
    ),
    (
        "number_exponent",
        "A spreadsheet has shortened the number, digits are lost: ask for the list as "
        "text.",
    ),
    ("too_long", "Too long: is the column the right one?"),
    ("price", "This is not a price."),
    ("price_missing", "No price."),
    ("price_zero", "The price is zero."),
    ("quantity", "This quantity is not understood: add it to the own words."),
    ("amount", "This is not an amount."),
    ("currency", "This currency is not in use: activate it, or correct the row."),
    ("columns", "More columns than the header: a text holds the delimiter."),
    ("encoding", "Unreadable characters: choose another encoding."),
]


class AutoServicePriceListBad(models.Model):
    """Row of a supplier's file that was refused, and why."""

    _name = "auto.service.price.list.bad"
    _description = "Refused Row of a Price List"
    _order = "line, id"
    _rec_name = "value"
    _log_access = False

    load_id = fields.Many2one(
        "auto.service.price.list.load",
        required=True,
        index=True,
        ondelete="cascade",
        help="File that the row belongs to.",
    )
    line = fields.Integer(aggregator=None, help="Line of the file.")
    reason = fields.Selection(
        PROBLEMS,
        string="What is wrong",
        help="What is wrong with the row, and what to do.",
    )
    meaning = fields.Selection(MEANINGS, string="Column", help="Which cell is wrong.")
    value = fields.Char(help="What stands there.")
    text = fields.Char(string="Row", help="The row as it is in the file.")
