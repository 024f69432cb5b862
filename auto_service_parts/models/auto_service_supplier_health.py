from odoo import api, fields, models
from odoo.tools import SQL

#: Answers that say nothing about the supplier's health.
NO_FAULT = ("request", "unsupported", "resting")
FAILURES_TO_REST = 3
REST_SECONDS = 60
MAX_REST_SECONDS = 900
BACK_OFF_SECONDS = 5
MAX_BACK_OFF_SECONDS = 300
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


class AutoServiceSupplierHealth(models.Model):
    """How a supplier's system has answered lately.

    After three failures in a row it is left alone for a minute, then for twice as long,
    up to a quarter of an hour; one question tries whether it is back. One row for each
    account, outside of it: workers write it at any moment, users do not wait for them.
    """

    _name = "auto.service.supplier.health"
    _description = "Health of a Supplier's System"
    _log_access = False

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        ondelete="cascade",
        help="Account that is asked.",
    )
    answered_at = fields.Datetime(help="When it gave its last good answer.")
    milliseconds = fields.Integer(help="How long the last good answer took.")
    failed_at = fields.Datetime(help="When it failed last.")
    failure_count = fields.Integer(
        string="Failures in a row", help="How often it failed since its last answer."
    )
    error_code = fields.Char(help="Kind of the last error.")
    error_message = fields.Char(help="The last error, in the supplier's words.")
    resting_until = fields.Datetime(help="It is not asked until then.")
    trial_until = fields.Datetime(help="One question tries until then.")

    _account_uniq = models.UniqueIndex("(account_id)")

    @api.model
    def _get_resting(self, account_ids):
        """Accounts that are not asked now, or only by one question.

        :return: dict account number -> (seconds of rest left, last error message);
            0 seconds: one question may try
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, error_message,
                       extract(epoch FROM resting_until - %(now)s)
                  FROM auto_service_supplier_health
                 WHERE account_id = ANY(%(ids)s) AND resting_until IS NOT NULL
                """,
                now=NOW,
                ids=list(account_ids),
            )
        )
        return {row[0]: (max(float(row[2]), 0.0), row[1] or "") for row in rows}

    @api.model
    def _take_trial(self, account_id, seconds):
        """Become the one question that tries whether the supplier is back.

        :return: False when another one tries already
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_supplier_health
                   SET trial_until = %(now)s + make_interval(secs => %(seconds)s)
                 WHERE account_id = %(account)s
                   AND (trial_until IS NULL OR trial_until <= %(now)s)
                """,
                now=NOW,
                seconds=seconds,
                account=account_id,
            ),
            log_exceptions=False,
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _note_answer(self, account_id, milliseconds):
        """It answered: whatever was before is forgotten."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_supplier_health
                       (account_id, answered_at, milliseconds, failure_count)
                VALUES (%(account)s, %(now)s, %(milliseconds)s, 0)
                    ON CONFLICT (account_id) DO UPDATE
                   SET answered_at = EXCLUDED.answered_at,
                       milliseconds = EXCLUDED.milliseconds,
                       failure_count = 0,
                       resting_until = NULL,
                       trial_until = NULL
                """,
                account=account_id,
                now=NOW,
                milliseconds=milliseconds,
            ),
            log_exceptions=False,
        )

    @api.model
    def _note_failure(self, account_id, error):
        """It failed: count, and let it rest when that was too often.

        :param error: SupplierError
        """
        if error.code in NO_FAULT:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_supplier_health AS health
                       (account_id, failed_at, failure_count, error_code,
                        error_message, resting_until)
                VALUES (%(account)s, %(now)s, 1, %(code)s, %(message)s, %(first)s)
                    ON CONFLICT (account_id) DO UPDATE
                   SET failed_at = EXCLUDED.failed_at,
                       failure_count = health.failure_count + 1,
                       error_code = EXCLUDED.error_code,
                       error_message = EXCLUDED.error_message,
                       resting_until = %(next)s,
                       trial_until = NULL
                """,
                account=account_id,
                now=NOW,
                code=error.code,
                message=error.message[:500],
                first=self._get_rest(error, SQL("1")),
                next=self._get_rest(error, SQL("(health.failure_count + 1)")),
            ),
            log_exceptions=False,
        )

    @api.model
    def _get_rest(self, error, failures):
        """SQL of the moment when it may be asked again after ``failures`` in a row."""
        if error.retry_after:
            seconds = SQL("%s", min(error.retry_after, MAX_REST_SECONDS))
        elif error.code in ("locked", "limit"):
            seconds = SQL(
                "least(%s * 2 ^ least(%s - 1, 10), %s)",
                BACK_OFF_SECONDS,
                failures,
                MAX_BACK_OFF_SECONDS,
            )
        else:
            seconds = SQL(
                "CASE WHEN %(failures)s >= %(few)s "
                "THEN least("
                "%(base)s * 2 ^ least(%(failures)s - %(few)s, 10), %(most)s) END",
                failures=failures,
                few=FAILURES_TO_REST,
                base=REST_SECONDS,
                most=MAX_REST_SECONDS,
            )
        return SQL("%s + make_interval(secs => %s)", NOW, seconds)

    @api.model
    def _forgive(self, account_ids):
        """Ask again now: the rest is over."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_supplier_health
                   SET failure_count = 0, resting_until = NULL, trial_until = NULL
                 WHERE account_id = ANY(%s)
                """,
                list(account_ids),
            ),
            log_exceptions=False,
        )
