from odoo import models


class AutoServiceBooking(models.Model):
    """Arrival: the booking becomes the work order, its services become jobs."""

    _inherit = "auto.service.booking"

    def action_arrive(self):
        """The customer is here: take the vehicle in.

        :return: action that opens the work orders, none for bookings without one
        """
        for booking in self:
            if booking.state != "arrived":
                booking._set_state("arrived")
            if booking.is_repair and not booking.order_id:
                booking._make_order()
        return self.order_id._action_open() if self.order_id else None

    def _make_order(self):
        """Put the services on the open visit of the vehicle, or on a new one.

        :return: auto.service.order record
        """
        self.ensure_one()
        orders = self.env["auto.service.order"].with_company(self.company_id)
        order = orders._get_open_visit(self.vehicle_id).filtered(
            lambda order: order.company_id == self.company_id
        )
        if order:
            self._join_order(order)
        else:
            order = orders.create(self._prepare_order_values())
        # The link to the work order is no business of whoever types.
        self.sudo().order_id = order
        self._make_jobs(order)
        self._give_time_to_order(order)
        order._advance_to("received")
        return order

    def _prepare_order_values(self):
        """Values of the work order that the visit becomes."""
        self.ensure_one()
        values = {
            "vehicle_id": self.vehicle_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "complaint": self.note,
            "promised_at": self._get_promise(),
            "is_waiter": self.is_waiter,
            "received_at": self.arrived_at,
        }
        if self.advisor_id:
            values["advisor_id"] = self.advisor_id.id
        return values

    def _get_promise(self):
        """When the vehicle can be promised; extend for what else it waits for.

        :return: naive UTC datetime or False
        """
        self.ensure_one()
        return self.stop

    def _join_order(self, order):
        """The vehicle is here already: what the customer says is added to the visit."""
        values = {}
        if self.note and self.note not in (order.complaint or ""):
            values["complaint"] = "\n".join(filter(None, [order.complaint, self.note]))
        promise = self._get_promise()
        if promise and (not order.promised_at or promise > order.promised_at):
            values["promised_at"] = promise
        if values:
            order.write(values)

    def _make_jobs(self, order):
        """One job for every service, with its work on the estimate."""
        for line in self.line_ids.filtered(lambda line: not line.job_id):
            job = line._make_job(order)
            technician = line._get_planned_technician()
            if technician and not job.technician_id:
                job.technician_id = technician
            line.sudo().job_id = job

    def _give_time_to_order(self, order):
        """The time on the board belongs to the work order and its jobs from now on."""
        for line in self.line_ids:
            line.allocation_ids.write({"order_id": order.id, "job_id": line.job_id.id})
        self.allocation_ids.filtered(lambda row: not row.order_id).write(
            {"order_id": order.id}
        )

    # The booking follows the work -------------------------------------------------

    def _follow_jobs(self):
        """In work when a job was begun, done when nothing is left to do."""
        for booking in self:
            states = set(booking.line_ids.job_id.mapped("state"))
            if booking.state not in ("arrived", "in_work", "done") or not states:
                continue
            state = booking._get_state_of_work(states)
            if state != booking.state:
                booking._pass_to(state)

    def _get_state_of_work(self, states):
        """State of the booking for the states of its jobs.

        :param set states: states of auto.service.job
        """
        if not states - {"done", "cancelled"}:
            return "done"
        return "in_work" if states & {"in_progress", "paused", "done"} else "arrived"

    def _pass_to(self, state):
        """Pass to ``state`` without gates: the floor has decided."""
        self.ensure_one()
        self._log(
            "state",
            before=self._get_state_label(self.state),
            after=self._get_state_label(state),
        )
        values = self._prepare_state_values(state)
        values.pop("arrived_at", None)
        self.sudo().write(values)
        if state == "done":  # what is kept besides the jobs: the courtesy car
            self.allocation_ids._finish_work()

    def _start_allocations(self):
        self.allocation_ids._start_work()

    def _finish_allocations(self):
        self.allocation_ids._finish_work()
