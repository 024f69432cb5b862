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
    def _take(self, wishes):
        """Take places, in the same order everywhere: no deadlocks.

        :param wishes: list of (account number, places of the account, how many are
            wanted, seconds that they are ours at most)
        :return: dict account number -> names of the places, perhaps fewer than wanted
        """
        places = {}
        if not wishes:
            return places
        accounts, most, wanted, seconds = (
            list(column) for column in zip(*wishes, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_supplier_lease AS lease
                       (account_id, slot, holder, expires_at)
                SELECT wish.account_id, free.slot, gen_random_uuid()::text,
                       %(now)s + make_interval(secs => wish.seconds)
                  FROM unnest(%(accounts)s, %(most)s, %(wanted)s, %(seconds)s::float[])
                       AS wish (account_id, most, wanted, seconds)
                 CROSS JOIN LATERAL (
                        SELECT slot
                          FROM generate_series(1, wish.most) AS slot
                         WHERE NOT EXISTS (
                                SELECT FROM auto_service_supplier_lease AS other
                                 WHERE other.account_id = wish.account_id
                                   AND other.slot = slot.slot
                                   AND other.expires_at > %(now)s
                               )
                         ORDER BY random()
                         LIMIT wish.wanted
                       ) AS free
                 ORDER BY wish.account_id, free.slot
                    ON CONFLICT (account_id, slot) DO UPDATE
                   SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
                 WHERE lease.expires_at <= %(now)s
                RETURNING account_id, holder
                """,
                accounts=accounts,
                most=most,
                wanted=wanted,
                seconds=seconds,
                now=SQL("(clock_timestamp() AT TIME ZONE 'UTC')"),
            ),
            log_exceptions=False,
        )
        for account_id, holder in self.env.cr.fetchall():
            places.setdefault(account_id, []).append(holder)
        return places

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
