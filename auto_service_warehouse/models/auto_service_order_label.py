from odoo import models
from odoo.tools.misc import format_datetime


class AutoServiceOrder(models.Model):
    _inherit = "auto.service.order"

    def action_print_box_labels(self):
        """Print labels for the boxes in which the parts of the visits wait."""
        return self.env["auto.service.label"]._open(self)

    def _get_label_values(self):
        """What stands on the boxes of the visits.

        :return: list of dicts of values of auto.service.label.line
        """
        return [
            {
                "title": order.license_plate or order.name,
                "text": " · ".join(filter(None, order._get_box_words())),
                "code": order._get_label_code(),
                "is_big": True,
            }
            for order in self
        ]

    def _get_label_code(self):
        """Number of the visit, said to be one where it does not say so itself.

        As short as can be: the bars have to fit on a small label.
        """
        self.ensure_one()
        return self.name if self.name.startswith("WO") else f"WO:{self.name}"

    def _get_box_words(self):
        """Words below the plate: number of the visit, vehicle, promised date."""
        self.ensure_one()
        promised = self.promised_at and format_datetime(
            self.env, self.promised_at, dt_format="short"
        )
        return [self.name, self.vehicle_name, promised]
