from odoo import models


class StockMove(models.Model):
    """Deposits for old parts follow the new ones."""

    _inherit = "stock.move"

    def _follow_cores(self):
        """Rows of deposits for done moves: receipts, issues, and what came back."""
        # whoever moves goods may have no rights on deposits and documents
        for move in self.sudo():
            if move.state == "done" and (move.sale_line_id or move.purchase_line_id):
                move._follow_core()

    def _follow_core(self):
        self.ensure_one()
        source, target = self.location_id.usage, self.location_dest_id.usage
        if self.purchase_line_id and source == "supplier":
            self._open_core("given", self.purchase_line_id._get_core_price())
        elif self.purchase_line_id and target == "supplier":
            self._close_cores([("purchase_line_id", "=", self.purchase_line_id.id)])
        elif self.sale_line_id and target == "customer":
            self._open_core("taken", self.sale_line_id._get_core_price())
        elif self.sale_line_id and source == "customer":
            self._close_cores([("sale_line_id", "=", self.sale_line_id.id)])

    def _get_quantity_done(self):
        """What was moved, in the unit of the product."""
        self.ensure_one()
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _open_core(self, direction, price):
        """An old part is owed from now on.

        :param float price: deposit for one, in the currency of the company
        :return: auto.service.core record, empty when there is no deposit
        """
        self.ensure_one()
        cores = self.env["auto.service.core"]
        quantity = self._get_quantity_done()
        if not price or self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return cores
        return cores.create(self._prepare_core_values(direction, price))

    def _prepare_core_values(self, direction, price):
        """Values of the deposit of a done move; extend in your addon."""
        self.ensure_one()
        if direction == "given":
            partner = self.purchase_line_id.order_id.partner_id
        else:
            partner = self.sale_line_id.order_id.partner_invoice_id
        return {
            "direction": direction,
            "partner_id": partner.id,
            "product_id": self.product_id.id,
            "quantity": self._get_quantity_done(),
            "amount_unit": price,
            "currency_id": self.company_id.currency_id.id,
            "company_id": self.company_id.id,
            "sale_line_id": self.sale_line_id.id if direction == "taken" else False,
            "purchase_line_id": (
                self.purchase_line_id.id if direction == "given" else False
            ),
        }

    def _close_cores(self, domain):
        """The new part came back: its old one is not owed any more."""
        self.ensure_one()
        quantity = self._get_quantity_done()
        cores = self.env["auto.service.core"].search(
            [*domain, ("state", "=", "open")], order="id desc"
        )
        for core in cores:
            share = min(quantity, core.quantity_open)
            if core.product_id.uom_id.compare(share, 0.0) > 0:
                core._settle(share, "new_part")
                quantity -= share
