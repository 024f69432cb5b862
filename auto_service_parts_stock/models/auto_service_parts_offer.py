from odoo import models


class AutoServicePartsOffer(models.Model):
    _inherit = "auto.service.parts.offer"

    def _prepare_product_values(self):
        """Parts are received and issued, so their quantity is kept."""
        return {**super()._prepare_product_values(), "is_storable": True}
