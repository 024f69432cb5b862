from odoo import api, fields, models


class AutoServiceSupplierOption(models.Model):
    """A way of payment or delivery that a supplier offers with an order."""

    _name = "auto.service.supplier.option"
    _description = "Choice for Orders at a Supplier"
    _order = "account_id, kind, name, id"

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        index=True,
        ondelete="cascade",
        help="Account at the supplier.",
    )
    kind = fields.Selection(
        [
            ("payment", "Way of payment"),
            ("shipment", "Way of delivery"),
            ("address", "Address"),
            ("office", "Office to fetch from"),
        ],
        required=True,
        help="What is chosen.",
    )
    code = fields.Char(required=True, help="Number of the choice at the supplier.")
    name = fields.Char(required=True, help="Name of the choice at the supplier.")
    active = fields.Boolean(
        default=True, help="Archived when the supplier does not offer it any more."
    )

    _code_uniq = models.UniqueIndex(
        "(account_id, kind, code)", "The choice is in the list already."
    )

    @api.model
    def _load_options(self, account, rows):
        """Bring the list up to date.

        :param rows: dicts ``kind``, ``code``, ``name``
        """
        domain = [("account_id", "=", account.id)]
        known = {
            (option.kind, option.code): option
            for option in self.with_context(active_test=False).search(domain)
        }
        values_list = []
        for row in rows:
            option = known.pop((row["kind"], row["code"]), None)
            if option is None:
                values_list.append({"account_id": account.id, **row})
            elif option.name != row["name"] or not option.active:
                option.write({"name": row["name"], "active": True})
        self.create(values_list)
        gone = self.browse([option.id for option in known.values()])
        gone.filtered("active").active = False
