import logging

from odoo import models

from ..tools.sql_view import replace_in_view

_logger = logging.getLogger(__name__)


class FleetVehicleOdometerReport(models.Model):
    """Only the company's own vehicles, as before the garage came.

    The report fills in every month between two readings of every vehicle.
    The definition that the host has just created gets one more condition, so that
    columns which the host adds later stay.
    """

    _inherit = "fleet.vehicle.odometer.report"

    #: Where the condition goes in the definition as PostgreSQL prints it.
    _company_vehicle_conditions = (
        (
            r"(JOIN fleet_vehicle vehicle ON \(+vehicle\.id = odometer\.vehicle_id\)+)",
            r"\1 WHERE vehicle.is_customer_vehicle IS NOT TRUE",
        ),
    )

    def init(self):
        result = super().init()
        # The uninstall hook asks for the report as the host defines it.
        if not self.env.context.get("auto_service_keep_host_view"):
            self.pool.post_init(self._exclude_customer_vehicles)
        return result

    def _exclude_customer_vehicles(self):
        """Add the condition; called when the columns of all models exist."""
        conditions = self._company_vehicle_conditions
        if not replace_in_view(self.env.cr, self._table, conditions):
            _logger.warning(
                "%s: the host changed this report; it shows customers' vehicles too.",
                self._name,
            )
