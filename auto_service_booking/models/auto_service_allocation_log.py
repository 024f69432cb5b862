from odoo import api, models


class AutoServiceAllocation(models.Model):
    """The history: every change of the board is on record.

    ``auto_service_no_log`` in the context: the caller writes one row for all of it.
    ``auto_service_log`` in the context: dict with ``what`` and ``note`` that go before
    what is found out here, for example ``{"what": "replan", "note": "Ill"}``.
    """

    _inherit = "auto.service.allocation"

    @api.model_create_multi
    def create(self, vals_list):
        allocations = super().create(vals_list)
        if not self.env.context.get("auto_service_no_log"):
            for rows in allocations._get_logged_groups():
                rows._log_change("booked", "", rows._get_label())
        return allocations

    def write(self, vals):
        changed = {"resource_id", "start", "stop", "state"} & set(vals)
        if not changed or self.env.context.get("auto_service_no_log"):
            return super().write(vals)
        groups = [
            (rows, rows._get_snapshot(), rows._get_label())
            for rows in self._get_logged_groups()
        ]
        res = super().write(vals)
        for rows, snapshot, before in groups:
            what = rows._get_kind_of_change(snapshot)
            if what:
                after = "" if what == "freed" else rows._get_label()
                rows._log_change(what, before, after)
        return res

    def _get_logged_groups(self):
        """The rows by booking or job: one row of history for each.

        :return: list of auto.service.allocation records
        """
        rows = self.filtered(lambda row: row.booking_id or row.job_id)
        return list(rows.grouped(lambda row: row.booking_id or row.job_id).values())

    def _get_snapshot(self):
        """What the rows keep now, to see later what has changed.

        :return: dict of row id -> (resource id, start, stop, state)
        """
        return {
            row.id: (row.resource_id.id, row.start, row.stop, row.state) for row in self
        }

    def _get_kind_of_change(self, snapshot):
        """What happened to the rows since ``snapshot``; None when nothing did."""
        now = self._get_snapshot()
        pairs = [(snapshot[row_id], now[row_id]) for row_id in now]
        if any(old[3] != new[3] and new[3] == "cancelled" for old, new in pairs):
            return "freed"
        if any(old[1] != new[1] for old, new in pairs):
            return "moved"
        if any(old[2] != new[2] for old, new in pairs):
            return "resized"
        if any(old[0] != new[0] for old, new in pairs):
            return "resource"
        if any(old[3] == "cancelled" != new[3] for old, new in pairs):
            return "booked"
        return None

    def _log_change(self, what, before="", after="", note=""):
        """Put a change of these rows on record, once per booking or job.

        :param str what: kind of change, see ``auto.service.booking.log``
        """
        given = self.env.context.get("auto_service_log") or {}
        values = [
            {
                "booking_id": row.booking_id.id,
                "job_id": row.job_id.id,
                "what": given.get("what") or what,
                "before": before,
                "after": after,
                "note": given.get("note") or note,
            }
            for row in (rows[:1] for rows in self._get_logged_groups())
        ]
        # Nobody writes history by hand.
        self.env["auto.service.booking.log"].sudo().create(values)

    def _get_label(self, start=None, stop=None):
        """When, where and who: “Mon 2 Mar 09:00 – 10:00 · Lift 1, Toomas Mets”.

        :param datetime start: naive UTC; the first of the rows when omitted
        :param datetime stop: naive UTC; the last of the rows when omitted
        :return: text
        """
        start = start or min(self.mapped("start"), default=None)
        stop = stop or max(self.mapped("stop"), default=None)
        if not start:
            return ""
        tz = self._get_board_tz()
        texts = [self._format_time(moment, tz) for moment in (start, stop)]
        if texts[0][:-5] == texts[1][:-5]:  # the same day
            texts[1] = texts[1][-5:]
        names = dict.fromkeys(self.sudo().resource_id.mapped("name"))
        label = " – ".join(texts)
        return f"{label} · {', '.join(names)}" if names else label
