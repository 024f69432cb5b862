import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "auto_service_booking.limit"


class AutoServiceLinkHit(models.Model):
    """Requests to the customers' pages, counted so that nobody tries them in bulk.

    The count lies in the database, so all workers of all machines share it. Who asked
    is kept as a keyed hash: no addresses are stored.
    """

    _name = "auto.service.link.hit"
    _description = "Request to a Customer's Page"
    _log_access = False

    kind = fields.Char(required=True, help="What is counted.")
    who = fields.Char(required=True, help="Hash of the address or of the link.")
    at = fields.Datetime(required=True, help="When it was asked for.")

    _who_idx = models.Index("(who, kind, at)")
    _at_idx = models.Index("(at)")

    @api.model
    def _get_limits(self):
        """Requests that are allowed, and in how many minutes; override to change.

        :return: {kind: (requests, minutes)}: "address" everything from one address,
            "unknown" tokens that do not exist from one address, "link" everything by
            one link, "change" what is picked, moved or cancelled by one link
        """
        return {
            "address": (240, 10),
            "unknown": (20, 10),
            "link": (90, 10),
            "change": (12, 60),
        }

    @api.model
    def _take(self, kind, who):
        """Count one request, in a short transaction of its own.

        It counts when the page fails later, and waits for nobody: at most as many
        requests as there are workers slip through beyond the limit.

        :param str kind: see :meth:`_get_limits`
        :param str who: address or link
        :return: True when it is within the limit
        """
        count, minutes = self._get_limits()[kind]
        now = fields.Datetime.now()
        values = {
            "kind": kind,
            "who": self._get_hash(kind, who),
            "now": now,
            "since": now - timedelta(minutes=minutes),
            "count": count,
        }
        with self.env.registry.cursor() as cr:
            cr.execute(self._get_take_query(values))
            return bool(cr.rowcount)

    @api.model
    def _get_take_query(self, values):
        """Insert a row unless there are enough of them."""
        return SQL(
            """
            INSERT INTO auto_service_link_hit (kind, who, at)
            SELECT %(kind)s, %(who)s, %(now)s
             WHERE (
                SELECT count(*)
                  FROM auto_service_link_hit
                 WHERE who = %(who)s AND kind = %(kind)s AND at > %(since)s
             ) < %(count)s
            """,
            **values,
        )

    @api.model
    def _get_hash(self, kind, who):
        who = who if kind in ("link", "change") else self._get_network(who)
        return hmac(self.sudo().env, SCOPE, (kind, who))[:32]

    @api.model
    def _get_network(self, address):
        """What counts as one address: with IPv6 the network of a household."""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "unknown"
        if parsed.version == 4:
            return str(parsed)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))

    @api.autovacuum
    def _gc_hits(self):
        """Counts of yesterday are of no use."""
        limit = fields.Datetime.now() - timedelta(days=1)
        old = self.search([("at", "<", limit)], limit=10000)
        old.unlink()
        return len(old), len(old) == 10000
