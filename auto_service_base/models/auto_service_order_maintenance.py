from odoo import api, fields, models

SHOWN = 3


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
            order.maintenance_hint = order._get_maintenance_hint()

    def _get_maintenance_hint(self):
        """Maintenance that is due, as one line.

        :return: translated text, False when nothing is due or the visit is over
        """
        self.ensure_one()
        vehicle = self.vehicle_id._origin
        if not vehicle or self.state != "open":
            return False
        due = [
            row
            for row in vehicle._get_maintenance_due()
            if row["state"] in ("overdue", "soon") and not self._has_work(row["item"])
        ]
        texts = [vehicle._get_due_label(row) for row in due[:SHOWN]]
        if len(due) > SHOWN:
            texts.append(self.env._("%(count)s more", count=len(due) - SHOWN))
        return self.env._("Due: %(works)s", works=" · ".join(texts)) if texts else False

    def _has_work(self, item):
        """Whether the work of a maintenance plan is on an estimate of the visit."""
        self.ensure_one()
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
