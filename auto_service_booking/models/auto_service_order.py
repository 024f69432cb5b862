from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """The work order on the board."""

    _inherit = "auto.service.order"

    booking_ids = fields.One2many(
        "auto.service.booking", "order_id", help="Bookings that became the visit."
    )
    booking_count = fields.Integer(
        compute="_compute_booking_count", help="Bookings of the visit."
    )
    allocation_ids = fields.One2many(
        "auto.service.allocation",
        "order_id",
        domain=[("state", "!=", "cancelled")],
        help="Time that the board keeps for the visit.",
    )
    has_jobs_without_time = fields.Boolean(
        compute="_compute_has_jobs_without_time",
        help="Some jobs have no time on the board.",
    )

    @api.depends("booking_ids")
    def _compute_booking_count(self):
        groups = self.env["auto.service.booking"]._read_group(
            [("order_id", "in", self._origin.ids)], ["order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.booking_count = counts.get(order._origin.id, 0)

    @api.depends("state", "job_ids.needs_time")
    def _compute_has_jobs_without_time(self):
        for order in self:
            order.has_jobs_without_time = order.state == "open" and any(
                order.job_ids.mapped("needs_time")
            )

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") in ("closed", "cancelled"):
            self.sudo()._leave_board()  # whoever may close the visit frees its time
        return res

    def _leave_board(self):
        """The visit is over: what is kept for it is free, its bookings are done."""
        self.allocation_ids._finish_work()
        for booking in self.booking_ids:
            if booking.state in ("arrived", "in_work"):
                booking._pass_to("done")

    def action_view_bookings(self):
        """Open the bookings of the visit.

        :return: act_window action
        """
        return self.booking_ids._action_open()
