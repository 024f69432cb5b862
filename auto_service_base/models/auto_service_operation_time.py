from collections import namedtuple

from odoo import fields, models
from odoo.tools import SQL

from ..tools import vehicle_match
from ..tools.labour_time import TimeRow, choose
from .fleet_vehicle_type import TYPE_COLUMNS

#: Columns of the query for times, in its order. The conditions of a type are a dict.
LabourTimeRecord = namedtuple(
    "LabourTimeRecord",
    "operation_id operation_hours id hours kind value unit valid_from valid_to"
    " case_count source origin release sequence type_id type_name conditions",
)


class AutoServiceOperation(models.Model):
    """Hours of operations on a vehicle: all that fit, and which of them counts."""

    _inherit = "auto.service.operation"

    labour_time_ids = fields.One2many(
        "auto.service.labour.time",
        "operation_id",
        string="Labour times",
        help="Hours of the operation by vehicle type, kind and source.",
    )

    def _get_labour_times(self, vehicle, pay_type="customer", date=None, company=None):
        """Labour times of these operations on ``vehicle``, in one query.

        One more reads the vehicle when it is not in the cache. Extend
        :meth:`~.FleetVehicle._get_match_values` for other attributes of vehicles.

        :param vehicle: fleet.vehicle record, may be empty: then only times for every
            vehicle count
        :param str pay_type: who pays; ``"warranty"`` takes warranty times first
        :param date: day of the work, today when omitted
        :param company: res.company whose sources count, the current one when omitted
        :return: dict operation id -> :class:`~..tools.labour_time.Choice`; its
            ``chosen`` is None when no time is known
        """
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        rows = {operation_id: [] for operation_id in self.ids}
        for row in self._read_labour_times(vehicle, date, company or self.env.company):
            rows[row.operation_id].append(row)
        return {
            operation_id: choose(times, pay_type, date)
            for operation_id, times in rows.items()
        }

    def _get_book_hours(self, vehicle):
        """Book hours of the operation on ``vehicle``, of the time that counts.

        :param vehicle: fleet.vehicle record, may be empty
        :return: hours as float (1.5 = 1 h 30 min), 0.0 when no time is known
        """
        self.ensure_one()
        choice = self._get_labour_times(vehicle)[self.id]
        return choice.chosen.hours if choice.chosen else 0.0

    def _read_labour_times(self, vehicle, date, company):
        """Times of the operations that fit ``vehicle`` on ``date``.

        :return: list of TimeRow, in no order
        """
        if not self.ids:
            return []
        car = vehicle._fetch_match_values() if vehicle else {}
        self._flush_labour_times()
        query = self._get_labour_time_query(vehicle, car, date, company)
        rows = [LabourTimeRecord._make(row) for row in self.env.execute_query(query)]
        first = self.ids[0]
        matches = {
            row.type_id: vehicle_match.match(row.conditions or {}, car)
            for row in rows
            if row.operation_id == first
        }
        hours = {row.operation_id: row.operation_hours for row in rows}
        return [
            self._prepare_time_row(row, matches[row.type_id])
            for row in rows
            if row.source is not None and matches[row.type_id].fits
        ] + [
            TimeRow(0, value, "default", "own", "own", "operation", operation_id=key)
            for key, value in hours.items()
            if value
        ]

    def _flush_labour_times(self):
        """Bring what is not in the database yet there, before plain SQL."""
        self.env["fleet.vehicle"]._flush_types()
        for name in ("auto.service.labour.time", "auto.service.labour.source"):
            self.env[name].flush_model()
        self.flush_model(["hours"])

    def _get_labour_time_query(self, vehicle, car, date, company):
        """Times of each operation on each type, walked through the key's index.

        ``OFFSET 0`` keeps the planner from reading all times of an operation at once,
        which is right for ten of them and takes a second for two millions. What a type
        asks for comes with the first operation only.
        """
        types = SQL(
            "SELECT %s FROM auto_service_vehicle_type t WHERE FALSE", TYPE_COLUMNS
        )
        if vehicle:
            types = vehicle._get_type_query(car)
        return SQL(
            """
            WITH t AS MATERIALIZED (%(types)s), s AS MATERIALIZED (%(sources)s)
            SELECT o.id, o.hours, l.id, l.hours, l.kind,
                   l.original_value::float8, l.original_unit,
                   l.valid_from, l.valid_to, l.case_count,
                   s.name, s.origin, s.release, s.sequence, t.type_id, t.name,
                   CASE WHEN o.id = %(first)s THEN to_jsonb(t) END
              FROM auto_service_operation o
             CROSS JOIN (SELECT * FROM t UNION ALL
                         SELECT t.* FROM (VALUES (0)) every LEFT JOIN t ON FALSE) t
              LEFT JOIN LATERAL (
                    SELECT * FROM auto_service_labour_time lt
                     WHERE lt.operation_id = o.id
                       AND COALESCE(lt.vehicle_type_id, 0) = COALESCE(t.type_id, 0)
                       AND lt.active
                       AND COALESCE(lt.valid_from, %(date)s) <= %(date)s
                       AND COALESCE(lt.valid_to, %(date)s) >= %(date)s
                    OFFSET 0
                   ) l ON TRUE
              LEFT JOIN s ON s.id = l.source_id
             WHERE o.id = ANY(%(ids)s)
               AND (s.id IS NOT NULL OR t.type_id IS NULL OR o.id = %(first)s)
            """,
            types=types,
            sources=self._get_labour_source_query(company),
            date=date,
            ids=self.ids,
            first=self.ids[0],
        )

    def _get_labour_source_query(self, company):
        """Sources that count in ``company``: its own, its parents', everybody's."""
        sources = self.env["auto.service.labour.source"]
        return SQL(
            """
            SELECT s.id, %s AS name, s.origin, s.release, s.sequence
              FROM auto_service_labour_source s
             WHERE s.active AND (s.company_id IS NULL OR s.company_id::text = ANY(
                   string_to_array(
                       (SELECT parent_path FROM res_company WHERE id = %s), '/')))
            """,
            sources._field_to_sql("s", "name"),
            company.id,
        )

    def _prepare_time_row(self, row, match):
        """TimeRow of a :class:`LabourTimeRecord`; nothing is read any more."""
        return TimeRow(
            id=row.id,
            operation_id=row.operation_id,
            hours=row.hours,
            level=match.level if row.type_id else "default",
            origin=row.origin,
            kind=row.kind,
            source=row.source,
            release=row.release,
            value=row.value or None,
            unit=row.unit if row.value else None,
            type_id=row.type_id,
            type_name=row.type_name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            score=match.score,
            sequence=row.sequence or 0,
            case_count=row.case_count or 0,
        )
