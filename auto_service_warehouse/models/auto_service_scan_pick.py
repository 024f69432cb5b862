from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAX_ROWS = 200


class AutoServiceScan(models.AbstractModel):
    """Pick: parts of coming visits, bin by bin, into the boxes of their work orders."""

    _inherit = "auto.service.scan"

    def _start_pick(self, params):
        order_id = params.get("order_id")
        return {"orders": [order_id] if order_id else [], "place": False, "last": False}

    # ------------------------------------------------------------------
    # What is to be picked
    # ------------------------------------------------------------------

    @api.model
    def _get_pick_domain(self, state):
        """What is reserved: for the visit that was asked for, else what is due."""
        domain = Domain("is_picked", "=", False)
        domain &= Domain("company_id", "=", self.env.company.id)
        if state.get("orders"):
            return domain & Domain("order_id", "in", state["orders"])
        return domain & Domain("is_due", "=", True)

    def _get_pick_rows(self, state):
        """What is to be picked, in the order in which one walks along the bins.

        :return: auto.service.pick.line records
        """
        rows = self.env["auto.service.pick.line"].search(
            self._get_pick_domain(state), limit=MAX_ROWS, order="place, order_id, id"
        )
        return rows.sorted(lambda row: row.location_id.id != state.get("place"))

    # ------------------------------------------------------------------
    # Scans
    # ------------------------------------------------------------------

    def _take_pick(self, state, found):
        return getattr(self, f"_take_pick_{found.kind}")(state, found)

    def _take_pick_order(self, state, found):
        before = dict(state)
        state.update(orders=[found.record.id], place=False)
        name = found.record.display_name
        if not self._get_pick_rows(state):
            raise UserError(self.env._("Nothing to pick for %(name)s.", name=name))
        return self._said(state, name, undo=self._back(before))

    def _take_pick_location(self, state, found):
        """The right bin, or the box that the parts are put into."""
        before, location = dict(state), found.record
        rows = self._get_pick_rows(state)
        if location in rows.location_id:
            state["place"] = location.id
            name = self._name_place(location)
            message = self.env._("%(bin)s: right", bin=name)
            return self._said(state, message, undo=self._back(before))
        if self._is_box(location):
            return self._choose_box(state, location)
        if not rows:
            raise UserError(self.env._("Nothing is left to pick."))
        raise UserError(
            self.env._(
                "Wrong bin %(bin)s. The next part lies in %(next)s.",
                bin=self._name_place(location),
                next=self._name_place(rows[0].location_id),
            )
        )

    @api.model
    def _is_box(self, location):
        """Whether parts of visits wait in this place."""
        boxes = location.warehouse_id.sudo().auto_service_box_location_id
        return bool(boxes and location.parent_path.startswith(boxes.parent_path))

    def _choose_box(self, state, location):
        """What is picked for the visit goes into this box from now on."""
        orders = self.env["auto.service.order"].browse(
            state["orders"] or filter(None, [state.get("last")])
        )
        if len(orders) != 1:
            raise UserError(self.env._("Scan the work order first, then its box."))
        orders._take_box(location)
        message = self.env._(
            "%(order)s goes into box %(box)s",
            order=orders.name,
            box=self._name_place(location),
        )
        return self._said(state, message)

    def _take_pick_product(self, state, found):
        rows = self._get_pick_rows(state)
        fitting = rows.filtered(lambda row: row.product_id == found.record)
        if not fitting:
            raise UserError(self._say_wrong_part(found.record, rows))
        row = fitting[0]
        if found.lot_name and found.record.tracking != "none":
            same = fitting.filtered(lambda line: line.lot_id.name == found.lot_name)
            row = same[:1] or row
        return self._pick_row(state, row, found.quantity, found.lot_name)

    def _say_wrong_part(self, product, rows):
        if not rows:
            return self.env._("Nothing is left to pick.")
        return self.env._(
            "Wrong part %(part)s. Wanted is %(next)s in %(bin)s.",
            part=self._name_part(product),
            next=self._name_part(rows[0].product_id),
            bin=self._name_place(rows[0].location_id),
        )

    def _pick_row(self, state, row, pieces, lot_name=""):
        """Put pieces of a reservation into the box.

        :param float pieces: in the unit of the part
        """
        line, product = row.line_id, row.product_id
        source, order = row.location_id, row.order_id
        if product.uom_id.compare(pieces, row.quantity) > 0:
            raise UserError(
                self.env._(
                    "Only %(count)s of %(part)s are for %(order)s.",
                    count=self._format_pieces(product, row.quantity),
                    part=self._name_part(product),
                    order=order.name,
                )
            )
        before = dict(state)
        line._pick(
            line._from_product_unit(pieces),
            self._get_lot(product, lot_name) or row.lot_id,
        )
        state.update(last=order.id, place=source.id)
        undo = self._back(
            before, "part", line_id=line.id, pieces=pieces, location_id=source.id
        )
        message = self._say_picked(order, product, pieces)
        return self._said(state, message, undo=undo)

    def _say_picked(self, order, product, pieces):
        return self.env._(
            "%(count)s × %(part)s → %(plate)s",
            count=self._format_pieces(product, pieces),
            part=self._name_part(product),
            plate=order.license_plate or order.name,
        )

    def _undo_pick_part(self, line_id, pieces, location_id):
        """The pieces go back to their bin; the job keeps them reserved."""
        line = self.env["sale.order.line"].browse(line_id)
        rows = line.sudo()._get_reserved_lines().filtered(lambda row: row._is_boxed())
        if not rows:
            raise UserError(self.env._("The part is not in its box any more."))
        place = self.env["stock.location"].browse(location_id)
        back = rows[-1]._separate(pieces)
        back._carry_to(place, line.sudo().work_order_id.name)._set_picked(False)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _act_pick_set(self, state, args):
        """Pick a typed number of pieces of a row."""
        row = self._get_pick_rows(state).filtered(
            lambda line: line.id == int(args["key"])
        )
        if not row:
            raise UserError(self.env._("This part is picked already."))
        return self._pick_row(state, row, float(args["quantity"]))

    def _act_pick_every(self, state, _args):
        """Show the parts of all visits again."""
        state.update(orders=[], place=False)
        return self._said(state)

    # ------------------------------------------------------------------
    # Screen
    # ------------------------------------------------------------------

    def _screen_pick(self, state):
        rows = self._get_pick_rows(state)
        lines = [self._get_pick_line(row) for row in rows]
        orders = self.env["auto.service.order"].browse(state.get("orders") or [])
        chips = [
            self._chip("fa-car", f"{order.license_plate or ''} {order.name}", "every")
            for order in orders
        ]
        if not lines:
            empty = self.env._("Everything is picked.")
            return {"prompt": empty, "icon": "fa-check", "chips": chips, "empty": empty}
        lines[0]["tone"] = "next"
        prompt = self.env._(
            "%(bin)s: %(count)s × %(part)s",
            bin=lines[0]["place"],
            count=self._format_pieces(rows[0].product_id, rows[0].quantity),
            part=lines[0]["name"],
        )
        return {
            "prompt": prompt,
            "subtitle": lines[0]["note"],
            "icon": "fa-arrow-right",
            "chips": chips,
            "lines": lines,
        }

    def _get_pick_line(self, row):
        order = row.order_id
        note = " · ".join(
            filter(None, (order.license_plate, order.name, row.lot_id.name))
        )
        return self._line(
            row.id,
            row.product_id,
            0.0,
            row.quantity,
            place=self._name_place(row.location_id),
            note=note,
            set="set",
        )
