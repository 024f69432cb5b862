from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_for_defective(self):
        """Whether broken parts wait here for their way back."""
        self.ensure_one()
        return self == self.warehouse_id.auto_service_defect_location_id
