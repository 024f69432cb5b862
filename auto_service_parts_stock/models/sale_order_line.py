from odoo import api, models

from odoo.addons.auto_service_parts.models.sale_order_line_part_state import (
    STATE_RANKS,
)


class SaleOrderLine(models.Model):
    """Where parts are whose stock is kept: reserved, coming, or to be ordered."""

    _inherit = "sale.order.line"

    @api.depends(
        "state",
        "qty_delivered",
        "product_uom_qty",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.move_orig_ids.state",
        "move_ids.created_purchase_line_ids.state",
    )
    def _compute_part_state(self):
        return super()._compute_part_state()

    @api.depends("state", "qty_delivered", "move_ids.state", "move_ids.quantity")
    def _compute_qty_on_purchase(self):
        res = super()._compute_qty_on_purchase()
        for line in self.filtered(lambda line: line._is_stock_kept()):
            line.qty_to_order = max(0.0, line._get_part_supply()["uncovered"])
        return res

    def _is_stock_kept(self):
        """Whether the stock knows where the part of the line is."""
        self.ensure_one()
        return bool(
            self.state == "sale"
            and self.kind == "part"
            and self.work_order_id
            and self.is_storable
            and self.qty_delivered_method == "stock_move"
        )

    def _get_part_values(self):
        values = super()._get_part_values()
        if not self._is_stock_kept():
            return values
        supply = self._get_part_supply()
        if self.product_uom_id.compare(supply["missing"], 0.0) <= 0:
            return {"part_state": "arrived", "part_eta": False, "part_note": False}
        dates = [*supply["dates"], values["part_eta"]]
        return {
            "part_state": self._get_missing_part_state(supply),
            "part_eta": max(filter(None, dates), default=False),
            "part_note": values["part_note"],
        }

    def _get_missing_part_state(self, supply):
        """State of the piece that is the least advanced of what is not here.

        :param dict supply: see ``_get_part_supply``
        :return: key of PART_STATES
        """
        purchases = self.purchase_line_ids
        states = list(supply["states"])
        if self.product_uom_id.compare(supply["uncovered"], 0.0) > 0:
            refused = purchases.filtered(
                lambda line: line.part_state == "refused" or line.quantity_refused
            )
            states.append("refused" if refused else "needed")
        for line in purchases:
            state = line._get_part_state()
            if line._is_part_live() and state != "arrived":
                states.append(state)
        return min(states, key=STATE_RANKS.get, default="needed")

    def _get_part_supply(self):
        """What of the line is here, what is coming, and what nobody cares for.

        :return: dict in the unit of the line: ``missing`` (neither issued nor
            reserved), ``uncovered`` (missing and not on its way either); ``states`` and
            ``dates`` of what the host's own replenishment brings
        """
        self.ensure_one()
        moves = self._get_moves_to_issue()
        missing = self.product_uom_qty - self.qty_delivered
        missing -= self._to_line_unit(moves, "quantity")
        supply = {"missing": missing, "uncovered": missing, "states": [], "dates": []}
        if self.product_uom_id.compare(missing, 0.0) <= 0:
            return supply
        supply["uncovered"] -= self._get_qty_coming()
        for move in moves:
            self._add_supply_of_move(supply, move)
        if self.product_uom_id.compare(supply["uncovered"], 0.0) > 0:
            self._add_free_stock(supply, moves)
        return supply

    def _to_line_unit(self, moves, name):
        """Sum of a quantity of the moves, in the unit of the line."""
        return sum(
            move.product_uom._compute_quantity(
                move[name], self.product_uom_id, round=False
            )
            for move in moves
        )

    def _get_qty_coming(self):
        """What purchase orders for the line still bring, in the unit of the line."""
        return sum(
            line.product_uom_id._compute_quantity(
                max(line.product_qty - line.qty_received, 0.0),
                self.product_uom_id,
                round=False,
            )
            for line in self.purchase_line_ids
            if line._is_part_live()
        )

    def _add_supply_of_move(self, supply, move):
        """Count what transfers and other purchase orders bring for a move."""
        missing = self._to_line_unit(move, "product_uom_qty")
        missing -= self._to_line_unit(move, "quantity")
        if self.product_uom_id.compare(missing, 0.0) <= 0:
            return
        origins = move.move_orig_ids.filtered(
            lambda row: row.state not in ("done", "cancel")
            and row.purchase_line_id not in self.purchase_line_ids
        )
        bought = (move.created_purchase_line_ids - self.purchase_line_ids).filtered(
            lambda row: row.state != "cancel"
        )
        if not origins and not bought:
            return
        supply["uncovered"] -= missing
        in_house = origins and all(
            row.location_id.usage in ("internal", "transit") for row in origins
        )
        supply["states"].append("transit" if in_house else "ordered")
        supply["dates"] += [*origins.mapped("date"), *bought.mapped("date_planned")]

    def _add_free_stock(self, supply, moves):
        """Where nothing is reserved by itself, what is free counts as being here."""
        types = moves.picking_type_id.mapped("reservation_method")
        if not types or "at_confirm" in types:
            return
        product = self.product_id.with_context(warehouse_id=self.warehouse_id.id)
        free = product.uom_id._compute_quantity(
            max(product.free_qty, 0.0), self.product_uom_id, round=False
        )
        taken = min(free, supply["uncovered"])
        supply["uncovered"] -= taken
        supply["missing"] -= taken
