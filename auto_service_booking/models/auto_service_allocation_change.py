from odoo import models


class AutoServiceAllocation(models.Model):
    """What follows from a change of the board."""

    _inherit = "auto.service.allocation"

    def _after_change(self, freed):
        """Tell the boards, and offer what became free.

        :param list freed: (resource id, start, stop) that the rows kept before
        """
        self._notify_board()
        if freed:
            self._offer_freed(freed)

    def _notify_board(self):
        """Tell every open board which blocks have changed."""

    def _offer_freed(self, freed):
        """Offer time that was given back to the waitlist."""
