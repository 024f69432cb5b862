from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAX_RECEIPTS = 30


class AutoServiceScan(models.AbstractModel):
    """Receive: what the supplier brought is counted against what was ordered."""

    _inherit = "auto.service.scan"

    def _start_receive(self, params):
        picking = self.env["stock.picking"].browse(params.get("picking_id") or [])
        return {"pickings": picking.exists().ids, "last": False}

    @api.model
    def _get_receipt_domain(self):
        """Receipts that somebody may bring now."""
        return Domain(
            [
                ("picking_type_code", "=", "incoming"),
                ("state", "in", ["confirmed", "waiting", "assigned"]),
                ("company_id", "=", self.env.company.id),
            ]
        )

    def _get_receipts(self, state):
        return self.env["stock.picking"].browse(state.get("pickings") or []).exists()

    # ------------------------------------------------------------------
    # Scans
    # ------------------------------------------------------------------

    def _take_receive(self, state, found):
        method = getattr(self, f"_take_receive_{found.kind}")
        return method(state, found)

    def _take_receive_picking(self, state, found):
        return self._choose_receipts(state, found.record)

    def _take_receive_purchase(self, state, found):
        return self._choose_receipts(state, found.record.picking_ids, found.record)

    def _choose_receipts(self, state, pickings, document=None):
        """Begin with receipts, or add them to those that are being received."""
        opened = pickings.filtered_domain(self._get_receipt_domain())
        if not opened:
            raise UserError(
                self.env._(
                    "Nothing is to come for %(name)s any more.",
                    name=(document or pickings[:1]).display_name,
                )
            )
        before = dict(state)
        state["pickings"] = [
            *state["pickings"],
            *(opened - self._get_receipts(state)).ids,
        ]
        name = ", ".join(opened.mapped("name"))
        return self._said(state, name, undo=self._back(before))

    def _take_receive_product(self, state, found):
        pickings = self._get_receipts(state)
        if not pickings:
            return self._choose_by_part(state, found)
        moves = self._get_moves_of_part(pickings, found.record)
        if not moves:
            return self._ask_for_extra(state, found)
        move = self._get_unfinished(moves, found.quantity)
        if not move:
            return self._ask_for_more(state, found, moves[-1])
        return self._count_in(state, move, found)

    def _choose_by_part(self, state, found):
        """The first part tells which receipt it is, where there is only one."""
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", found.record.id),
                ("state", "not in", ["done", "cancel", "draft"]),
                ("picking_id", "any", self._get_receipt_domain()),
            ],
            limit=MAX_RECEIPTS,
        )
        pickings = moves.picking_id
        if not pickings:
            raise UserError(
                self.env._(
                    "%(part)s is on no receipt that is open. Scan the purchase order.",
                    part=found.record.display_name,
                )
            )
        if len(pickings) > 1:
            question = self.env._("Which receipt is it?")
            buttons = [self._prepare_receipt_choice(row, found) for row in pickings]
            return self._said(state, question, tone="ask", buttons=buttons)
        state["pickings"] = pickings.ids
        return self._take_receive_product(state, found)

    def _prepare_receipt_choice(self, picking, found):
        return self._button(
            "choose_count",
            f"{picking.partner_id.name or ''} {picking.name}".strip(),
            picking=picking.id,
            found=self._freeze(found),
        )

    @api.model
    def _freeze(self, found):
        """A found thing as arguments of a button."""
        values = found._to_dict()
        values.pop("name")
        return values

    def _act_receive_choose_count(self, state, args):
        """The receipt was chosen after the part had been scanned."""
        picking = self.env["stock.picking"].browse(int(args["picking"])).exists()
        state["pickings"] = picking.ids
        return self._take_receive_product(state, self._get_found(**args["found"]))

    def _get_moves_of_part(self, pickings, product):
        return pickings.move_ids.filtered(
            lambda move: move.product_id == product
            and move.state not in ("done", "cancel")
        )

    def _get_unfinished(self, moves, pieces):
        """First move that has room for more pieces."""
        for move in moves:
            wanted = move.product_qty
            if (
                move.product_id.uom_id.compare(self._get_seen(move) + pieces, wanted)
                <= 0
            ):
                return move
        return moves.browse()

    @api.model
    def _get_seen(self, move):
        """Pieces of a move that were scanned, in the unit of the part."""
        if not move.picked:
            return 0.0
        return move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------

    def _ask_for_more(self, state, found, move):
        question = self.env._(
            "%(part)s: all %(count)s are here. One more than was ordered?",
            part=self._name_part(found.record),
            count=self._format_pieces(found.record, move.product_qty),
        )
        yes = self._button(
            "more",
            self.env._("Yes, it is more"),
            "warning",
            move=move.id,
            found=self._freeze(found),
        )
        return self._said(state, question, tone="ask", buttons=[yes, self._no()])

    def _ask_for_extra(self, state, found):
        question = self.env._(
            "%(part)s was not ordered here. Receive it anyway?",
            part=self._name_part(found.record),
        )
        yes = self._button(
            "extra",
            self.env._("Yes, receive it"),
            "warning",
            found=self._freeze(found),
        )
        return self._said(state, question, tone="ask", buttons=[yes, self._no()])

    @api.model
    def _no(self):
        return self._button("no", self.env._("No"))

    def _act_receive_no(self, state, _args):
        return self._said(state, self.env._("Left out"), tone="info")

    def _act_receive_more(self, state, args):
        move = self._get_receipts(state).move_ids.filtered(
            lambda row: row.id == int(args["move"])
        )
        return self._count_in(state, move, self._get_found(**args["found"]))

    def _act_receive_extra(self, state, args):
        found = self._get_found(**args["found"])
        picking = self._get_receipts(state)[-1:]
        move = self.env["stock.move"].create(self._prepare_extra_values(picking, found))
        move._action_confirm(merge=False)
        return self._count_in(state, move, found)

    def _prepare_extra_values(self, picking, found):
        """Values of a part that came along and was not ordered."""
        return {
            "product_id": found.record.id,
            "product_uom": found.record.uom_id.id,
            "product_uom_qty": 0.0,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": picking.company_id.id,
            "additional": True,
        }

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _count_in(self, state, move, found):
        """Count pieces of a receipt."""
        if not move:
            raise UserError(self.env._("The receipt has changed. Scan the part again."))
        before = dict(state)
        line = self._get_receipt_line(move, found, state)
        line.quantity += found.record.uom_id._compute_quantity(
            found.quantity, line.product_uom_id, round=False
        )
        line.picked = True
        state["last"] = line.id
        undo = self._back(before, "count", line_id=line.id, pieces=found.quantity)
        return self._said(state, self._say_counted(move), undo=undo)

    def _say_counted(self, move):
        product = move.product_id
        return self.env._(
            "%(part)s: %(done)s of %(todo)s",
            part=self._name_part(product),
            done=self._format_pieces(product, self._get_seen(move)),
            todo=self._format_pieces(product, move.product_qty),
        )

    def _get_receipt_line(self, move, found, state):
        """Line of the receipt to count on; what the host filled in is cleared first."""
        if not move.picked:
            self._clear_receipt_lines(move)
        lines = move.move_line_ids
        if found.lot_name:
            return self._get_receipt_line_of_lot(move, found)
        last = lines.filtered(lambda line: line.id == state.get("last"))
        return last or lines[:1] or self._create_receipt_line(move)

    def _clear_receipt_lines(self, move):
        lines = move.move_line_ids
        (lines - lines[:1]).unlink()
        lines[:1].write({"quantity": 0.0, "lot_name": False})

    def _create_receipt_line(self, move, **values):
        return self.env["stock.move.line"].create(
            {**move._prepare_move_line_vals(quantity=0), "quantity": 0.0, **values}
        )

    def _get_receipt_line_of_lot(self, move, found):
        lines = move.move_line_ids
        same = lines.filtered(
            lambda line: found.lot_name in (line.lot_id.name, line.lot_name)
        )
        if same and found.record.tracking == "serial":
            raise UserError(
                self.env._("%(lot)s was scanned already.", lot=found.lot_name)
            )
        free = lines.filtered(lambda line: not (line.lot_id or line.lot_name))
        line = same[:1] or free[:1] or self._create_receipt_line(move)
        if not same:
            line.write(self._prepare_lot_values(move, found))
        return line

    def _prepare_lot_values(self, move, found):
        """The host makes a new number on receipt, where the operation allows it."""
        if move.picking_type_id.use_create_lots:
            return {"lot_name": found.lot_name}
        return {"lot_id": self._get_lot(found.record, found.lot_name).id}

    def _undo_receive_count(self, line_id, pieces):
        line = self.env["stock.move.line"].browse(line_id).exists()
        if not line or line.state == "done":
            raise UserError(self.env._("It is received already."))
        unit = line.product_id.uom_id
        line.quantity -= unit._compute_quantity(
            pieces, line.product_uom_id, round=False
        )
        if line.product_uom_id.is_zero(line.move_id.quantity):
            line.move_id.picked = False

    def _take_receive_location(self, state, found):
        """The bin that the last part goes to."""
        line = self.env["stock.move.line"].browse(state.get("last") or []).exists()
        if not line:
            raise UserError(self.env._("Scan a part first, then its bin."))
        place = line.picking_id.location_dest_id
        if not found.record.parent_path.startswith(place.parent_path):
            raise UserError(
                self.env._(
                    "%(bin)s is not in %(place)s, where this receipt goes.",
                    bin=self._name_place(found.record),
                    place=place.complete_name,
                )
            )
        before = dict(state)
        undo = self._back(
            before, "bin", line_id=line.id, location_id=line.location_dest_id.id
        )
        line.location_dest_id = found.record
        message = self.env._(
            "%(part)s → %(bin)s",
            part=self._name_part(line.product_id),
            bin=self._name_place(found.record),
        )
        return self._said(state, message, undo=undo)

    def _undo_receive_bin(self, line_id, location_id):
        line = self.env["stock.move.line"].browse(line_id).exists()
        line.location_dest_id = location_id

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _act_receive_set(self, state, args):
        """A typed quantity, in the unit of the part."""
        moves = self._get_receipts(state).move_ids
        move = moves.filtered(lambda row: row.id == int(args["key"]))
        product = move.product_id
        if product.tracking == "serial":
            raise UserError(self.env._("Scan every serial number."))
        quantity = max(float(args["quantity"]), 0.0)
        found = self._get_found("product", product.id, quantity)
        line = self._get_receipt_line(move, found, state)
        (move.move_line_ids - line).unlink()
        line.quantity = product.uom_id._compute_quantity(quantity, line.product_uom_id)
        move.picked = quantity > 0.0
        state["last"] = line.id
        return self._said(state, self._say_counted(move))

    def _act_receive_all(self, state, _args):
        """Everything came as it was ordered."""
        moves = self._get_receipts(state).move_ids.filtered(
            lambda row: row.state not in ("done", "cancel") and not row.picked
        )
        tracked = moves.product_id.filtered(lambda part: part.tracking != "none")
        if tracked:
            names = ", ".join(tracked.mapped("display_name"))
            raise UserError(self.env._("Scan the numbers of %(parts)s.", parts=names))
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        return self._said(state, self.env._("All as ordered. Press Done."))

    def _act_receive_done(self, state, _args):
        """Validate what was counted; the rest stays open in the host's backorder."""
        pickings = self._get_receipts(state)
        counted = pickings.filtered(lambda row: any(row.move_ids.mapped("picked")))
        if not counted:
            raise UserError(self.env._("Nothing was scanned yet."))
        pieces = sum(map(self._get_seen, counted.move_ids))
        self._validate(counted)
        message = self.env._(
            "Received: %(pieces)s pieces of %(parts)s parts",
            pieces=f"{pieces:.10g}",
            parts=len(counted.move_ids.filtered("picked").product_id),
        )
        waiting = counted.backorder_ids
        detail = waiting and self.env._(
            "Still to come: %(names)s", names=", ".join(waiting.mapped("name"))
        )
        return self._said(self._start_receive({}), message, detail=detail or "")

    @api.model
    def _validate(self, pickings):
        """Validate transfers without the host's questions."""
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
        left = pickings.filtered(lambda row: row.state != "done")
        if left:
            raise UserError(
                self.env._(
                    "%(names)s needs a look in the Inventory app first.",
                    names=", ".join(left.mapped("name")),
                )
            )

    # ------------------------------------------------------------------
    # Screen
    # ------------------------------------------------------------------

    def _screen_receive(self, state):
        pickings = self._get_receipts(state)
        if not pickings:
            return {
                "prompt": self.env._("Scan the purchase order or a part."),
                "icon": "fa-truck",
                "choices": self._get_receipt_choices(),
                "empty": self.env._("Nothing is on its way."),
            }
        lines = self._get_receipt_lines(pickings, state)
        buttons = []
        if any(line["tone"] == "open" for line in lines):
            buttons.append(self._button("all", self.env._("All as ordered")))
        buttons.append(self._button("done", self.env._("Done"), "success", "fa-check"))
        return {
            "prompt": self.env._("Scan a part, then its bin."),
            "chips": [
                self._chip(
                    "fa-truck", f"{row.partner_id.name or ''} {row.name}".strip()
                )
                for row in pickings
            ],
            "lines": lines,
            "buttons": buttons,
        }

    def _get_receipt_lines(self, pickings, state):
        """Parts of the receipts, the last scanned first, then what is still open."""
        moves = pickings.move_ids.filtered(lambda row: row.state != "cancel")
        last = state.get("last")
        lines = []
        for move in moves:
            places = move.move_line_ids.location_dest_id or move.location_dest_id
            line = self._line(
                move.id,
                move.product_id,
                self._get_seen(move),
                move.product_qty,
                place=", ".join(self._name_place(place) for place in places[:2]),
                set="set",
            )
            is_last = last in move.move_line_ids.ids
            line["is_last"] = is_last
            lines.append(line)
        return sorted(
            lines, key=lambda row: (not row["is_last"], row["tone"] == "done")
        )

    def _get_receipt_choices(self):
        pickings = self.env["stock.picking"].search(
            self._get_receipt_domain(), limit=MAX_RECEIPTS, order="scheduled_date, id"
        )
        return [
            {
                "action": "choose",
                "args": {"kind": "picking", "id": picking.id},
                "label": picking.partner_id.name or picking.name,
                "note": " · ".join(filter(None, (picking.origin, picking.name))),
                "count": len(picking.move_ids),
            }
            for picking in pickings
        ]
