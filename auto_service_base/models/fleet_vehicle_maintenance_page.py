from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..tools.maintenance import to_unit

#: So many kinds of work are named on one line.
SHOWN = 3


class FleetVehicle(models.Model):
    """Maintenance as people read it: sentences, and the page on the vehicle."""

    _inherit = "fleet.vehicle"

    def _get_due_text(self, row):
        """One sentence on when work is due.

        :param dict row: of ``_get_maintenance_due``
        :return: translated text
        """
        self.ensure_one()
        values = {
            "date": format_date(self.env, row["predicted_date"]),
            "limit": self._format_odometer(row["due_odometer"]),
        }
        if row["state"] == "unknown":
            if row["last_date"]:
                return self.env._("due at %(limit)s; no reading is known", **values)
            return self.env._("not on record: ask when it was done last")
        if not row["predicted_date"]:
            return self.env._("due at %(limit)s", **values)
        if row["state"] == "overdue":
            if row["is_estimated"]:
                return self.env._("probably overdue since %(date)s", **values)
            return self.env._("overdue since %(date)s", **values)
        if row["is_estimated"]:
            return self.env._("due about %(date)s, at %(limit)s", **values)
        return self.env._("due on %(date)s", **values)

    def _get_due_label(self, row):
        """Work with the day, or the odometer, when it is due: for one line of many.

        :param dict row: of ``_get_maintenance_due``
        """
        day = row["predicted_date"]
        limit = (
            format_date(self.env, day)
            if day
            else self._format_odometer(row["due_odometer"])
        )
        return f"{row['name']} ({limit})"

    def _format_odometer(self, value):
        """Odometer with its unit as people read it; empty when it is not known."""
        self.ensure_one()
        if value is None:
            return ""
        unit = dict(self._fields["odometer_unit"]._description_selection(self.env))
        number = formatLang(self.env, value, digits=0)
        return f"{number} {unit.get(self.odometer_unit, '')}".strip()

    @api.readonly
    def get_maintenance_hint(self, order_id=False):
        """What is due on the vehicle, as one line; asked by the screen of a visit.

        Not a field of that screen: a visit opens without waiting for it.

        :param int order_id: auto.service.order whose work needs no hint
        :return: translated text, or False
        """
        self.ensure_one()
        self.check_access("read")
        order = self.env["auto.service.order"].browse(order_id or [])
        order.check_access("read")
        return self._get_maintenance_hint(order)

    def _get_maintenance_hint(self, order):
        """As ``get_maintenance_hint``, for a record.

        :param order: auto.service.order record, may be empty
        """
        self.ensure_one()
        due = [
            row
            for row in self._get_maintenance_due()
            if row["state"] in ("overdue", "soon")
            and not order._has_maintenance(row["item"])
        ]
        texts = [self._get_due_label(row) for row in due[:SHOWN]]
        if len(due) > SHOWN:
            texts.append(self.env._("%(count)s more", count=len(due) - SHOWN))
        return self.env._("Due: %(works)s", works=" · ".join(texts)) if texts else False

    @api.readonly
    def get_maintenance_overview(self):
        """What the page "Maintenance" of the vehicle shows.

        :return: dict with ``rows``, ``pace`` and ``doubtful`` (sentences or False)
            and ``can_record``
        """
        self.ensure_one()
        self.check_access("read")
        history = self._get_odometer_histories(
            fields.Date.context_today(self), self._get_maintenance_records()
        )[self.id]
        record = self.env["auto.service.maintenance.record"]
        return {
            "rows": [self._describe_due(row) for row in self._get_maintenance_due()],
            "pace": self._get_pace_text(history),
            "doubtful": self._get_doubtful_text(history),
            "can_record": record.has_access("create"),
        }

    def _describe_due(self, row):
        """A row of ``_get_maintenance_due`` as texts for the screen."""
        item = row["item"]
        return {
            "item_id": item.id,
            "name": row["name"],
            "note": item.note or "",
            "plan": item.plan_id.name,
            "interval": item._get_interval_text(self.odometer_unit),
            "state": row["state"],
            "text": self._get_page_text(row),
            "last_date": row["last_date"] and format_date(self.env, row["last_date"]),
            "last_odometer": self._format_odometer(row["last_odometer"]),
            "limit": self._get_limit_text(row),
        }

    def _get_page_text(self, row):
        """Sentence beside the badge that says overdue already."""
        if row["state"] != "overdue":
            return row["text"]
        date = format_date(self.env, row["predicted_date"])
        if row["is_estimated"]:
            return self.env._("since about %(date)s", date=date)
        return self.env._("since %(date)s", date=date)

    def _get_limit_text(self, row):
        """Both limits of the work; nothing where the day alone says it all."""
        if row["due_odometer"] is None:
            return ""
        texts = [
            self._format_odometer(row["due_odometer"]),
            row["due_date"] and format_date(self.env, row["due_date"]),
        ]
        limits = self.env._(" or ").join(text for text in texts if text)
        return self.env._("limit: %(limits)s", limits=limits) if limits else ""

    def _get_pace_text(self, history):
        """Sentence on how far the vehicle goes in a year."""
        if not history.pace:
            return self.env._(
                "Too few odometer readings to tell how far the vehicle goes in a year."
            )
        year = round(to_unit(history.pace * 365, self.odometer_unit), -2)
        return self.env._(
            "About %(distance)s a year.", distance=self._format_odometer(year)
        )

    def _get_doubtful_text(self, history):
        """Sentence on the latest reading when it cannot be believed, else False."""
        reading = history.doubtful
        if not reading:
            return False
        return self.env._(
            "The reading of %(date)s (%(value)s) looks wrong and does not count here. "
            "Correct it on the page Odometer.",
            date=format_date(self.env, reading.date),
            value=self._format_odometer(round(to_unit(reading.km, self.odometer_unit))),
        )

    def action_record_maintenance(self, item_id=False):
        """Enter maintenance that was done elsewhere, in a dialog.

        :param int item_id: auto.service.maintenance.item that was done
        :return: act_window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Done elsewhere"),
            "res_model": "auto.service.maintenance.record",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_vehicle_id": self.id, "default_item_id": item_id},
        }
