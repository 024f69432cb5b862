from odoo import models


class StockMove(models.Model):
    """Indexes for the balance of a part, where the host has none.

    With 5,000,000 moves the host's indexes lead to every move that a part ever had.
    """

    _inherit = "stock.move"

    _auto_service_done_idx = models.Index(
        "(product_id, date) INCLUDE (location_id, location_dest_id, quantity,"
        " product_uom, company_id, is_inventory) WHERE state = 'done'"
    )
    _auto_service_open_idx = models.Index(
        "(product_id, date)"
        " WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')"
    )
