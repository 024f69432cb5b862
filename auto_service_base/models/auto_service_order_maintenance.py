from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """Scheduled maintenance that the advisor should offer at this visit."""

    _inherit = "auto.service.order"

    maintenance_hint = fields.Char(
        string="Maintenance Due",
        compute="_compute_maintenance_hint",
        help="Scheduled maintenance that is due and not on the visit yet.",
    )

    @api.depends("vehicle_id", "state", "odometer_in")
    @api.depends_context("lang")
    def _compute_maintenance_hint(self):
        for order in self:
            vehicle = order.vehicle_id._origin
            if vehicle and order.state == "open":
                order.maintenance_hint = vehicle._get_maintenance_hint(order)
            else:
                order.maintenance_hint = False

    def _has_maintenance(self, item):
        """Whether the work of a maintenance plan is on an estimate of the visit."""
        # Technicians see what is due too, and have no access to estimates.
        lines = self.sudo().sale_order_ids.order_line.filtered(
            lambda line: line.state != "cancel"
        )
        wanted = item._get_work_operations()
        return bool(wanted) and wanted <= set(lines.operation_id.ids)

    def action_add_due_maintenance(self):
        """Open the dialog "Add work" with the maintenance that is due.

        :return: client action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_labour_picker",
            "params": {"order_id": self.id, "tab": "due"},
        }
