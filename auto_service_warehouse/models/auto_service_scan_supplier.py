from odoo import models


class AutoServiceScan(models.AbstractModel):
    """To supplier: parts that go back for credit, one draft per supplier."""

    _inherit = "auto.service.scan"

    def _start_supplier(self, params):
        returns = params.get("return_ids") or []
        return {"returns": list(returns), "last": False, "place": False}

    def _get_supplier_returns(self, state):
        return (
            self.env["auto.service.supplier.return"]
            .browse(state.get("returns") or [])
            .exists()
            .filtered(lambda row: row.state in ("draft", "ready"))
        )

    def _take_supplier(self, state, found):
        return getattr(self, f"_take_supplier_{found.kind}")(state, found)

    def _take_supplier_product(self, state, found):
        before = dict(state)
        line = self.env["auto.service.supplier.return"]._scan_add(
            found.record,
            found.quantity,
            lot=self._get_lot(found.record, found.lot_name),
            location=self._get_bin(state, "place"),
        )
        document = line.return_id
        state["returns"] = list({*state["returns"], document.id})
        state["last"] = line.id
        message = self.env._(
            "%(part)s → %(supplier)s: %(count)s",
            part=self._name_part(found.record),
            supplier=document.partner_id.name,
            count=self._format_pieces(found.record, line.quantity),
        )
        undo = self._back(before, "part", line_id=line.id, pieces=found.quantity)
        return self._said(state, message, undo=undo)

    def _undo_supplier_part(self, line_id, pieces):
        line = self.env["auto.service.supplier.return.line"].browse(line_id).exists()
        if line.product_id.uom_id.compare(line.quantity, pieces) <= 0:
            line.unlink()
        else:
            line.quantity -= pieces

    def _take_supplier_location(self, state, found):
        """The bin that the next parts are taken from."""
        before = dict(state)
        state["place"] = found.record.id
        message = self.env._("From %(bin)s", bin=self._name_place(found.record))
        return self._said(state, message, undo=self._back(before))

    def _act_supplier_place(self, state, _args):
        """The parts are taken from wherever they lie."""
        state["place"] = False
        return self._said(state)

    def _act_supplier_set(self, state, args):
        line = self._get_supplier_returns(state).line_ids.filtered(
            lambda row: row.id == int(args["key"])
        )
        quantity = float(args["quantity"])
        if quantity > 0:
            line.quantity = quantity
        else:
            line.unlink()
        return self._said(state)

    def _act_supplier_send(self, state, args):
        """The parts of a supplier leave the house now."""
        document = self._get_supplier_returns(state).filtered(
            lambda row: row.id == int(args["return_id"])
        )
        document.action_send()
        state["returns"] = [row for row in state["returns"] if row != document.id]
        message = self.env._(
            "%(name)s sent to %(supplier)s",
            name=document.name,
            supplier=document.partner_id.name,
        )
        return self._said(state, message)

    def _screen_supplier(self, state):
        returns = self._get_supplier_returns(state)
        lines = returns.line_ids.sorted(lambda row: row.id != state.get("last"))
        place = self._get_bin(state, "place")
        chip = self._chip("fa-th", self._name_place(place), "place")
        return {
            "prompt": self.env._("Scan the parts that go back."),
            "icon": "fa-reply-all",
            "chips": [chip] if place else [],
            "lines": [
                self._line(
                    line.id,
                    line.product_id,
                    line.quantity,
                    note=line.return_id.partner_id.name,
                    set="set",
                )
                for line in lines
            ],
            "buttons": [
                self._button(
                    "send",
                    self.env._("Send to %(name)s", name=row.partner_id.name),
                    "success",
                    "fa-check",
                    return_id=row.id,
                )
                for row in returns
                if row.line_ids
            ],
        }
