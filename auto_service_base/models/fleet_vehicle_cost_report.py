import logging

from odoo import models

from ..tools.sql_view import replace_in_view

_logger = logging.getLogger(__name__)


class FleetVehicleCostReport(models.Model):
    """Only the company's own vehicles, as before the garage came.

    The report joins every active vehicle with every month since the oldest
    registration: 20,000 customers' cars made seven million rows of it.
    The definition that the host has just created gets one more condition, so that
    columns which the host adds later stay.
    """

    _inherit = "fleet.vehicle.cost.report"

    #: Where the condition goes in the definition as PostgreSQL prints it.
    _company_vehicle_conditions = (
        (r"\bve\.active\b", "(ve.active AND ve.is_customer_vehicle IS NOT TRUE)"),
        (
            r"(min\(fleet_vehicle\.acquisition_date\) AS min\s+FROM fleet_vehicle)",
            r"\1 WHERE fleet_vehicle.is_customer_vehicle IS NOT TRUE",
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
