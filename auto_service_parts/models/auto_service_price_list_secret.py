from odoo import fields, models


class AutoServicePriceListSecret(models.Model):
    """Password of the address that a price list is fetched from.

    Nobody has access to the model: the password goes in, and only the server takes it
    out. Copies of the database for tests lose the rows (neutralize.sql).
    """

    _name = "auto.service.price.list.secret"
    _description = "Secret of a Price List"
    _log_access = False

    list_id = fields.Many2one(
        "auto.service.price.list",
        required=True,
        ondelete="cascade",
        help="Price list that is fetched with it.",
    )
    value = fields.Char(
        required=True,
        exportable=False,
        export_string_translation=False,
        help="The password.",
    )

    _list_uniq = models.UniqueIndex("(list_id)")
