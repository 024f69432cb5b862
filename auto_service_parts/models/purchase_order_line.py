from datetime import timedelta

from odoo import fields, models

from .auto_service_supplier_status import PART_STATES

#: Fields that move the part of an estimate's line.
PART_FIELDS = {
    "part_state",
    "product_qty",
    "qty_received",
    "qty_received_manual",
    "date_planned",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    parts_offer_id = fields.Many2one(
        "auto.service.parts.offer",
        string="Offer",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Offer that is ordered.",
    )
    part_state = fields.Selection(
        PART_STATES, copy=False, help="Where the supplier says that the part is."
    )
    supplier_position = fields.Char(
        copy=False,
        index="btree_not_null",
        help="Number of the position in the supplier's system; several when the "
        "supplier split it.",
    )
    supplier_status = fields.Char(
        copy=False, help="Status of the position in the supplier's words."
    )
    supplier_note = fields.Char(
        copy=False, help="What the supplier says about the position, in one sentence."
    )
    quantity_refused = fields.Float(
        digits="Product Unit",
        copy=False,
        help="How many the supplier did not take, in the unit of the line.",
    )
    order_token = fields.Json(
        copy=False,
        groups="base.group_no_one",
        export_string_translation=False,
        help="What the supplier wants to see again in the order.",
    )

    def write(self, vals):
        if not PART_FIELDS & vals.keys():
            return super().write(vals)
        with self.sale_line_id._telling_part_changes():
            return super().write(vals)

    def unlink(self):
        lines_sudo = self.sale_line_id.sudo()  # buyers may not write estimates
        res = super().unlink()
        lines_sudo.exists()._forget_purchase()
        return res

    def _is_part_live(self):
        """Whether the part is bought by this line: neither cancelled nor refused."""
        self.ensure_one()
        return self.state != "cancel" and self.part_state != "refused"

    def _get_part_state(self):
        """Where the part of the line is; a receipt outweighs what the supplier says.

        :return: key of PART_STATES
        """
        self.ensure_one()
        if not self._is_part_live():
            return "refused"
        quantity = self.product_qty
        if quantity and self.product_uom_id.compare(self.qty_received, quantity) >= 0:
            return "arrived"
        return self.part_state or "ordered"

    def _get_part_note(self):
        """What is to be known of the part, in one sentence; empty when nothing is."""
        self.ensure_one()
        if self.state in ("draft", "sent", "to approve"):
            return self.env._(
                "Purchase order %(order)s is not confirmed yet.",
                order=self.order_id.name,
            )
        return self.supplier_note or self.supplier_status or ""

    def _is_part_coming(self):
        """Whether the part is ordered and not here yet."""
        self.ensure_one()
        return self._get_part_state() in ("ordered", "confirmed", "transit")

    # What the supplier's system says --------------------------------------------

    def _get_positions(self):
        """The supplier's numbers of the positions of the line, as a list."""
        self.ensure_one()
        return [
            number.strip()
            for number in (self.supplier_position or "").split(",")
            if number.strip()
        ]

    def _take_positions(self, positions, refusals, account):
        """Keep what the supplier says of the line; one write.

        :param positions: list of OrderedPosition of the line
        :param refusals: list of OrderedPosition that it did not take
        :param account: auto.service.supplier.account record
        :return: whether the supplier takes less than was ordered
        """
        self.ensure_one()
        meanings = self.env["auto.service.supplier.status"]._get_part_states(
            account, [(row.status_code, row.status) for row in positions]
        )
        live = [row for row in positions if meanings.get(row.status_code) != "refused"]
        if not live:
            words = self._get_words(positions) or self._get_words(refusals)
            self._take_refusal(words)
            return True
        values = self._prepare_position_values(live, meanings)
        if not self.supplier_position:
            values.update(self._prepare_term_values(live, account))
        taken = sum(row.quantity for row in live)
        missing = self.product_qty - taken
        is_less = self.product_uom_id.compare(missing, 0.0) > 0 and taken > 0
        if is_less:
            values["quantity_refused"] = self.quantity_refused + missing
            values["product_qty"] = taken
            values["supplier_note"] = self.env._(
                "The supplier has %(taken)g of %(wanted)g. %(words)s",
                taken=taken,
                wanted=self.product_qty,
                words=self._get_words(refusals),
            ).strip()
        self._write_changes({**values, **self._prepare_price_values(live)})
        return is_less

    def _prepare_position_values(self, positions, meanings):
        """State of the line from its positions; the least advanced one counts.

        :param dict meanings: part state by code of the supplier's status
        """
        states = [
            meanings.get(row.status_code) or self.part_state or "ordered"
            for row in positions
        ]
        ranks = list(dict(PART_STATES))
        numbers = dict.fromkeys(row.position for row in positions if row.position)
        words = dict.fromkeys(row.status for row in positions if row.status)
        values = {
            "part_state": min(states, key=ranks.index),
            "supplier_status": ", ".join(words) or False,
        }
        if values["part_state"] != self.part_state:
            values["supplier_note"] = False
        if numbers:
            values["supplier_position"] = ", ".join(numbers)
        return values

    def _prepare_term_values(self, positions, account):
        """The term that the supplier confirmed with the order, once it is known.

        :param account: auto.service.supplier.account record
        """
        hours = max((row.hours_max or 0 for row in positions), default=0)
        if not hours:
            return {}
        hours += account._get_extra_hours()
        return {"date_planned": fields.Datetime.now() + timedelta(hours=hours)}

    def _prepare_price_values(self, positions):
        """What the supplier charges, when it differs from what we ordered for."""
        price = max(row.price for row in positions)
        currencies = {row.currency for row in positions} - {"", self.currency_id.name}
        if not price or currencies or self.qty_invoiced:
            return {}
        product = self.product_id
        price = self.tax_ids._adapt_price_unit_to_another_taxes(
            price, product, self.tax_ids.browse(), self.tax_ids
        )
        if not self.currency_id.compare_amounts(price, self.price_unit):
            return {}
        self._tell_other_price(price)
        return {"price_unit": price, "technical_price_unit": price}

    def _tell_other_price(self, price):
        """The supplier charges another price than the one that was accepted."""
        self.order_id.message_post(
            body=self.env._(
                "%(part)s: the supplier charges %(now).2f instead of %(then).2f.",
                part=self.product_id.display_name,
                now=price,
                then=self.price_unit,
            )
        )

    def _take_refusal(self, words):
        """The supplier does not deliver the line: the part is needed again."""
        self.ensure_one()
        self._write_changes(
            {
                "part_state": "refused",
                "supplier_note": words or False,
                "quantity_refused": self.product_qty,
            }
        )

    def _write_changes(self, values):
        """Write what is new; quantities do not make the host price the line anew."""
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.with_context(skip_uom_conversion=True).write(changed)

    def _get_words(self, positions):
        """What the supplier said about positions, in one line."""
        words = []
        for row in positions:
            words += [row.error] if row.error else [row.status, row.comment]
        return ". ".join(dict.fromkeys(filter(None, words)))
