import json
from dataclasses import asdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.offer import BrandHit, PlainOffer

#: Questions whose answers are kept for a moment, with what the answers are made of.
CACHED = {"get_brands": BrandHit, "get_offers": PlainOffer}
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


class AutoServiceSupplierCache(models.Model):
    """Answers of a moment ago: two advisors who ask the same ask the supplier once."""

    _name = "auto.service.supplier.cache"
    _description = "Fresh Answer of a Supplier"
    _log_access = False

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        ondelete="cascade",
        help="Account that answered.",
    )
    key = fields.Char(
        required=True, export_string_translation=False, help="What was asked."
    )
    answer = fields.Text(required=True, help="What was answered.")
    fetched_at = fields.Datetime(required=True, help="When it was answered.")
    expires_at = fields.Datetime(
        required=True, index=True, help="From then on it is asked again."
    )

    _key_uniq = models.UniqueIndex("(account_id, key)")

    @api.model
    def _read_answers(self, talks):
        """Answers that are still fresh.

        :param talks: list of Talk
        :return: dict (account number, key) -> (result, fetched_at)
        """
        methods = {(t.account_id, t.cache_key): t.method for t in talks if t.cache_key}
        if not methods:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, key, answer, fetched_at
                  FROM auto_service_supplier_cache
                 WHERE (account_id, key) IN %s AND expires_at > %s
                """,
                tuple(methods),
                NOW,
            )
        )
        return {
            row[:2]: (_load(methods[row[:2]], row[2]), row[3])
            for row in rows
            if row[:2] in methods
        }

    @api.model
    def _keep(self, talk):
        """Keep the answer of ``talk`` for as long as its account says."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_supplier_cache
                       (account_id, key, answer, fetched_at, expires_at)
                VALUES (%(account)s, %(key)s, %(answer)s, %(fetched)s,
                        %(now)s + make_interval(mins => %(minutes)s))
                    ON CONFLICT (account_id, key) DO UPDATE
                   SET answer = EXCLUDED.answer,
                       fetched_at = EXCLUDED.fetched_at,
                       expires_at = EXCLUDED.expires_at
                """,
                account=talk.account_id,
                key=talk.cache_key,
                answer=json.dumps([asdict(row) for row in talk.answer.result]),
                fetched=talk.answer.fetched_at,
                now=NOW,
                minutes=talk.cache_minutes,
            ),
            log_exceptions=False,
        )

    @api.autovacuum
    def _gc_answers(self):
        """Throw away what is old."""
        self.env.cr.execute(
            SQL("DELETE FROM auto_service_supplier_cache WHERE expires_at < %s", NOW)
        )


def _load(method, text):
    return [CACHED[method](**row) for row in json.loads(text)]
