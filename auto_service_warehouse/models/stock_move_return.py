from odoo import models


class StockMove(models.Model):
    """What of a delivery may still come back, and where it goes."""

    _inherit = "stock.move"

    def _get_returnable_quantity(self, lot=None):
        """Pieces that were handed over and did not come back, in the product's unit.

        :param lot: stock.lot record that is asked for
        """
        self.ensure_one()
        rows = self.move_line_ids
        back = self.returned_move_ids.filtered(
            lambda move: move.state == "done" and move.to_refund
        ).move_line_ids
        if lot:
            rows = rows.filtered(lambda row: row.lot_id == lot)
            back = back.filtered(lambda row: row.lot_id == lot)
        quantity = sum(rows.mapped("quantity_product_uom"))
        return quantity - sum(back.mapped("quantity_product_uom"))

    def _get_place_to_return(self, reason):
        """Where pieces of the delivery go when they come back.

        Broken ones wait apart; the others go where they came from, or where the
        put-away of the warehouse sends them.

        :param str reason: key of RETURN_REASONS
        :return: stock.location record
        """
        self.ensure_one()
        warehouse = self.sale_line_id.warehouse_id
        if reason == "defective":
            return warehouse._get_defect_location()
        row = self.move_line_ids[:1]
        boxes = warehouse.sudo().auto_service_box_location_id
        order_box = self.sale_line_id.work_order_id.box_id
        if row.location_id in boxes | order_box:
            return row._get_shelf()
        if self._is_from_shelf() and row.location_id.active:
            return row.location_id
        return warehouse.lot_stock_id._get_putaway_strategy(
            self.product_id, quantity=row.quantity_product_uom
        )

    def _place_return(self, share):
        """Fill in what comes back, and where it is put.

        :param dict share: see ``_return_to_shelf`` of stock.picking
        :return: stock.move record of the return
        """
        origin = share["move"]
        move = self.filtered(lambda row: row.origin_returned_move_id == origin)[:1]
        place = share["place"] or origin._get_place_to_return(share["reason"])
        move.move_line_ids.unlink()
        move.location_dest_id = place
        lots = [(share["lot"], share["quantity"])]
        if not share["lot"] and origin.product_id.tracking != "none":
            lots = origin._get_lots_to_return(share["quantity"])
        self.env["stock.move.line"].create(
            [
                {
                    **move._prepare_move_line_vals(quantity),
                    "location_dest_id": place.id,
                    "lot_id": lot.id,
                }
                for lot, quantity in lots
            ]
        )
        move.picked = True
        return move

    def _get_lots_to_return(self, quantity):
        """Lots of the delivery that make up ``quantity`` pieces.

        :return: list of (stock.lot record, quantity)
        """
        lots = []
        for lot in self.move_line_ids.lot_id:
            taken = min(quantity, self._get_returnable_quantity(lot))
            if taken > 0:
                lots.append((lot, taken))
                quantity -= taken
        return lots
