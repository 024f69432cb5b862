from odoo import models


class AutoServiceScan(models.AbstractModel):
    """To supplier: parts that go back for credit, one draft per supplier."""

    _inherit = "auto.service.scan"

    def _start_supplier(self, params):
        returns = params.get("return_ids") or []
        return {"returns": list(returns), "last": False}

    def _get_supplier_returns(self, state):
        return (
            self.env["auto.service.supplier.return"]
            .browse(state.get("returns") or [])
            .exists()
            .filtered(lambda row: row.state == "draft")
        )

    def _take_supplier(self, state, found):
        return getattr(self, f"_take_supplier_{found.kind}")(state, found)

    def _take_supplier_product(self, state, found):
        before = dict(state)
        line = self.env["auto.service.supplier.return"]._scan_add(
            found.record, found.quantity
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
        """The bin that the last part is taken from, where the return knows bins."""
        return self._said(state, self._name_place(found.record), tone="info")

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
        return {
            "prompt": self.env._("Scan the parts that go back."),
            "icon": "fa-reply-all",
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
