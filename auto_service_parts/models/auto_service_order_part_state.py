from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from .sale_order_line_part_state import MISSING_STATES


class AutoServiceOrder(models.Model):
    """Where the parts of a visit are, on its form and its card."""

    _inherit = "auto.service.order"

    parts_summary = fields.Char(
        string="Parts",
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="Where the parts of the visit are: needed, on the way, here.",
    )
    is_waiting_for_parts = fields.Boolean(
        string="Waits for parts",
        compute="_compute_parts_summary",
        search="_search_is_waiting_for_parts",
        compute_sudo=True,
        help="A part of the visit is not here yet.",
    )
    has_parts_to_order = fields.Boolean(
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="A part of the visit is on no purchase order yet.",
    )
    has_refused_parts = fields.Boolean(
        compute="_compute_parts_summary",
        compute_sudo=True,
        help="A supplier refused a part of the visit.",
    )

    @api.depends("line_ids.part_state", "authorised_line_ids.part_state")
    def _compute_parts_summary(self):
        states = self._count_part_states()
        for order in self:
            counts = states.get(order.id, {})
            order.parts_summary = self.env["sale.order.line"]._get_parts_text(counts)
            order.is_waiting_for_parts = any(counts.get(key) for key in MISSING_STATES)
            order.has_refused_parts = bool(counts.get("refused"))
            order.has_parts_to_order = bool(
                counts.get("needed") or counts.get("refused")
            )

    def _count_part_states(self):
        """How many lines of parts are where; see the method of the lines.

        A form reads the lines of its one visit anyway: they are counted as they are.
        """
        lines = self.env["sale.order.line"]
        if len(self) != 1:
            return lines._count_part_states("work_order_id", self)
        lines = self.line_ids | self.authorised_line_ids
        # Of a declined job nothing is needed.
        lines = lines.filtered(lambda line: line.product_uom_qty > 0)
        return {self.id: Counter(filter(None, lines.mapped("part_state")))}

    def _search_is_waiting_for_parts(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Technicians see no estimates, but may know what a vehicle waits for.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            ._search(
                Domain("part_state", "in", MISSING_STATES)
                & Domain("work_order_id", "!=", False)
                & Domain("state", "!=", "cancel")
                & Domain("product_uom_qty", ">", 0)
            )
        )
        waiting = Domain("id", "in", lines.subselect("work_order_id"))
        return waiting if True in value else ~waiting

    def action_order_parts(self):
        """Order the parts of the visit that are needed and approved.

        :return: act_window action of the dialog
        """
        self._ensure_open()
        return self._get_part_lines().action_order_parts()

    def _get_part_lines(self):
        """Lines of parts on all estimates of the visits that are not cancelled."""
        return self.env["sale.order.line"].search(
            [
                ("work_order_id", "in", self.ids),
                ("kind", "=", "part"),
                ("state", "!=", "cancel"),
            ]
        )
