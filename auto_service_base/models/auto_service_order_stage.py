from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .auto_service_stage import STEP_INDEX, STEPS


class AutoServiceOrder(models.Model):
    """Stages, gates, closing and cancelling of a visit."""

    _inherit = "auto.service.order"

    def _ensure_open(self):
        closed = self.filtered(lambda order: order.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(orders)s is closed or cancelled. A manager can reopen it.",
                    orders=", ".join(closed.mapped("name")),
                )
            )

    def _prepare_stage_move(self, vals):
        """Lock, check the gates and add what the move sets by itself.

        The row lock makes the gates and the closing one step: of two people who close
        at once, the second sees the first one's result (invariant 4).
        """
        stage = self.env["auto.service.stage"].browse(vals["stage_id"])
        self._lock()
        moved = self.filtered(lambda order: order.stage_id != stage)
        if any(order.state == "cancelled" for order in moved):
            moved._ensure_open()
        moved._check_reopening(stage)
        errors = [error for order in moved for error in order._get_gate_errors(stage)]
        if errors:
            raise UserError("\n".join(errors))
        if stage.is_closing and moved:
            vals.update({"state": "closed", "closed_at": fields.Datetime.now()})
        if stage.step == "received" and any(not order.received_at for order in moved):
            vals.setdefault("received_at", fields.Datetime.now())
        if moved:
            vals.setdefault("waiting_reason_id", False)

    def _lock(self):
        """Wait for, and then exclude, whoever else acts on the work orders.

        Writing the row, not only locking it, makes the second of two transactions
        start again with what the first one did (REPEATABLE READ).
        """
        self.flush_recordset()
        for order_id in sorted(self.ids):
            self.env.cr.execute(
                SQL("UPDATE auto_service_order SET id = id WHERE id = %s", order_id),
                log_exceptions=False,
            )

    def _check_reopening(self, stage):
        """A closed visit moves on to later stages only, unless it is reopened."""
        back = self.filtered(
            lambda order: order.state == "closed"
            and (stage.is_closing or stage.sequence < order.stage_id.sequence)
        )
        if back:
            raise UserError(
                self.env._(
                    "%(orders)s is closed already. A manager can reopen it from its "
                    "form.",
                    orders=", ".join(back.mapped("name")),
                )
            )

    def _get_gate_errors(self, stage):
        """What keeps the visit from entering ``stage``; extend with your gates.

        :param stage: auto.service.stage record
        :return: list of sentences, empty when the visit may enter
        """
        self.ensure_one()
        order = self.sudo()  # a technician's finish must see the invoicing as well
        checks = [
            (
                stage.require_odometer and not order.odometer_in,
                self.env._("%(order)s: note the odometer first.", order=order.name),
            ),
            (
                stage.require_jobs_done and not order._are_jobs_done(),
                self.env._(
                    "%(order)s: these jobs are not done yet: %(jobs)s.",
                    order=order.name,
                    jobs=", ".join(order._get_unfinished_jobs().mapped("name")),
                ),
            ),
            (
                stage.require_quality_check and not order.quality_checked_at,
                self.env._(
                    "%(order)s: somebody who did not do the work has to check it first "
                    "(button Quality check passed).",
                    order=order.name,
                ),
            ),
            (
                stage.require_invoiced and order.has_to_invoice,
                self.env._(
                    "%(order)s: invoice what is done before the vehicle is handed over "
                    "(button Invoice).",
                    order=order.name,
                ),
            ),
        ]
        return [message for failed, message in checks if failed]

    def _get_unfinished_jobs(self):
        """Jobs that were approved, or are being worked on, and are not done."""
        return self.job_ids.filtered(
            lambda job: job.state in ("in_progress", "paused")
            or (job.state == "todo" and job.authorisation in ("approved", "pending"))
        )

    def _are_jobs_done(self):
        """Whether no approved job is left to do."""
        self.ensure_one()
        return not self._get_unfinished_jobs()

    def _advance_to(self, step):
        """Move forward to the first stage of ``step`` if its gates let the visit in.

        Called by clocking and finishing: it never moves backwards and never fails.
        """
        stage = self.env["auto.service.stage"]._get_first_of_step(step)
        for order in self:
            is_later = STEP_INDEX[order.step] < STEP_INDEX[step]
            if (
                stage
                and is_later
                and order.state == "open"
                and not order._get_gate_errors(stage)
            ):
                order.stage_id = stage

    def _return_to_repair(self):
        """A job is taken up again: the check no longer holds, nor does "ready"."""
        stage = self.env["auto.service.stage"]._get_first_of_step("in_repair")
        self.write({"quality_checked_by_id": False, "quality_checked_at": False})
        if stage:
            self.filtered(
                lambda order: order.step in ("quality_control", "ready")
            ).write({"stage_id": stage.id})

    def _open_stage_logs(self):
        """Close the running log of every visit and open one for what is now."""
        logs_sudo = self.env["auto.service.stage.log"].sudo()  # written by nobody else
        running = logs_sudo.search(
            [("order_id", "in", self.ids), ("left_at", "=", False)]
        ).grouped("order_id")
        now = fields.Datetime.now()
        values = []
        for order in self.sudo():
            log = running.get(order, logs_sudo)
            if (
                log.stage_id == order.stage_id
                and log.waiting_reason_id == order.waiting_reason_id
            ):
                continue
            log.write({"left_at": now})
            values.append(order._prepare_stage_log_values(now))
        logs_sudo.flush_model()
        logs_sudo.create(values)

    def _prepare_stage_log_values(self, now):
        """Values of the log row that starts at ``now``."""
        self.ensure_one()
        return {
            "order_id": self.id,
            "stage_id": self.stage_id.id,
            "waiting_reason_id": self.waiting_reason_id.id,
            "user_id": self.env.uid,
            "entered_at": now,
        }

    def action_receive(self):
        """The vehicle is here: move to the reception."""
        self._move_to_step("received")

    def action_quality_ok(self):
        """Somebody who did not do the work has checked it."""
        for order in self:
            order._ensure_open()
            workers = order.sudo().clocking_ids.technician_id.user_id
            if self.env.user in workers:
                raise UserError(
                    self.env._(
                        "You worked on %(order)s yourself: let a colleague check it.",
                        order=order.name,
                    )
                )
            if not order._are_jobs_done():
                raise UserError(
                    self.env._(
                        "%(order)s: these jobs are not done yet: %(jobs)s.",
                        order=order.name,
                        jobs=", ".join(order._get_unfinished_jobs().mapped("name")),
                    )
                )
        self.sudo().write(
            {
                "quality_checked_by_id": self.env.uid,
                "quality_checked_at": fields.Datetime.now(),
            }
        )
        self.sudo()._advance_to("ready")

    def action_close(self):
        """Hand the vehicle over: the visit is closed."""
        self._move_to_step("delivered")

    def action_reopen(self):
        """Take up a closed or cancelled visit; a manager's action, on record."""
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise UserError(
                self.env._("Only a manager reopens a closed or cancelled work order.")
            )
        for order in self.sudo().filtered(lambda order: order.state != "open"):
            stage = self.env["auto.service.stage"]._get_first_of_step("in_repair")
            order.write(
                {
                    "state": "open",
                    "closed_at": False,
                    "cancel_reason_id": False,
                    "cancel_note": False,
                }
            )
            if order.stage_id.is_closing or order.step == "followed_up":
                order.stage_id = stage or order.stage_id
            order._open_stage_logs()

    def _move_to_step(self, step):
        stage = self.env["auto.service.stage"]._get_first_of_step(step)
        if not stage:
            raise UserError(
                self.env._(
                    "No stage of the board belongs to the step “%(step)s”. A manager "
                    "can add one under Configuration, Stages.",
                    step=dict(STEPS)[step],
                )
            )
        self.write({"stage_id": stage.id})

    def action_cancel_with_reason(self):
        """Ask for the reason, then cancel.

        :return: act_window action of the dialog
        """
        self._ensure_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the work order"),
            "res_model": "auto.service.order.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def _cancel(self, reason, note=None):
        """Cancel the visits with their open estimates and jobs.

        :param reason: auto.service.reason record
        :param str note: free text
        :raise UserError: when something is invoiced or a clock runs
        """
        self._ensure_open()
        self._lock()
        for order in self:
            order._ensure_can_be_cancelled()
        estimates = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        estimates._action_cancel()
        # Nobody writes the state of a job by hand.
        self.sudo().job_ids.filtered(lambda job: job.state != "done").write(
            {"state": "cancelled"}
        )
        self.sudo().write(
            {
                "state": "cancelled",
                "cancel_reason_id": reason.id,
                "cancel_note": note,
                "closed_at": fields.Datetime.now(),
            }
        )
        self._close_stage_logs()

    def _close_stage_logs(self):
        running_sudo = (
            self.env["auto.service.stage.log"]
            .sudo()
            .search([("order_id", "in", self.ids), ("left_at", "=", False)])
        )
        running_sudo.write({"left_at": fields.Datetime.now()})

    def _ensure_can_be_cancelled(self):
        self.ensure_one()
        if self.running_count:
            raise UserError(
                self.env._(
                    "Somebody works on %(order)s now; stop the clock first.",
                    order=self.name,
                )
            )
        lines_sudo = self.sudo().sale_order_ids.order_line
        if any(not line._is_invoicing_settled() for line in lines_sudo):
            raise UserError(
                self.env._(
                    "%(order)s is invoiced. Credit the invoice first, then cancel.",
                    order=self.name,
                )
            )
