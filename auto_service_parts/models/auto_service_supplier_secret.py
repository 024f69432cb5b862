from odoo import api, fields, models
from odoo.tools import SQL


class AutoServiceSupplierSecret(models.Model):
    """The password of an account: it goes in, and only the server takes it out.

    Nobody has access to the model, administrators neither; exports, copies and messages
    never see it. Copies of the database for tests lose the rows (neutralize.sql).
    """

    _name = "auto.service.supplier.secret"
    _description = "Secret of a Supplier Account"
    _log_access = False

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        ondelete="cascade",
        help="Account that the secret opens.",
    )
    value = fields.Char(
        required=True,
        exportable=False,
        export_string_translation=False,
        help="What the supplier's system wants to see, sealed by the handler.",
    )

    _account_uniq = models.UniqueIndex("(account_id)")

    @api.model
    def _set(self, account, value):
        """Keep ``value`` for the account; an empty one throws the old one away."""
        self.search([("account_id", "=", account.id)]).unlink()
        if value:
            self.create({"account_id": account.id, "value": value})

    @api.model
    def _get(self, accounts):
        """Secrets of the accounts.

        :return: dict account number -> secret
        """
        self.check_access("read")  # nobody may but the server itself
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, value
                  FROM auto_service_supplier_secret
                 WHERE account_id = ANY(%s)
                """,
                [number for number in accounts.ids if number],
            )
        )
        return dict(rows)
