from odoo import models


class AutoServiceOrder(models.Model):
    """Work that waits for something blocks its bay: the queue says since when."""

    _inherit = "auto.service.order"

    def write(self, vals):
        res = super().write(vals)
        if {"waiting_reason_id", "stage_id"} & set(vals):
            self._sync_blocked()
        return res

    def _sync_blocked(self):
        """The time planned for orders that wait is to be replanned."""
        rows_sudo = (  # technicians say why they wait; the board is not theirs
            self.env["auto.service.allocation"]
            .sudo()
            .search(
                [
                    ("order_id", "in", self.ids),
                    ("state", "in", ("planned", "started")),
                ]
            )
        )
        now = rows_sudo._now()
        for order, rows in rows_sudo.grouped("order_id").items():
            if order.waiting_reason_id:
                rows.filtered(
                    lambda row: row.stop > now
                    and not row.is_gap
                    and row.replan_reason in (False, "blocked")
                )._set_replan("blocked", order.waiting_reason_id.name)
            else:
                rows.filtered(
                    lambda row: row.replan_reason == "blocked"
                )._clear_replan()
