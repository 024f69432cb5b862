from dateutil.relativedelta import relativedelta

from odoo import models

from ..tools.maintenance import from_unit


class FleetVehicle(models.Model):
    """Age and distance, by which garages grade their times and prices."""

    _inherit = "fleet.vehicle"

    def _get_age(self, date):
        """Full years since the first registration, else since the build year.

        :param date date: day on which the age is asked for
        :return: int; ``None`` when nobody knows
        """
        if self.first_registration_date:
            return max(relativedelta(date, self.first_registration_date).years, 0)
        return max(date.year - self.build_year, 0) if self.build_year else None

    def _get_odometer_km(self):
        """Last reading of the odometer.

        :return: kilometres as float; ``None`` when nobody knows
        """
        if not self.last_odometer:
            return None
        return from_unit(self.last_odometer, self.odometer_unit)
