from odoo import models


class AutoServiceOrder(models.Model):
    """From a work order to offers of parts."""

    _inherit = "auto.service.order"

    def action_find_parts(self):
        """Invoked when "Find parts" is clicked on a work order."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_parts_enquiry_dialog",
            "params": {"order_id": self.id},
        }


class AutoServiceJob(models.Model):
    """From a job to offers of parts."""

    _inherit = "auto.service.job"

    def action_find_parts(self):
        """Invoked when "Find parts" is clicked on a job."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_parts_enquiry_dialog",
            "params": {"order_id": self.order_id.id, "job_id": self.id},
        }
