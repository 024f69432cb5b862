from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line_stock_state import STOCK_STATES


class AutoServiceFloorLine(models.Model):
    """Where the parts of a job are, for the technician: no prices, no stock app."""

    _inherit = "auto.service.floor.line"

    stock_state = fields.Selection(
        STOCK_STATES,
        string="Part is",
        compute="_compute_stock",
        help="Where the part is: to order, on order, on the shelf, in the box.",
    )
    stock_place = fields.Char(
        string="Lies in", compute="_compute_stock", help="Bins or box of the part."
    )
    can_be_taken = fields.Boolean(
        compute="_compute_stock", help="The part lies ready for the job."
    )
    can_be_given_back = fields.Boolean(
        compute="_compute_stock", help="The part was issued, or is still to be issued."
    )

    def _get_line_sudo(self):
        """The lines of the estimates; technicians have no access to them.

        :return: sale.order.line records
        """
        return self.env["sale.order.line"].sudo().browse(self.ids)

    @api.depends_context("uid")
    def _compute_stock(self):
        for row, line in zip(self, self._get_line_sudo(), strict=True):
            is_open = line.job_id.order_id.state == "open"
            is_part = line.kind == "part" and line.state == "sale"
            row.stock_state = is_part and line.stock_state
            row.stock_place = is_part and line.stock_place
            row.can_be_taken = bool(
                is_part
                and is_open
                and line.stock_state in ("reserved", "picked", "arrived")
                and line._can_be_issued()
            )
            row.can_be_given_back = bool(
                is_part
                and is_open
                and (line._can_be_returned() or line._can_be_issued())
            )

    def action_take(self):
        """The technician who taps has the part now."""
        self.ensure_one()
        job = self._ensure_floor()
        employee = job._get_current_technician()
        line_sudo = self._get_line_sudo()
        result = job.sudo()._issue_parts_to(employee, line_sudo)
        if result["missing"]:
            return job._prepare_missing_notification(result["missing"])
        return None

    def action_give_back(self):
        """The part is not needed: it comes back, or does not even leave the shelf.

        :return: act_window action of the dialog when it was issued
        """
        self.ensure_one()
        job = self._ensure_floor()
        line_sudo = self._get_line_sudo()
        if line_sudo._can_be_returned():
            return job._open_return(line_sudo, quantity=line_sudo.qty_delivered)
        if not line_sudo._can_be_issued():
            raise UserError(
                self.env._(
                    "“%(part)s” is neither issued nor open. Ask the parts desk.",
                    part=self.name,
                )
            )
        line_sudo._release_pieces()
        job.order_id.sudo().message_post(
            body=self.env._(
                "%(part)s is not needed for “%(job)s”, says %(user)s. Lower the "
                "estimate, or press Needed again on its line.",
                part=self.name,
                job=job.name,
                user=self.env.user.name,
            )
        )
        return None

    def _ensure_floor(self):
        """Technicians act on parts of open visits only.

        :return: auto.service.job record
        """
        self.check_access("read")
        self.job_id.check_access("write")
        self.order_id._ensure_open()
        return self.job_id
