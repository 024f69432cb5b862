from odoo import api, fields, models

#: What a column of a price list can mean; keys are those of ``tools/price_row.py``.
MEANINGS = [
    ("brand", "Brand"),
    ("number", "Number of the part"),
    ("name", "Name"),
    ("price", "Price"),
    ("quantity", "Quantity in stock"),
    ("term", "Term of delivery"),
    ("term_max", "Term of delivery at worst"),
    ("multiplicity", "Sold in packs of"),
    ("min_quantity", "Least quantity"),
    ("warehouse", "Warehouse"),
    ("currency", "Currency"),
    ("core_price", "Core deposit"),
    ("price_cap", "Highest retail price"),
    ("supplier_code", "Supplier's code"),
    ("note", "Note"),
    ("no_return", "Cannot be returned"),
]


class AutoServicePriceListColumn(models.Model):
    """What a column of a supplier's file means."""

    _name = "auto.service.price.list.column"
    _description = "Column of a Price List"
    _order = "sequence, id"

    list_id = fields.Many2one(
        "auto.service.price.list",
        string="Price list",
        required=True,
        index=True,
        ondelete="cascade",
        help="Price list that the column belongs to.",
    )
    sequence = fields.Integer(help="Place of the column in the file.")
    name = fields.Char(string="Column of the file", help="Header of the column.")
    examples = fields.Char(
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="What stands in the first rows.",
    )
    meaning = fields.Selection(
        MEANINGS, help="What the column is. Empty: the column is not read."
    )

    _meaning_uniq = models.Constraint(
        "UNIQUE(list_id, meaning)",
        "Two columns have the same meaning: leave one of them empty.",
    )

    @api.model
    def _get_meaning_labels(self):
        """Meanings in the language of the user.

        :return: list of pairs
        """
        return self._fields["meaning"]._description_selection(self.env)
