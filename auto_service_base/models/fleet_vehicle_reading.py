from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class FleetVehicle(models.Model):
    """Odometer of a customer's vehicle: the latest reading, by date."""

    _inherit = "fleet.vehicle"

    odometer_log_ids = fields.One2many(
        comodel_name="fleet.vehicle.odometer",
        inverse_name="vehicle_id",
        string="Odometer History",
        help="Readings of the odometer, newest first.",
    )
    last_odometer = fields.Integer(
        string="Odometer Reading",
        compute="_compute_last_odometer",
        inverse="_inverse_last_odometer",
        store=True,
        readonly=False,
        aggregator=None,
        copy=False,
        help="Latest reading, in the odometer unit of the vehicle. Writing a value "
        "adds a reading of today; typing errors are corrected in the odometer history.",
    )
    last_odometer_date = fields.Date(
        string="Odometer Date",
        compute="_compute_last_odometer",
        store=True,
        copy=False,
        help="Day of the latest reading.",
    )

    @api.depends(
        "odometer_log_ids.value",
        "odometer_log_ids.date",
        "odometer_log_ids.is_ignored",
    )
    def _compute_last_odometer(self):
        latest = self._get_latest_readings()
        for vehicle in self:
            value, date = latest.get(vehicle._origin.id, (0, False))
            vehicle.last_odometer = int(value)
            vehicle.last_odometer_date = date

    def _get_latest_readings(self):
        """Latest reading that counts, per vehicle, in one query.

        :return: dict of vehicle id to pair (value in the odometer unit, date)
        """
        odometer = self.env["fleet.vehicle.odometer"]
        odometer.flush_model(["vehicle_id", "date", "value", "is_ignored"])
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (vehicle_id) vehicle_id, value, date
                  FROM fleet_vehicle_odometer
                 WHERE vehicle_id IN %s AND is_ignored IS NOT TRUE AND date IS NOT NULL
                 ORDER BY vehicle_id, date DESC, id DESC
                """,
                ids,
            )
        )
        return {vehicle_id: (value or 0, date) for vehicle_id, value, date in rows}

    def _inverse_last_odometer(self):
        """Add a reading of today for the vehicles whose value was written."""
        latest = self._get_latest_readings()
        changed = self.filtered(
            lambda vehicle: vehicle.last_odometer
            and vehicle.last_odometer != int(latest.get(vehicle.id, (0, None))[0])
        )
        self.env["fleet.vehicle.odometer"].create(
            [
                vehicle._prepare_reading_values(vehicle.last_odometer)
                for vehicle in changed
            ]
        )

    def _prepare_reading_values(self, value, date=None, source=None):
        """Values of a new reading.

        :param value: reading in the odometer unit of the vehicle
        :param date date: day of the reading, today when omitted
        :param str source: where the reading comes from
        :return: dict for ``create``
        """
        self.ensure_one()
        return {
            "vehicle_id": self.id,
            "value": value,
            "date": date or fields.Date.context_today(self),
            "source": source,
        }

    def _record_odometer(self, value, date=None, source=None, correction=False):
        """Enter a reading; never refuses a lower one, the desk must go on.

        :param value: reading in the odometer unit of the vehicle
        :param date date: day of the reading, today when omitted
        :param str source: where it comes from, for example the work order's number
        :param bool correction: the higher readings up to that day were wrong (typing
            error, replaced cluster): they stay in the history and no longer count
        :return: fleet.vehicle.odometer record; its ``is_lower`` tells that an earlier
            reading is higher
        """
        self.ensure_one()
        if not value or value < 0:
            raise ValidationError(
                self.env._(
                    "Enter the odometer of %(vehicle)s as a number above zero.",
                    vehicle=self.display_name,
                )
            )
        values = self._prepare_reading_values(value, date, source)
        if correction:
            self._ignore_higher_readings(value, values["date"])
        return self.env["fleet.vehicle.odometer"].create(values)

    def _ignore_higher_readings(self, value, date):
        """Mark readings above ``value`` up to ``date`` as errors."""
        higher = self.env["fleet.vehicle.odometer"].search(
            [
                ("vehicle_id", "in", self.ids),
                ("value", ">", value),
                ("date", "<=", date),
                ("is_ignored", "=", False),
            ]
        )
        higher.write({"is_ignored": True})

    def _get_odometer(self):
        """Host's compute of ``odometer``: no query per customer's vehicle."""
        customers = self.filtered("is_customer_vehicle")
        for vehicle in customers:
            vehicle.odometer = vehicle.last_odometer
        return super(FleetVehicle, self - customers)._get_odometer()
