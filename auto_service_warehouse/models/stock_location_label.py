from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def action_print_labels(self):
        """Print the labels of bins."""
        return self.env["auto.service.label"]._open(self)

    def _get_label_values(self):
        """What stands on the labels of the bins.

        :return: list of dicts of values of auto.service.label.line
        """
        return [
            {
                "title": location.name,
                "text": location.location_id.complete_name,
                "code": location.barcode or location.complete_name,
                "is_big": True,
            }
            for location in self
        ]
