from odoo import models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    def do_scrap(self):
        """What is broken is broken, even when it was reserved."""
        with self.env["stock.quant"]._guard_stock(self._get_places, loose=True):
            return super().do_scrap()

    def _get_places(self):
        return [(scrap.product_id, scrap.location_id) for scrap in self]
