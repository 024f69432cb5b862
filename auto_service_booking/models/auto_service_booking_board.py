from odoo import api, models


class AutoServiceBooking(models.Model):
    """What the blocks of a booking show."""

    _inherit = "auto.service.booking"

    def write(self, vals):
        res = super().write(vals)
        if self._get_board_fields() & set(vals):
            self.sudo().allocation_ids._notify_board()  # numbers of blocks only
        return res

    @api.model
    def _get_board_fields(self):
        """Fields that are seen on the board."""
        return {
            "state",
            "type_id",
            "partner_id",
            "vehicle_id",
            "note",
            "is_waiter",
            "needs_courtesy_car",
            "order_id",
        }
