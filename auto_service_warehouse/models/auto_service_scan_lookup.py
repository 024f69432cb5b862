from odoo import api, models

MAX_ROWS = 40


class AutoServiceScan(models.AbstractModel):
    """Look up: whatever carries a code says what it is and where it belongs."""

    _inherit = "auto.service.scan"

    def _start_lookup(self, params):
        return {"kind": params.get("kind") or False, "id": params.get("id") or False}

    def _take_lookup(self, _state, found):
        state = {"kind": found.kind, "id": found.record.id, "lot": found.lot_name}
        return self._said(state)  # the screen says it all

    def _screen_lookup(self, state):
        if not state.get("kind"):
            prompt = self.env._("Scan or type anything.")
            return {"prompt": prompt, "icon": "fa-search"}
        found = self._get_found(state["kind"], state["id"])
        screen = getattr(self, f"_look_at_{found.kind}")(found.record)
        screen.setdefault("prompt", found.record.sudo().display_name)
        screen.setdefault("icon", "fa-info-circle")
        screen.setdefault("empty", self.env._("Nothing here."))
        return screen

    @api.model
    def _open_record(self, record):
        """Button that opens the record where the user may work on it."""
        if not record.sudo(False).has_access("read"):
            return []
        action = {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }
        return [
            {"open": action, "label": self.env._("Open"), "icon": "fa-external-link"}
        ]

    @api.model
    def _go(self, mode, label, **params):
        """Button that begins something with what was found."""
        if mode not in {row["name"] for row in self.get_modes()}:
            return []
        return [{"mode": mode, "label": label, "params": params}]

    def _look_at_product(self, product):
        """Where a part lies, for whom it is reserved, and what is coming."""
        # Advisors and technicians have no rights in the stock; no costs are shown.
        product_sudo = product.sudo()
        quants = product_sudo.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.usage", "=", "internal"),
                ("company_id", "=", self.env.company.id),
            ],
            limit=MAX_ROWS,
        )
        here = sum(quants.mapped("quantity"))
        reserved = sum(quants.mapped("reserved_quantity"))
        pieces = lambda quantity: self._format_pieces(product_sudo, quantity)  # noqa: E731
        facts = [
            self._fact(self.env._("Free"), pieces(here - reserved), "main"),
            self._fact(self.env._("Here"), pieces(here)),
            self._fact(self.env._("Reserved"), pieces(reserved)),
            self._fact(self.env._("To come"), pieces(self._get_incoming(product_sudo))),
        ]
        return {
            "prompt": self._name_part(product_sudo),
            "subtitle": product_sudo.default_code or product_sudo.barcode or "",
            "facts": facts,
            "lines": [self._get_quant_row(quant) for quant in quants],
            "buttons": self._get_product_buttons(product),
            "empty": self.env._("Not in stock."),
        }

    def _get_product_buttons(self, product):
        """More about a part, for those who may see it."""
        balance = {
            "type": "ir.actions.client",
            "tag": "auto_service_part_balance",
            "params": {"product_id": product.id},
        }
        if not self.env.user.has_groups(
            "auto_service_base.group_advisor,auto_service_base.group_parts"
        ):
            return []
        return [
            {
                "open": balance,
                "label": self.env._("Balance"),
                "icon": "fa-balance-scale",
            },
            *self._open_record(product),
        ]

    @api.model
    def _get_incoming(self, product_sudo):
        """Pieces on their way from vendors, in the unit of the part."""
        [(pieces,)] = product_sudo.env["stock.move"]._read_group(
            [
                ("product_id", "=", product_sudo.id),
                ("state", "not in", ["draft", "done", "cancel"]),
                ("location_id.usage", "=", "supplier"),
                ("company_id", "=", self.env.company.id),
            ],
            aggregates=["product_qty:sum"],
        )
        return pieces or 0.0

    def _get_quant_row(self, quant, with_part=False):
        product = quant.product_id
        free = quant.quantity - quant.reserved_quantity
        note = self.env._("%(free)s free", free=self._format_pieces(product, free))
        place = self._name_place(quant.location_id)
        row = self._line(
            quant.id,
            product,
            quant.quantity,
            note=" · ".join(filter(None, (quant.lot_id.name, note))),
            place=place,
        )
        if not with_part:
            row.update(name=place, number="", place="")
        row["tone"] = "done" if product.uom_id.compare(free, 0.0) > 0 else "open"
        return row

    def _look_at_location(self, location):
        """What lies in a bin."""
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [("location_id", "child_of", location.id), ("quantity", "!=", 0.0)],
                limit=MAX_ROWS,
            )
        )
        name = self._name_place(location)
        return {
            "prompt": name,
            "subtitle": location.sudo().complete_name,
            "icon": "fa-th",
            "lines": [self._get_quant_row(quant, with_part=True) for quant in quants],
            "buttons": [
                *self._go("move", self.env._("Move parts"), location_id=location.id),
                *self._open_record(location),
            ],
            "empty": self.env._("The bin is empty."),
        }

    def _look_at_order(self, order):
        """Parts of a visit and where they are."""
        lines = order.sudo().job_ids.line_ids.filtered(
            lambda line: line.kind == "part" and line.product_id.type == "consu"
        )
        return {
            "prompt": f"{order.sudo().license_plate or ''} {order.name}".strip(),
            "subtitle": order.sudo().vehicle_name or "",
            "icon": "fa-car",
            "lines": [self._get_visit_part(line) for line in lines],
            "buttons": [
                *self._go("pick", self.env._("Pick"), order_id=order.id),
                *self._go("issue", self.env._("Issue"), order_id=order.id),
                *self._go("return", self.env._("Take back"), order_id=order.id),
                *self._open_record(order),
            ],
            "empty": self.env._("No parts on this visit."),
        }

    def _get_visit_part(self, line):
        states = dict(line._fields["stock_state"]._description_selection(self.env))
        row = self._line(
            line.id, line.product_id, line.qty_delivered, line.product_uom_qty
        )
        row["unit"] = self._name_unit(line.product_uom_id)
        row["note"] = states.get(line.stock_state, "")
        places = line._get_reserved_lines().location_id if line.move_ids else []
        row["place"] = ", ".join(self._name_place(place) for place in places[:2])
        return row

    def _look_at_picking(self, picking):
        """What a transfer brings or takes away."""
        picking_sudo = picking.sudo()  # advisors may ask what a paper is about
        moves = picking_sudo.move_ids.filtered(lambda move: move.state != "cancel")
        states = dict(picking_sudo._fields["state"]._description_selection(self.env))
        is_receipt = (
            picking_sudo.picking_type_code == "incoming"
            and picking_sudo.state not in ("done", "cancel")
        )
        receive = self._go("receive", self.env._("Receive"), picking_id=picking.id)
        return {
            "prompt": picking_sudo.name,
            "subtitle": " · ".join(
                filter(
                    None,
                    (
                        picking_sudo.partner_id.name,
                        picking_sudo.origin,
                        states[picking_sudo.state],
                    ),
                )
            ),
            "icon": "fa-truck",
            "lines": [
                self._line(
                    move.id,
                    move.product_id,
                    move.quantity if move.state == "done" else 0.0,
                    move.product_qty,
                    place=self._name_place(move.location_dest_id),
                )
                for move in moves
            ],
            "buttons": [*(receive if is_receipt else []), *self._open_record(picking)],
        }

    def _look_at_purchase(self, purchase):
        """What was ordered, and how much of it has come."""
        purchase_sudo = purchase.sudo()  # advisors may ask what a paper is about
        rows = purchase_sudo.order_line.filtered("product_id")
        lines = [
            {
                **self._line(row.id, row.product_id, row.qty_received, row.product_qty),
                "unit": self._name_unit(row.product_uom_id),
            }
            for row in rows
        ]
        return {
            "prompt": purchase_sudo.name,
            "subtitle": purchase_sudo.partner_id.name,
            "icon": "fa-shopping-cart",
            "lines": lines,
            "buttons": self._open_record(purchase),
        }

    def _look_at_employee(self, employee):
        """What a colleague has in his hands: tools."""
        loans = self.env["auto.service.tool.loan"].search(
            [("employee_id", "=", employee.id), ("back_at", "=", False)], limit=MAX_ROWS
        )
        return {
            "prompt": employee.sudo().name,
            "icon": "fa-user",
            "lines": [self._get_tool_line(loan.tool_id) for loan in loans],
            "empty": self.env._("He has no tools."),
        }

    def _look_at_tool(self, tool):
        """Who has a tool."""
        holder = tool.holder_id.sudo().name
        states = dict(tool._fields["state"]._description_selection(self.env))
        facts = [
            self._fact(self.env._("State"), states.get(tool.state, ""), "main"),
            self._fact(self.env._("Who has it"), holder or "–"),
            self._fact(self.env._("Hangs at"), tool.place or "–"),
        ]
        return {
            "prompt": tool.name,
            "subtitle": tool.code or "",
            "icon": "fa-gavel",
            "facts": facts,
            "buttons": [
                *self._go("tool", self.env._("Hand out"), tool_ids=tool.ids),
                *self._open_record(tool),
            ],
            "empty": "",
        }
