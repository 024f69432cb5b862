from odoo import models


class AutoServiceJob(models.Model):
    """Defective parts of jobs go back to who sold them."""

    _inherit = "auto.service.job"

    def _after_parts_returned(self, issues):
        res = super()._after_parts_returned(issues)
        returns = self.env["auto.service.supplier.return"]
        for issue in issues:
            warehouse = issue.line_id.warehouse_id
            if issue.location_id == warehouse.auto_service_defect_location_id:
                returns._take_defective(
                    issue.product_id,
                    issue.quantity,
                    issue.location_id,
                    lot=issue.lot_id,
                    note=self.env._(
                        "%(part)s of %(order)s is defective.",
                        part=issue.product_id.display_name,
                        order=issue.order_id.name,
                    ),
                )
        return res
