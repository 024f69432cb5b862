import uuid

from odoo import api, fields, models
from odoo.tools import SQL


class AutoServiceSupplierLease(models.Model):
    """A place at a supplier: as many questions run at once as there are places.

    All workers of the server share the places. A place that nobody gave back, because
    its worker died, is free again when its time is over.
    """

    _name = "auto.service.supplier.lease"
    _description = "Question Running at a Supplier"
    _log_access = False

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        ondelete="cascade",
        help="Account that is asked.",
    )
    slot = fields.Integer(required=True, help="Which of the places, from 1.")
    holder = fields.Char(export_string_translation=False, help="Who has the place.")
    expires_at = fields.Datetime(
        required=True, help="When the place is free again in any case."
    )

    _slot_uniq = models.UniqueIndex("(account_id, slot)")

    @api.model
    def _take(self, account_id, max_parallel, seconds):
        """Take a place.

        :param float seconds: how long it is ours at most
        :return: name of the place, empty when all are taken
        """
        holder = uuid.uuid4().hex
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_supplier_lease AS lease
                       (account_id, slot, holder, expires_at)
                SELECT %(account)s, slot, %(holder)s, %(now)s + %(seconds)s
                  FROM generate_series(1, %(most)s) AS slot
                 WHERE NOT EXISTS (
                        SELECT FROM auto_service_supplier_lease AS other
                         WHERE other.account_id = %(account)s
                           AND other.slot = slot.slot
                           AND other.expires_at > %(now)s
                       )
                 ORDER BY random()
                 LIMIT 1
                    ON CONFLICT (account_id, slot) DO UPDATE
                   SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
                 WHERE lease.expires_at <= %(now)s
                """,
                account=account_id,
                holder=holder,
                most=max(max_parallel, 1),
                now=SQL("(clock_timestamp() AT TIME ZONE 'UTC')"),
                seconds=SQL("make_interval(secs => %s)", seconds),
            ),
            log_exceptions=False,
        )
        return holder if self.env.cr.rowcount else ""

    @api.model
    def _give_back(self, holders):
        """Free the places of those names."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM auto_service_supplier_lease WHERE holder = ANY(%s)",
                list(holders),
            ),
            log_exceptions=False,
        )
