from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.auto_service_parts.models.sale_order_line_part_state import (
    MISSING_STATES,
)

#: What a supplier says of a piece that is ordered.
SUPPLIER_STATES = ("confirmed", "transit")


class SaleOrderLine(models.Model):
    """One state of a part, from the supplier's answer to the car."""

    _inherit = "sale.order.line"

    stock_state = fields.Selection(
        selection_add=[
            ("refused", "Refused"),
            ("needed",),
            ("ordered",),
            ("confirmed", "Confirmed"),
            ("transit", "On the way"),
            ("in_stock",),
        ],
        ondelete={
            "refused": lambda lines: lines.write({"stock_state": "needed"}),
            "confirmed": lambda lines: lines.write({"stock_state": "ordered"}),
            "transit": lambda lines: lines.write({"stock_state": "ordered"}),
        },
    )

    @api.depends("part_state", "part_eta")
    def _compute_stock_state(self):
        return super()._compute_stock_state()

    @api.depends("parts_offer_id")
    def _compute_stock_hint(self):
        return super()._compute_stock_hint()

    @api.model
    def _get_stock_ranks(self):
        ranks = [
            state
            for state in super()._get_stock_ranks()
            if state not in ("refused", "needed", "ordered", *SUPPLIER_STATES)
        ]
        return ["refused", "needed", "ordered", *SUPPLIER_STATES, *ranks]

    @api.model
    def _get_waiting_stock_states(self):
        return [*super()._get_waiting_stock_states(), "refused", *SUPPLIER_STATES]

    def _get_stock_values(self):
        """What the supplier says is news only of what is not here."""
        values = super()._get_stock_values()
        for line in self:
            if line in values:
                values[line].update(line._get_supplier_news(values[line]))
            elif line._is_told_by_supplier():
                values[line] = line._prepare_supplier_values()
        return values

    def _get_supplier_news(self, known):
        """Values that the supplier knows better than the stock.

        :param dict known: values that the stock knows
        """
        self.ensure_one()
        state = known["stock_state"]
        if state == "needed" and self.part_state == "refused":
            return {"stock_state": "refused"}
        if state == "ordered" and self.part_state in SUPPLIER_STATES:
            return {
                "stock_state": self.part_state,
                "stock_eta": self.part_eta or known["stock_eta"],
            }
        return {}

    def _is_told_by_supplier(self):
        """Whether the line is a part without kept stock that somebody looks after.

        Before the approval nothing is missing; but what was ordered early is coming.
        """
        self.ensure_one()
        if not self.part_state or not self.work_order_id or self.state == "cancel":
            return False
        is_ordered = self.part_state not in ("needed", "refused")
        return self._is_wanted() and (self.state == "sale" or is_ordered)

    def _prepare_supplier_values(self):
        """Values of a part that only its supplier and the desk know of."""
        self.ensure_one()
        wanted = self.product_uom_qty
        is_missing = self.part_state in ("needed", "refused")
        state = self.part_state
        if wanted and self.product_uom_id.compare(self.qty_delivered, wanted) >= 0:
            state, is_missing = "fitted", False
        return {
            "stock_state": state,
            "stock_eta": self.part_eta if state in MISSING_STATES else False,
            "stock_here_qty": wanted if state in ("arrived", "fitted") else 0.0,
            "stock_to_order": wanted if is_missing else 0.0,
        }

    # Ordering ------------------------------------------------------------------

    def action_order_missing_parts(self):
        """Suppliers are asked once more before anything is ordered."""
        return self.action_order_parts()

    def _has_vendor(self):
        return bool(self.parts_offer_id.partner_id) or super()._has_vendor()

    def _get_days_to_order(self):
        """The offer that the line was made of says when it comes."""
        offer = self.parts_offer_id
        if not offer.eta or offer.kind == "own":
            return super()._get_days_to_order()
        left = max(offer.eta - fields.Datetime.now(), timedelta())
        return -(-left // timedelta(days=1))

    # Who is told ---------------------------------------------------------------

    def _tell_arrivals(self, order, jobs):
        """What the suppliers' states tell already is not told twice."""
        others = self.filtered(lambda line: not line.part_state)
        if others:
            return super(SaleOrderLine, others)._tell_arrivals(
                order, jobs & others.job_id
            )
        return None

    def _get_unready_parts(self):
        lines = super()._get_unready_parts()
        return lines.filtered(lambda line: line.part_state not in MISSING_STATES)
