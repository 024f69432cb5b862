from odoo import api, models
from odoo.exceptions import UserError

MAX_WAITING = 60


class AutoServiceScan(models.AbstractModel):
    """Move and put away: bin, parts, bin; one internal transfer of the host."""

    _inherit = "auto.service.scan"

    def _start_move(self, params):
        return {"from": params.get("location_id") or False, "lines": []}

    def _start_putaway(self, params):
        place = self._get_arrival_place()
        return {"from": params.get("location_id") or place.id, "lines": []}

    @api.model
    def _get_warehouse(self):
        """Warehouse of the user, else the first of the company."""
        user = self.env.user.with_company(self.env.company)
        own = user.property_warehouse_id
        return own or self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _get_arrival_place(self):
        """Where parts stand that were received and not put away."""
        warehouse = self._get_warehouse()
        if warehouse.reception_steps == "one_step":
            return warehouse.lot_stock_id
        return warehouse.wh_input_stock_loc_id

    # ------------------------------------------------------------------
    # Scans
    # ------------------------------------------------------------------

    def _take_putaway(self, state, found):
        return self._take_move(state, found)

    def _take_move(self, state, found):
        if found.kind == "location":
            return self._take_move_bin(state, found.record)
        if not state["from"]:
            raise UserError(self.env._("Scan the bin first that the parts are in."))
        return self._take_move_part(state, found)

    def _take_move_bin(self, state, location):
        """The first bin is where from, the next one where to."""
        if location.usage not in ("internal", "transit"):
            raise UserError(
                self.env._("%(bin)s is no bin.", bin=location.complete_name)
            )
        before = dict(state)
        if not state["lines"]:
            state["from"] = location.id
            message = self.env._("From %(bin)s", bin=self._name_place(location))
            return self._said(state, message, undo=self._back(before))
        if location.id == state["from"]:
            raise UserError(self.env._("The parts are in this bin. Scan another one."))
        return self._bring(state, location)

    def _take_move_part(self, state, found):
        product, before = found.record, dict(state)
        lot = self._get_lot(product, found.lot_name)
        rows = [dict(row) for row in state["lines"]]
        row = next((r for r in rows if self._is_row(r, product, lot)), None)
        if row is None:
            row = {"product": product.id, "lot": lot.id, "quantity": 0.0}
            rows.append(row)
        row["quantity"] += found.quantity
        self._check_in_bin(self._get_bin(state, "from"), product, lot, row["quantity"])
        rows.sort(key=lambda r: r is not row)
        state["lines"] = rows
        message = self.env._(
            "%(part)s: %(count)s",
            part=self._name_part(product),
            count=self._format_pieces(product, row["quantity"]),
        )
        return self._said(state, message, undo=self._back(before))

    @api.model
    def _is_row(self, row, product, lot):
        return row["product"] == product.id and (row["lot"] or False) == lot.id

    @api.model
    def _get_here(self, location, product, lot):
        """Pieces that are in just this bin, free or not, in the unit of the part."""
        domain = [("product_id", "=", product.id), ("location_id", "=", location.id)]
        if lot:
            domain.append(("lot_id", "=", lot.id))
        [(here,)] = self.env["stock.quant"]._read_group(
            domain, aggregates=["quantity:sum"]
        )
        return here or 0.0

    def _check_in_bin(self, location, product, lot, quantity):
        here = self._get_here(location, product, lot)
        if product.is_storable and product.uom_id.compare(here, quantity) < 0:
            raise UserError(
                self.env._(
                    "Only %(count)s of %(part)s in %(bin)s. Count the bin if there are "
                    "more.",
                    count=self._format_pieces(product, here),
                    part=self._name_part(product),
                    bin=self._name_place(location),
                )
            )

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------

    def _bring(self, state, location):
        """Everything that was scanned goes to a bin."""
        source, before = self._get_bin(state, "from"), dict(state)
        rows = state["lines"]
        self._move_stock(rows, source, location)
        message = self.env._(
            "%(count)s → %(bin)s",
            count=self._count_lines(state["lines"]),
            bin=self._name_place(location),
        )
        undo = self._back(
            before, "bring", rows=rows, source_id=source.id, location_id=location.id
        )
        state.update(lines=[])
        return self._said(state, message, undo=undo)

    @api.model
    def _count_lines(self, rows):
        pieces = f"{sum(row['quantity'] for row in rows):.10g}"
        return self.env._("%(pieces)s pieces", pieces=pieces)

    @api.model
    def _move_stock(self, rows, source, location):
        """One internal transfer, done at once.

        A transfer of the host that waits for just this is finished instead, as in a
        reception of two steps. Pieces that jobs have reserved keep their jobs: they are
        reserved again where they lie now.

        :param rows: list of dicts with product, lot and quantity in the part's unit
        :param source: stock.location record
        :param location: stock.location record
        :return: stock.picking record of ours, empty when none was needed
        """
        rows = self._finish_waiting(rows, source, location)
        if not rows:
            return self.env["stock.picking"]
        promised = self._release(rows, source, location)
        picking = self.env["stock.picking"].create(
            self._prepare_transfer_values(rows, source, location)
        )
        picking.action_confirm()
        for move, row in zip(picking.move_ids, rows, strict=True):
            self._fill_move(move, row)
        self._validate(picking)
        self._promise_again(promised)
        return picking

    @api.model
    def _finish_waiting(self, rows, source, location):
        """Finish transfers of the host that wait to bring parts there.

        :return: list of dicts as ``rows``, what no transfer waits for
        """
        moves, left = self.env["stock.move"], []
        for row in rows:
            lines = self._get_waiting_lines(row, source, location)
            taken = lines._take(row["quantity"])
            taken.location_dest_id = location
            for move, its in taken.grouped("move_id").items():
                moves |= move._split_for(its)
            rest = row["quantity"] - sum(taken.mapped("quantity_product_uom"))
            if not taken or taken.product_id.uom_id.compare(rest, 0.0) > 0:
                left.append({**row, "quantity": rest})
        if moves:
            moves._issue_to_job()
        return left

    @api.model
    def _get_waiting_lines(self, row, source, location):
        """Reserved lines of internal transfers from a place to a place above a bin.

        :return: stock.move.line records
        """
        lines = self.env["stock.move.line"].search(
            [
                ("location_id", "=", source.id),
                ("product_id", "=", row["product"]),
                ("lot_id", "=", row["lot"] or False),
                ("quantity", ">", 0.0),
                ("picked", "=", False),
                ("state", "in", ["assigned", "partially_available"]),
                ("picking_id.picking_type_id.code", "=", "internal"),
                ("move_id.location_dest_id.usage", "=", "internal"),
            ],
            order="id",
        )
        return lines.filtered(
            lambda line: location.parent_path.startswith(
                line.move_id.location_dest_id.parent_path
            )
        )

    def _prepare_transfer_values(self, rows, source, location):
        """Values of the host's internal transfer."""
        warehouse = source.warehouse_id or self._get_warehouse()
        places = {"location_id": source.id, "location_dest_id": location.id}
        parts = self.env["product.product"].browse([row["product"] for row in rows])
        return {
            "picking_type_id": warehouse.int_type_id.id,
            "origin": self.env._("Scanner"),
            **places,
            "move_ids": [
                (0, 0, self._prepare_transfer_move_values(part, row, places))
                for part, row in zip(parts, rows, strict=True)
            ],
        }

    def _prepare_transfer_move_values(self, part, row, places):
        return {
            "product_id": part.id,
            "product_uom": part.uom_id.id,
            "product_uom_qty": row["quantity"],
            **places,
        }

    def _fill_move(self, move, row):
        """Reserve just what was scanned, in just this bin, and mark it as moved."""
        if row["lot"]:
            move._do_unreserve()
            move.move_line_ids = [
                (0, 0, {**move._prepare_move_line_vals(), **self._lot_line(move, row)})
            ]
        elif not move.product_id.uom_id.compare(move.quantity, row["quantity"]) == 0:
            move._action_assign()
        if move.product_uom.compare(move.quantity, row["quantity"]) < 0:
            self._refuse_reserved(move, row)
        move.move_line_ids.location_dest_id = move.location_dest_id
        move.picked = True

    @api.model
    def _lot_line(self, move, row):
        return {
            "lot_id": row["lot"],
            "quantity": row["quantity"],
            "location_id": move.location_id.id,
        }

    def _refuse_reserved(self, move, row):
        raise UserError(
            self.env._(
                "Only %(free)s of %(part)s in %(bin)s can be moved; the rest is being "
                "delivered.",
                free=self._format_pieces(move.product_id, move.quantity),
                part=self._name_part(move.product_id),
                bin=self._name_place(move.location_id),
            )
        )

    @api.model
    def _release(self, rows, source, location):
        """Let go of reservations in a bin, as far as the pieces are needed.

        Only those that can be reserved in the new bin as well.

        :return: stock.move records that are to be reserved again
        """
        lines = self.env["stock.move.line"].search(
            [
                ("location_id", "=", source.id),
                ("product_id", "in", [row["product"] for row in rows]),
                ("quantity", ">", 0.0),
                ("picked", "=", False),
                ("state", "in", ["assigned", "partially_available"]),
            ],
            order="id desc",
        )
        moves = lines.move_id.filtered(
            lambda move: location.parent_path.startswith(move.location_id.parent_path)
        )
        short = moves.filtered(lambda move: self._is_short(move, rows, source))
        before = [(move, move.quantity) for move in short]
        short._do_unreserve()
        return before

    def _is_short(self, move, rows, source):
        """Whether pieces of the move have to be let go of."""
        row = next(r for r in rows if r["product"] == move.product_id.id)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", row["product"]),
                ("location_id", "=", source.id),
                ("lot_id", "=", row["lot"] or False),
            ]
        )
        free = sum(quant.quantity - quant.reserved_quantity for quant in quants)
        return move.product_id.uom_id.compare(free, row["quantity"]) < 0

    @api.model
    def _promise_again(self, promised):
        """Reserve anew what was let go of; nobody may lose his part by it."""
        moves = self.env["stock.move"].union(*(move for move, _quantity in promised))
        moves._action_assign()
        for move, quantity in promised:
            if move.product_uom.compare(move.quantity, quantity) < 0:
                raise UserError(
                    self.env._(
                        "%(part)s is reserved for %(name)s and cannot go there.",
                        part=self._name_part(move.product_id),
                        name=move.picking_id.origin or move.picking_id.name,
                    )
                )

    def _undo_move_bring(self, rows, source_id, location_id):
        """The same pieces go back to where they were."""
        places = self.env["stock.location"]
        source, location = places.browse(source_id), places.browse(location_id)
        self._move_stock(rows, location, source)

    def _undo_putaway_bring(self, rows, source_id, location_id):
        self._undo_move_bring(rows, source_id, location_id)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _act_move_set(self, state, args):
        """A typed quantity of a row; 0 takes it off."""
        index, quantity = int(args["key"]), float(args["quantity"])
        rows = [dict(row) for row in state["lines"]]
        before, row = dict(state), rows[index]
        product = self.env["product.product"].browse(row["product"])
        lot = self.env["stock.lot"].browse(row["lot"] or [])
        self._check_in_bin(self._get_bin(state, "from"), product, lot, quantity)
        row["quantity"] = quantity
        state["lines"] = [row for row in rows if row["quantity"] > 0]
        return self._said(state, self._count_lines(rows), undo=self._back(before))

    def _act_putaway_set(self, state, args):
        return self._act_move_set(state, args)

    def _act_move_from(self, state, _args):
        """Begin with another bin."""
        return self._said(self._start_move({}), self.env._("Scan a bin."), tone="info")

    def _act_putaway_from(self, state, args):
        return self._act_move_from(state, args)

    def _act_putaway_bring(self, state, args):
        """The proposed bin is right."""
        found = self._get_found("location", args["location"])
        return self._bring(state, found.record)

    # ------------------------------------------------------------------
    # Screen
    # ------------------------------------------------------------------

    def _screen_move(self, state):
        source = self._get_bin(state, "from")
        if not source:
            prompt = self.env._("Scan the bin that the parts are in.")
            return {"prompt": prompt, "icon": "fa-th"}
        lines = [
            self._get_move_row(index, row) for index, row in enumerate(state["lines"])
        ]
        prompt = (
            self.env._("Scan more parts, or the bin that they go to.")
            if lines
            else self.env._("Scan a part.")
        )
        chip = self._chip("fa-th", self._name_place(source), "from")
        return {"prompt": prompt, "chips": [chip], "lines": lines}

    def _get_move_row(self, index, row):
        product = self.env["product.product"].browse(row["product"])
        lot = self.env["stock.lot"].browse(row["lot"] or [])
        return self._line(
            index, product, row["quantity"], note=lot.name or "", set="set"
        )

    def _screen_putaway(self, state):
        screen = self._screen_move(state)
        if not state["from"]:
            return screen
        if state["lines"]:
            place = self._propose_bin(state)
            if place:
                screen["prompt"] = self.env._("Scan its bin.")
                label = self.env._("Put in %(bin)s", bin=self._name_place(place))
                screen["buttons"] = [
                    self._button(
                        "bring", label, "success", "fa-check", location=place.id
                    )
                ]
        else:
            screen["prompt"] = self.env._("Scan a part to put away.")
            screen["choices"] = self._get_waiting_parts(self._get_bin(state, "from"))
            screen["empty"] = self.env._("Nothing waits here.")
        return screen

    def _propose_bin(self, state):
        """Bin by the host's put-away rules, else where the part lies already."""
        row = state["lines"][0]
        product = self.env["product.product"].browse(row["product"])
        source = self._get_bin(state, "from")
        stock = (source.warehouse_id or self._get_warehouse()).lot_stock_id
        place = stock._get_putaway_strategy(product, row["quantity"])
        if place in (stock, source):
            place = self._get_home(product, stock, source)
        return place

    @api.model
    def _get_home(self, product, stock, source):
        """Bin where most of a part lies."""
        rows = self.env["stock.quant"]._read_group(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", stock.id),
                ("location_id", "not in", (stock + source).ids),
                ("quantity", ">", 0.0),
            ],
            ["location_id"],
            order="quantity:sum desc",
            limit=1,
        )
        return rows[0][0] if rows else self.env["stock.location"]

    def _get_waiting_parts(self, place):
        """Parts that stand where deliveries arrive."""
        rows = self.env["stock.quant"]._read_group(
            [("location_id", "=", place.id), ("quantity", ">", 0.0)],
            ["product_id"],
            ["quantity:sum"],
            limit=MAX_WAITING,
        )
        return [
            {
                "action": "choose",
                "args": {"kind": "product", "id": product.id},
                "label": self._name_part(product),
                "note": product.default_code or "",
                "count": product.uom_id.round(quantity),
            }
            for product, quantity in rows
        ]
