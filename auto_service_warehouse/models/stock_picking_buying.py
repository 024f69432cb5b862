from odoo import fields, models


class StockPicking(models.Model):
    """Transfers of returns to suppliers."""

    _inherit = "stock.picking"

    supplier_return_id = fields.Many2one(
        "auto.service.supplier.return",
        string="Supplier return",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Return to a supplier that the transfer is of.",
    )

    def _action_done(self):
        res = super()._action_done()
        # whoever moves goods may have no rights on returns
        self._get_supplier_returns().sudo()._follow_pickings()
        return res

    def action_cancel(self):
        res = super().action_cancel()
        # as above
        self._get_supplier_returns().sudo()._follow_pickings()
        return res

    def _get_supplier_returns(self):
        """Returns whose parts these transfers move, on either way."""
        own = self.supplier_return_id
        # What the supplier did not take comes back by a return of the transfer.
        return own | self.move_ids.origin_returned_move_id.picking_id.supplier_return_id

    def _validate_supplier_return(self):
        """Validate without the questions of a delivery to a customer."""
        if not self:
            return True
        return self.with_context(skip_sms=True, skip_backorder=True).button_validate()

    def _send_confirmation_email(self):
        """A supplier gets no mail that his delivery is on its way."""
        others = self.filtered(lambda picking: not picking.supplier_return_id)
        return super(StockPicking, others)._send_confirmation_email()
