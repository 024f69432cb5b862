from collections import namedtuple
from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.maintenance import (
    Done,
    History,
    Horizon,
    Reading,
    find_due,
    from_unit,
    to_unit,
)

#: What was entered by hand, as plain data: a night has many of them.
Entry = namedtuple(
    "Entry",
    "vehicle_id id item_id package_id operation_id name date odometer is_correction"
    " create_date",
)


class FleetVehicle(models.Model):
    """Scheduled maintenance of a vehicle: what is due, and when."""

    _inherit = "fleet.vehicle"

    maintenance_record_ids = fields.One2many(
        "auto.service.maintenance.record",
        "vehicle_id",
        string="Maintenance on Record",
        help="Maintenance done elsewhere, and corrections.",
    )

    def _get_maintenance_due(self, date=None):
        """Scheduled maintenance of the vehicle, what is overdue first.

        :param date date: day that counts as today
        :return: list of dicts: ``item`` (auto.service.maintenance.item), ``name``,
            ``state`` (overdue, soon, later, unknown), ``last_date``,
            ``last_odometer``, ``due_date``, ``due_odometer``, ``predicted_date``,
            ``is_estimated`` and ``text``, one sentence on when it is due. Odometers
            are in the unit of the vehicle; what is not known is None
        """
        self.ensure_one()
        rows = self._get_maintenance_due_by_vehicle(date)[self.id]
        for row in rows:
            row["text"] = self._get_due_text(row)
        return rows

    def _get_maintenance_due_by_vehicle(self, date=None):
        """As ``_get_maintenance_due``, without texts, for many vehicles.

        The number of queries does not depend on the number of vehicles.

        :param date date: day that counts as today
        :return: dict of vehicle id to list of dicts
        """
        today = date or fields.Date.context_today(self)
        items = self.env["auto.service.maintenance.plan"]._get_items_by_vehicle(self)
        if not any(items.values()):
            return {vehicle.id: [] for vehicle in self}
        records = self._get_maintenance_records()
        histories = self._get_odometer_histories(today, records)
        works = self._get_works_done(items)
        every = self.env["auto.service.maintenance.item"].union(*items.values())
        plain = {item: item._get_work() for item in every}
        return {
            vehicle.id: vehicle._get_due_rows(
                [plain[item] for item in items[vehicle.id]],
                histories[vehicle.id],
                records.get(vehicle.id, ()),
                works.get(vehicle.id, ()),
            )
            for vehicle in self
        }

    def _get_due_rows(self, planned, history, entries, works):
        """Rows of ``_get_maintenance_due`` without their texts."""
        self.ensure_one()
        horizon = self._get_horizon()
        rows = []
        for work in planned:
            done = self._get_last_done(work, entries, works)
            due = find_due(work.interval, history, done, horizon)
            if due:
                rows.append((due.sort_key, work.sequence, work.item.id, work, due))
        rows.sort(key=lambda row: row[:3])
        return [self._prepare_due_row(work, due) for *_keys, work, due in rows]

    def _prepare_due_row(self, work, due):
        """Dict for one piece of work that is due some day."""
        unit = self.odometer_unit

        def odometer(km):
            return None if km is None else max(round(to_unit(km, unit)), 0)

        return {
            "item": work.item,
            "name": work.title,
            "state": due.state,
            "last_date": due.last_date,
            "last_odometer": odometer(due.last_km),
            "due_date": due.due_date,
            "due_odometer": odometer(due.due_km),
            "predicted_date": due.predicted_date,
            "is_estimated": due.is_estimated,
        }

    @api.model
    def _get_horizon(self):
        """How long before its limit maintenance counts as due soon.

        Override to make it depend on the company.

        :return: Horizon in days and kilometres
        """
        return Horizon()

    def _get_maintenance_records(self):
        """What was entered by hand, in one query.

        :return: dict of vehicle id to list of Entry
        """
        records = self.env["auto.service.maintenance.record"]
        records.flush_model()
        self.env["auto.service.maintenance.item"].flush_model(["package_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT record.vehicle_id, record.id, record.item_id, item.package_id,
                       record.operation_id, lower(btrim(record.name)), record.date,
                       record.odometer, record.is_correction, record.create_date
                  FROM auto_service_maintenance_record record
                  LEFT JOIN auto_service_maintenance_item item
                    ON item.id = record.item_id
                 WHERE record.vehicle_id = ANY(%s)
                """,
                list(self._origin.ids),
            )
        )
        entries = {}
        for row in rows:
            entries.setdefault(row[0], []).append(Entry(*row))
        return entries

    def _get_odometer_histories(self, today, records):
        """Odometer history of each vehicle, in one query.

        Odometers that were noted with maintenance done elsewhere count too.

        :param dict records: of ``_get_maintenance_records``
        :return: dict of vehicle id to History, in kilometres
        """
        readings = self._get_odometer_readings()
        histories = {}
        for vehicle in self:
            unit = vehicle.odometer_unit
            pairs = [
                (entry.date, entry.odometer)
                for entry in records.get(vehicle.id, ())
                if entry.date and entry.odometer
            ]
            pairs += readings.get(vehicle.id, [])
            histories[vehicle.id] = History(
                [Reading(day, from_unit(value, unit)) for day, value in pairs],
                today,
                vehicle._get_first_day(today),
            )
        return histories

    def _get_odometer_readings(self):
        """Readings that count, in the order of entry.

        :return: dict of vehicle id to list of pairs (date, value in the unit of the
            vehicle)
        """
        odometer = self.env["fleet.vehicle.odometer"]
        odometer.flush_model(["vehicle_id", "date", "value", "is_ignored"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT vehicle_id, array_agg(date ORDER BY date, id),
                       array_agg(value ORDER BY date, id)
                  FROM fleet_vehicle_odometer
                 WHERE vehicle_id = ANY(%s) AND is_ignored IS NOT TRUE
                   AND date IS NOT NULL AND value > 0
                 GROUP BY vehicle_id
                """,
                list(self._origin.ids),
            )
        )
        return {
            vehicle_id: list(zip(days, values, strict=True))
            for vehicle_id, days, values in rows
        }

    def _get_first_day(self, today):
        """Day on which the vehicle was new, the middle of its year when unknown."""
        self.ensure_one()
        if self.first_registration_date or not self.build_year:
            return self.first_registration_date or None
        return min(Date(self.build_year, 7, 1), today)

    def _get_works_done(self, items):
        """Finished jobs with work of the maintenance plans, newest first.

        In every company: when a vehicle had its last oil change is a fact of the
        vehicle, and no price goes with it. Work that nobody approved does not count.

        :param dict items: of ``auto.service.maintenance.plan._get_items_by_vehicle``
        :return: dict of vehicle id to list of (moment in UTC, odometer or None in the
            unit of the vehicle, set of operation ids, package id or None)
        """
        every = self.env["auto.service.maintenance.item"].union(*items.values())
        operations = {id_ for item in every for id_ in item._get_work_operations()}
        works = {}
        if operations or every.package_id:
            for name in ("auto.service.job", "auto.service.order", "sale.order.line"):
                self.env[name].flush_model()
            query = self._get_works_query(sorted(operations), every.package_id.ids)
            for vehicle_id, moment, odometer, done, package in self.env.execute_query(
                query
            ):
                works.setdefault(vehicle_id, []).append(
                    (moment, odometer, set(done), package)
                )
        return works

    def _get_works_query(self, operations, packages):
        """Query of ``_get_works_done``."""
        return SQL(
            """
            SELECT job.vehicle_id, job.done_at,
                   COALESCE(NULLIF(visit.odometer_in, 0), visit.odometer_out),
                   array_agg(DISTINCT line.operation_id), job.package_id
              FROM auto_service_job job
              JOIN auto_service_order visit ON visit.id = job.order_id
              JOIN sale_order_line line ON line.job_id = job.id
             WHERE job.vehicle_id = ANY(%(vehicles)s)
               AND job.state = 'done' AND job.done_at IS NOT NULL
               AND visit.state <> 'cancelled'
               AND (line.operation_id = ANY(%(operations)s)
                    OR job.package_id = ANY(%(packages)s))
               AND line.display_type IS NULL AND line.product_uom_qty > 0
               AND (line.state = 'sale'
                    OR line.state <> 'cancel' AND job.authorisation <> 'approved')
             GROUP BY job.vehicle_id, job.id, visit.id
             ORDER BY job.done_at DESC, job.id DESC
            """,
            vehicles=list(self._origin.ids),
            operations=operations,
            packages=packages,
        )

    def _get_last_done(self, work, entries, works):
        """When the work was done last, by work orders and what was entered by hand.

        :param work: of ``auto.service.maintenance.item._get_work``
        :param entries: list of Entry of the vehicle
        :param works: list of ``_get_works_done``, newest first
        :return: Done, or None
        """
        about = [entry for entry in entries if work.is_told_by(entry)]
        corrections = [entry for entry in about if entry.is_correction]
        since = None
        if corrections:
            newest = max(corrections, key=lambda entry: (entry.create_date, entry.id))
            since = newest.create_date
            about = [newest] + [
                entry
                for entry in about
                if not entry.is_correction and entry.create_date > since
            ]
        found = [(entry.date, entry.odometer) for entry in about if entry.date]
        found += self._get_work_done(work, works, since)
        if not found:
            return None
        day, odometer = max(found, key=lambda pair: pair[0])
        return Done(day, from_unit(odometer, self.odometer_unit) if odometer else None)

    def _get_work_done(self, work, works, since=None):
        """Latest job in which the work was done.

        :param datetime since: earlier jobs do not count
        :return: list with at most one pair (date, odometer)
        """
        wanted, whole = work.operations, work.package_id
        for moment, odometer, operations, package in works:
            is_done = (wanted and wanted <= operations) or (whole and whole == package)
            if is_done and not (since and moment <= since):
                day = fields.Datetime.context_timestamp(self, moment).date()
                return [(day, odometer or 0)]
        return []
