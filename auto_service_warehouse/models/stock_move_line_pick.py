from odoo import Command, fields, models


class StockMoveLine(models.Model):
    """Reserved pieces that are put aside for a job.

    A picked piece is moved into the box of its job at once and is reserved there: what
    the system says of a bin is what lies in it, before and after picking.
    """

    _inherit = "stock.move.line"

    auto_service_picked_qty = fields.Float(
        string="Picked pieces",
        digits="Product Unit",
        copy=False,
        help="How many lie in the box of the job, in the unit of the product.",
    )
    auto_service_picked_at = fields.Datetime(
        string="Picked at", copy=False, help="When it was put into the box."
    )
    auto_service_picked_by_id = fields.Many2one(
        "res.users", string="Picked by", copy=False, help="Who put it into the box."
    )

    def _is_boxed(self):
        """Whether the pieces lie in the box of their job."""
        self.ensure_one()
        return bool(self.auto_service_picked_at)

    def _separate(self, quantity):
        """Reservation of just ``quantity``; a bigger one becomes two.

        :param float quantity: in the unit of the product
        :return: stock.move.line record
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        rest = self.quantity_product_uom - quantity
        if unit.compare(rest, 0.0) <= 0:
            return self
        # The unit of the product divides where a dozen would not.
        self.write({"product_uom_id": unit.id, "quantity": quantity})
        self.copy(
            {
                "product_uom_id": unit.id,
                "quantity": rest,
                "auto_service_picked_qty": rest if self._is_boxed() else 0.0,
                "auto_service_picked_at": self.auto_service_picked_at,
                "auto_service_picked_by_id": self.auto_service_picked_by_id.id,
            }
        )
        if self._is_boxed():
            self.auto_service_picked_qty = quantity
        return self

    def _carry_to(self, place, origin):
        """Move the reserved pieces to another place, where they stay reserved.

        :param place: stock.location record
        :param str origin: document that it is done for
        :return: stock.move.line records that reserve the pieces there
        """
        moves = self.move_id
        pieces = [line._get_pieces() for line in self]
        self.unlink()
        self._carry_pieces(pieces, place, origin)
        for piece in pieces:
            piece["move"]._update_reserved_quantity(
                piece["quantity"],
                place,
                lot_id=piece["lot"],
                owner_id=piece["owner"],
                strict=True,
            )
        moves.invalidate_recordset(["move_line_ids"])
        moves._recompute_state()
        return moves.move_line_ids.filtered(lambda line: line.location_id == place)

    def _get_pieces(self):
        """What the reservation is of, for the time when it is given up."""
        self.ensure_one()
        return {
            "move": self.move_id,
            "product": self.product_id,
            "quantity": self.quantity_product_uom,
            "lot": self.lot_id,
            "package": self.package_id,
            "owner": self.owner_id,
            "place": self.location_id,
        }

    def _carry_pieces(self, pieces, place, origin):
        """Move pieces that nobody has reserved any more from place to place."""
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": piece["product"].id,
                    "product_uom": piece["product"].uom_id.id,
                    "product_uom_qty": piece["quantity"],
                    "location_id": piece["place"].id,
                    "location_dest_id": place.id,
                    "company_id": piece["move"].company_id.id,
                    "origin": origin,
                    "state": "confirmed",
                    "picked": True,
                    "move_line_ids": [
                        Command.create(self._prepare_carried_values(piece, place))
                    ],
                }
                for piece in pieces
            ]
        )
        return moves._action_done()

    def _prepare_carried_values(self, piece, place):
        """Values of the stock.move.line that takes ``piece`` to ``place``."""
        return {
            "product_id": piece["product"].id,
            "product_uom_id": piece["product"].uom_id.id,
            "quantity": piece["quantity"],
            "location_id": piece["place"].id,
            "location_dest_id": place.id,
            "company_id": piece["move"].company_id.id,
            "lot_id": piece["lot"].id,
            "package_id": piece["package"].id,
            "owner_id": piece["owner"].id,
        }

    # Picking -------------------------------------------------------------------

    def _take(self, quantity=None):
        """Reservations of ``quantity`` pieces together, in the given order.

        :param float quantity: in the unit of the product; all of them if omitted
        :return: stock.move.line records; less when less is reserved
        """
        if quantity is None:
            return self
        taken = self.browse()
        for row in self:
            if row.product_id.uom_id.compare(quantity, 0.0) <= 0:
                break
            taken |= row._separate(quantity)
            quantity -= row.quantity_product_uom
        return taken

    def _swap_lot(self, lot=None):
        """Reserve the lot that somebody holds in his hands instead of another one.

        :param lot: stock.lot record, or None
        :return: stock.move.line records of that lot first
        """
        if not lot:
            return self
        fitting = self.filtered(lambda row: row.lot_id == lot)
        if not fitting and self[:1]._is_lot_free(lot):
            fitting = self[0]._separate(1.0)
            fitting.write({"lot_id": lot.id, "location_id": self._get_place_of(lot).id})
        return fitting

    def _is_lot_free(self, lot):
        """Whether a piece of the lot lies where the move takes from, free."""
        return bool(self and self._get_place_of(lot))

    def _get_place_of(self, lot):
        """Place below that of the move where a free piece of the lot lies.

        :return: stock.location record
        """
        move = self.move_id[:1]
        quants = self.env["stock.quant"]._gather(
            move.product_id, move.location_id, lot_id=lot
        )
        return quants.filtered(
            lambda quant: quant.lot_id == lot and quant.available_quantity > 0
        )[:1].location_id

    def _prepare_pick_rows(self):
        """Values of auto.service.part.issue for pieces that are put aside now."""
        return [
            {
                **row.move_id.sale_line_id._prepare_issue_values(
                    "pick", row.quantity_product_uom
                ),
                "lot_id": row.lot_id.id,
                "location_id": row.location_id.id,
                "move_id": row.move_id.id,
            }
            for row in self
        ]

    def _put_aside(self):
        """Bring the pieces to the box of their visit, or through the first step."""
        last = self.filtered(lambda row: row.move_id._is_last_step())
        for move, rows in (self - last).grouped("move_id").items():
            move._split_for(rows)._issue_to_job()
        for order, rows in last.grouped(
            lambda row: row.move_id.sale_line_id.work_order_id
        ).items():
            warehouse = rows.move_id.sale_line_id.warehouse_id[:1]
            box = order._get_box(warehouse)
            rows._carry_to(box, order.name)._set_picked()

    def _set_picked(self, picked=True):
        """Note who put the pieces aside, or that they are back on the shelf."""
        now = fields.Datetime.now()
        for row in self:
            row.write(
                {
                    "auto_service_picked_qty": (
                        row.quantity_product_uom if picked else 0.0
                    ),
                    "auto_service_picked_at": picked and now,
                    "auto_service_picked_by_id": picked and self.env.uid,
                }
            )

    def _get_shelf(self):
        """Bin that picked pieces came from.

        :return: stock.location record
        """
        self.ensure_one()
        line = self.move_id.sale_line_id
        pick = self.env["auto.service.part.issue"].search(
            [
                ("line_id", "=", line.id),
                ("kind", "=", "pick"),
                ("location_id", "!=", False),
            ],
            limit=1,
        )
        place = pick.location_id.filtered("active")
        return place or line.warehouse_id.lot_stock_id
