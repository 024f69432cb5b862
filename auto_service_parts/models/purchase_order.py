from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supplier_account_id = fields.Many2one(
        "auto.service.supplier.account",
        string="Placed by account",
        index="btree_not_null",
        copy=False,
        check_company=True,
        ondelete="restrict",
        help="Account by which the order is handed to the supplier's system when it is "
        "confirmed. Empty: it goes by mail.",
    )
    supplier_order_ids = fields.One2many(
        "auto.service.supplier.order",
        "purchase_id",
        string="Placed at the supplier",
        help="When and how the order was handed to the supplier's system.",
    )
    supplier_order_id = fields.Many2one(
        "auto.service.supplier.order",
        compute="_compute_supplier_order_id",
        string="Order at the supplier",
        help="The latest handing over to the supplier's system.",
    )
    supplier_order_state = fields.Selection(
        selection=lambda self: self.env["auto.service.supplier.order"]
        ._fields["state"]
        ._description_selection(self.env),
        compute="_compute_supplier_order_id",
        string="At the supplier",
        help="What became of the order in the supplier's system.",
    )
    supplier_order_message = fields.Char(
        compute="_compute_supplier_order_id",
        string="Supplier's answer",
        help="What the supplier said, in one sentence.",
    )

    @api.depends("supplier_order_ids.state", "supplier_order_ids.message")
    def _compute_supplier_order_id(self):
        for order in self:
            latest = order.supplier_order_ids.sorted("id")[-1:]
            order.supplier_order_id = latest
            order.supplier_order_state = latest.state
            order.supplier_order_message = latest.message

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        """What went to a supplier's system stays on record."""
        # Buyers of other departments know nothing of orders at suppliers' systems.
        sent = self.sudo().filtered(
            lambda order: any(order.supplier_order_ids.mapped("attempt_count"))
        )
        if sent:
            raise UserError(
                self.env._(
                    "%(orders)s was handed to the supplier. It stays on record.",
                    orders=", ".join(sent.mapped("name")),
                )
            )

    def unlink(self):
        orders_sudo = self.sudo().supplier_order_ids  # see above
        orders_sudo.filtered(lambda order: not order.attempt_count).unlink()
        return super().unlink()

    def button_approve(self, force=False):
        """A confirmed order goes to the supplier's system by itself."""
        res = super().button_approve(force=force)
        self.filtered(lambda order: order.state == "purchase")._hand_over()
        return res

    def button_cancel(self):
        """What the supplier has is cancelled there first; parts are needed again."""
        self._ensure_not_at_supplier()
        lines = self.order_line.sale_line_id
        if not lines:
            return super().button_cancel()
        with lines._telling_part_changes():
            res = super().button_cancel()
        # Buyers do not write what was placed at the supplier.
        self.sudo().supplier_order_ids._give_up()
        return res

    def _activity_cancel_on_sale(self):
        """The advisor is told on the work order; nobody is told twice."""
        others = self.filtered(
            lambda order: not order.order_line.sale_line_id.work_order_id
        )
        return super(PurchaseOrder, others)._activity_cancel_on_sale()

    def _ensure_not_at_supplier(self):
        """Refuse to forget orders that the supplier has, or may have."""
        # Buyers of other departments know nothing of accounts.
        placed = self.sudo().filtered(
            lambda order: order.supplier_order_id.state
            in ("sending", "unknown", "placed", "partial")
            and any(line.part_state != "refused" for line in order.order_line)
        )
        if placed:
            raise UserError(
                self.env._(
                    "%(orders)s is at the supplier, or may be. Cancel it there first: "
                    "button “Cancel at the supplier”.",
                    orders=", ".join(placed.mapped("name")),
                )
            )

    def _hand_over(self):
        """Queue the orders for the suppliers' systems; they are placed after commit."""
        orders_sudo = self.env[
            "auto.service.supplier.order"
        ].sudo()  # written by nobody
        for order in self.sudo().filtered("supplier_account_id"):
            live = order.supplier_order_ids.filtered(
                lambda rec: rec.state not in ("refused", "cancelled")
            )
            if live or not order.supplier_account_id.is_ordering:
                continue
            orders_sudo |= orders_sudo.create(order._prepare_supplier_order_values())
        if orders_sudo:
            orders_sudo._place_after_commit()

    def _prepare_supplier_order_values(self):
        """Values of the order that is placed at the supplier's system.

        Our number is the one of the purchase order; a second handing over of the same
        order gets a number of its own.
        """
        self.ensure_one()
        count = len(self.supplier_order_ids)
        return {
            "name": f"{self.name}/{count + 1}" if count else self.name,
            "purchase_id": self.id,
            "account_id": self.supplier_account_id.id,
        }

    def action_cancel_at_supplier(self):
        """Ask the supplier to cancel what is not here yet.

        :return: act_window action with the answers
        """
        self.ensure_one()
        # Buyers do not write what was placed at the supplier.
        return self.sudo().supplier_order_id.action_cancel_at_supplier()

    def action_view_supplier_order(self):
        """Open the order as it is at the supplier.

        :return: act_window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "auto.service.supplier.order",
            "view_mode": "form",
            "res_id": self.supplier_order_id.id,
        }
