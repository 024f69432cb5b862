import zlib

from odoo import api, fields, models
from odoo.tools import SQL

BUCKETS = 4096


class AutoServiceEntryGuard(models.Model):
    """Lets two people enter the same plate, telephone or clock at once, but not twice.

    Plates are not unique (they change hands), so no index of the vehicles can guard
    them, and a lock alone does not help: in REPEATABLE READ the second transaction
    would not see what the first one entered. Touching the same row here makes it
    start again, and then it finds the vehicle.
    """

    _name = "auto.service.entry.guard"
    _description = "Guard against Entering the Same Twice at Once"
    _log_access = False

    bucket = fields.Integer(
        required=True, help="What is entered, as a number; many entries share one."
    )

    _bucket_uniq = models.UniqueIndex("(bucket)")

    @api.model
    def _enter(self, code):
        """Wait for whoever enters the same now, then start again after him.

        :param str code: what is about to be entered, in comparable form
        :raise psycopg2.errors.SerializationFailure: somebody else entered it since
            this transaction began; the host tries the request again by itself
        """
        bucket = zlib.crc32(code.encode()) % BUCKETS
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_entry_guard (bucket) VALUES (%s)
                ON CONFLICT (bucket) DO UPDATE SET bucket = EXCLUDED.bucket
                """,
                bucket,
            ),
            log_exceptions=False,
        )
