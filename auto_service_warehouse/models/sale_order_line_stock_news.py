from contextlib import contextmanager

from odoo import models

#: Pieces that nobody else can take any more.
KEPT_STATES = ("arrived", "reserved", "picked", "fitted")


class SaleOrderLine(models.Model):
    """Who is told when parts come, and when they are not wanted any more."""

    _inherit = "sale.order.line"

    # The advisor ---------------------------------------------------------------

    @contextmanager
    def _telling_arrivals(self):
        """Whatever brings goods runs within this: advisors learn what came for whom.

        Called in sudo.
        """
        jobs = self.job_id
        lights = {job: job.parts_light for job in jobs}
        states = {line: line.stock_state for line in self}
        yield
        moved = self.filtered(lambda line: line.stock_state != states[line])
        came = moved.filtered(lambda line: line.stock_state in KEPT_STATES)
        ready = jobs.filtered(
            lambda job: job.parts_light == "ready" and lights[job] != "ready"
        )
        for order, lines in came.grouped("work_order_id").items():
            lines._tell_arrivals(order, ready & lines.job_id)
        moved._after_parts_moved()

    def _after_parts_moved(self):
        """The parts of the lines are somewhere else now; extend it for your screens."""

    def _get_unready_parts(self):
        """Lines that their jobs wait for, as far as the stock is to tell it.

        Left out is what somebody else tells: who knows more of the suppliers.
        """
        return self.filtered(lambda line: line.stock_state in ("needed", "ordered"))

    def _get_part_titles(self):
        """First lines of the texts of the lines, each of them once."""
        names = [(line.name or "").splitlines()[0] for line in self if line.name]
        return ", ".join(dict.fromkeys(names))

    def _tell_arrivals(self, order, jobs):
        """Say what came for a visit; the advisor is called once all is here.

        :param order: auto.service.order record
        :param jobs: auto.service.job records that have all their parts now
        """
        if jobs:
            body = self.env._(
                "All parts are here for: %(jobs)s", jobs=", ".join(jobs.mapped("name"))
            )
        else:
            body = self.env._("Arrived: %(parts)s", parts=self._get_names_of_parts())
        order.message_post(
            body=body, partner_ids=order.advisor_id.partner_id.ids if jobs else []
        )

    # The parts desk ------------------------------------------------------------

    def _get_purchases_on_way(self):
        """Purchase orders that still bring pieces for the lines.

        :return: dict of sale.order.line to purchase.order.line records, in sudo
        """
        # advisors have no rights on purchases
        return {line: line.sudo()._get_purchase_lines_on_way() for line in self}

    def _get_purchase_lines_on_way(self):
        """Lines of purchase orders that still bring pieces for the line."""
        self.ensure_one()
        moves = self._get_delivery_moves()
        origins = moves.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        bought = (
            self.purchase_line_ids
            | moves.created_purchase_line_ids
            | origins.purchase_line_id
        )
        return bought.filtered(
            lambda row: row.state != "cancel"
            and row.product_uom_id.compare(row.qty_received, row.product_qty) < 0
        )

    def _tell_not_wanted(self, purchases, quantities):
        """Tell the parts desk what is on its way for nobody now.

        :param dict purchases: of ``_get_purchases_on_way``, before the change
        :param dict quantities: pieces that are not wanted any more, by line
        """
        texts = {}
        for line in self:
            for order in purchases[line].order_id:
                texts.setdefault(order, []).append(
                    line._get_not_wanted_text(quantities[line])
                )
        for order, parts in texts.items():
            order.message_post(
                body=self.env._(
                    "Not wanted any more: %(parts)s. What comes is free for others; "
                    "cancel it, or send it back.",
                    parts="; ".join(parts),
                ),
                partner_ids=order.user_id.partner_id.ids,
            )
        self._after_parts_moved()

    def _get_not_wanted_text(self, quantity):
        """Pieces, part and work order in a few words."""
        self.ensure_one()
        # buyers have no rights on work orders
        return self.env._(
            "%(quantity)s × %(part)s for %(order)s",
            quantity=self._format_quantity(quantity),
            part=self.product_id.display_name,
            order=self.sudo().work_order_id.display_name,
        )
