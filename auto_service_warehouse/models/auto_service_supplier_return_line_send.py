from odoo import Command, models
from odoo.exceptions import UserError


class AutoServiceSupplierReturnLine(models.Model):
    """How a line leaves the stock."""

    _inherit = "auto.service.supplier.return.line"

    def _ensure_returnable(self):
        """Say what is missing before anything is moved."""
        for line in self.filtered(lambda line: not line.core_id):
            if not line.location_id:
                raise UserError(
                    line.env._(
                        "Choose the bin that %(part)s lies in.",
                        part=line.product_id.display_name,
                    )
                )
            if line.tracking != "none" and not line.lot_id:
                raise UserError(
                    line.env._(
                        "Choose the lot or serial number of %(part)s.",
                        part=line.product_id.display_name,
                    )
                )

    def _get_warehouse(self):
        """Warehouse whose transfer takes the line out."""
        self.ensure_one()
        return (
            self.location_id.warehouse_id
            or self.purchase_line_id.order_id.picking_type_id.warehouse_id
            or self._get_main_location().warehouse_id
        )

    def _get_receipts(self):
        """Moves that brought the parts of the lines, the latest of each."""
        receipts = self.env["stock.move"]
        for line in self:
            if line.purchase_line_id:
                receipts |= line.purchase_line_id._get_receipt_moves()[-1:]
        return receipts

    def _prepare_move_values(self, picking):
        """Values of the move to the supplier; the host lowers what was received."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.uom_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "warehouse_id": picking.picking_type_id.warehouse_id.id,
            "partner_id": picking.partner_id.id,
            "company_id": self.company_id.id,
            "origin": picking.origin,
            "procure_method": "make_to_stock",
            "origin_returned_move_id": self._get_receipts().id,
            "purchase_line_id": self.purchase_line_id.id,
            "to_refund": bool(self.purchase_line_id),
            "supplier_return_line_id": self.id,
        }

    def _reserve(self):
        """Take the pieces for the return, or say who has them.

        :raise UserError: when a line cannot be reserved in full
        """
        with_lot = self.filtered("lot_id")
        (self - with_lot).move_ids._action_assign()
        for line in with_lot:
            line.move_ids._do_unreserve()
            line.move_ids._update_reserved_quantity(
                line.quantity, line.location_id, lot_id=line.lot_id, strict=False
            )
            line.move_ids._recompute_state()
        short = self.filtered(
            lambda line: any(move.state != "assigned" for move in line.move_ids)
        )
        if short:
            raise UserError("\n".join(line._get_short_sentence() for line in short))

    def _get_short_sentence(self):
        """What is free of the part, and who has the rest."""
        self.ensure_one()
        # parts people may not read every document that holds a part
        blockers = (
            self.env["stock.move.line"]
            .sudo()
            .search(self.return_id._get_blockers_domain(self), limit=20)
        )
        holders = sorted({row._get_holder_name() for row in blockers} - {False, ""})
        values = {
            "part": self.product_id.display_name,
            "free": f"{sum(self.move_ids.mapped('quantity')):.10g}",
            "place": self.location_id.display_name,
        }
        if not holders:
            return self.env._(
                "Only %(free)s of %(part)s are in %(place)s. Choose another bin, or "
                "send back fewer.",
                **values,
            )
        return self.env._(
            "Only %(free)s of %(part)s are free in %(place)s; the rest is reserved for "
            "%(holders)s. Release it there, or send back fewer.",
            holders=", ".join(holders),
            **values,
        )

    def _prepare_credit_line_values(self):
        """Values of the line of the supplier's credit note."""
        self.ensure_one()
        bought = self.purchase_line_id
        values = {
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "quantity": self.quantity_sent,
            "price_unit": self.price_unit,
        }
        if bought and not self.core_id:
            values["purchase_line_id"] = bought.id
            values["tax_ids"] = [Command.set(bought.tax_ids.ids)]
        if self.core_id:
            values["name"] = self.env._(
                "Core deposit, %(part)s", part=self.product_id.display_name
            )
        return values

    def _settle_cores(self):
        """Old parts that are gone are settled; what for is on the return."""
        for line in self.filtered("core_id"):
            line.core_id._settle(line.quantity, "old_part", return_line=line)
