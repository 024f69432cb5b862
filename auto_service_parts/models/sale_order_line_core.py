from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Deposits for old parts: billed with the part, given back for the old one."""

    _inherit = "sale.order.line"

    core_of_line_id = fields.Many2one(
        "sale.order.line",
        string="Deposit for",
        index="btree_not_null",
        copy=False,
        ondelete="cascade",
        help="Part whose old one the deposit is for.",
    )
    core_line_ids = fields.One2many(
        "sale.order.line",
        "core_of_line_id",
        string="Core deposits",
        help="Deposit for the old part.",
    )
    is_core_returned = fields.Boolean(
        string="Old part came back",
        readonly=True,
        copy=False,
        help="The customer gave the old part back: the deposit is not billed, or it is "
        "refunded.",
    )
    can_be_core_returned = fields.Boolean(
        compute="_compute_can_be_core_returned",
        string="Waits for the old part",
        help="The deposit is approved and the old part did not come back yet.",
    )

    @api.depends("core_of_line_id", "is_core_returned", "state")
    def _compute_can_be_core_returned(self):
        for line in self:
            line.can_be_core_returned = (
                bool(line.core_of_line_id)
                and line.state == "sale"
                and not line.is_core_returned
            )

    def write(self, vals):
        res = super().write(vals)
        if "product_uom_qty" in vals and "declined_qty" not in vals:
            self._follow_quantity_of_part()
        return res

    def unlink(self):
        """A deposit goes with its part."""
        return super(SaleOrderLine, self | self.core_line_ids).unlink()

    def _follow_quantity_of_part(self):
        """As many deposits as parts."""
        for line in self.core_line_ids:
            quantity = line.core_of_line_id.product_uom_qty
            if line.product_uom_id.compare(line.product_uom_qty, quantity):
                line.product_uom_qty = quantity

    def action_core_returned(self):
        """The old part came back: the deposit is not billed, or it is refunded."""
        lines = self.filtered("can_be_core_returned")
        lines.check_access("write")
        lines.write({"qty_delivered": 0.0, "is_core_returned": True})
        for line in lines:
            # Parts people take old parts back; the chatter of jobs is the advisors'.
            line.job_id.sudo()._message_log(
                body=self.env._("%(line)s: the old part came back.", line=line.name),
                author_id=self.env.user.partner_id.id,
            )

    def _get_snapshot(self):
        """The part of a deposit stays known when the customer puts the job off."""
        return {**super()._get_snapshot(), "core_of_line_id": self.core_of_line_id.id}
