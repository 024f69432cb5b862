from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _issue_to_job(self):
        """Validate just these moves of their transfers; all others go on waiting."""
        pickings = self.picking_id
        others = (pickings.move_ids - self).filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        others.picked = False
        self.picked = True
        # The customer stands at the desk: nobody writes to him that it was sent.
        pickings.with_context(
            cancel_backorder=False, skip_sms=True, auto_service_issue=True
        )._action_done()
