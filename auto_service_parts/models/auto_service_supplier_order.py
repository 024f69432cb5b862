from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.supplier_client import OrderLine

#: The supplier may look orders up late: before that, "not there" means nothing.
GRACE = timedelta(minutes=15)


class AutoServiceSupplierOrder(models.Model):
    """One order that is placed at a supplier's system: at most once, never lost.

    Before anything goes over the net the state "being placed" is committed. Whoever
    dies after that leaves an order that is looked up at the supplier by our number,
    never one that is sent again blindly.
    """

    _name = "auto.service.supplier.order"
    _description = "Order Placed at a Supplier's System"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Our number",
        required=True,
        copy=False,
        readonly=True,
        help="Number that the supplier gets from us; the order is found by it again.",
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        required=True,
        index=True,
        ondelete="restrict",
        help="Purchase order that is placed.",
    )
    company_id = fields.Many2one(
        related="purchase_id.company_id", store=True, index=True, help="Company."
    )
    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Account by which it is placed.",
    )
    line_ids = fields.One2many(
        related="purchase_id.order_line",
        string="Positions",
        help="Lines of the purchase order with what the supplier says.",
    )
    state = fields.Selection(
        [
            ("waiting", "To be placed"),
            ("sending", "Being placed"),
            ("placed", "Placed"),
            ("partial", "Placed in part"),
            ("refused", "Refused"),
            ("unknown", "Not known"),
            ("cancelled", "Given up"),
        ],
        default="waiting",
        required=True,
        index=True,
        readonly=True,
        copy=False,
        help="What became of the order. Not known: the supplier did not answer; look "
        "it up before it is placed again.",
    )
    sent_at = fields.Datetime(
        readonly=True, copy=False, help="When it was handed to the supplier."
    )
    message = fields.Char(
        readonly=True, copy=False, help="What the supplier said, in one sentence."
    )
    supplier_numbers = fields.Char(
        string="Supplier's numbers",
        readonly=True,
        copy=False,
        help="Numbers of the order at the supplier.",
    )
    attempt_count = fields.Integer(
        string="Attempts",
        readonly=True,
        copy=False,
        help="How often it was handed over.",
    )
    check_count = fields.Integer(
        readonly=True, copy=False, help="How often the supplier was asked about it."
    )
    next_check_at = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the supplier is tried or asked about it next.",
    )
    is_maybe_placed = fields.Boolean(
        readonly=True,
        copy=False,
        help="An attempt went out whose end nobody knows: the order is looked up "
        "before it is placed again.",
    )
    is_absent = fields.Boolean(
        string="Supplier does not have it",
        readonly=True,
        copy=False,
        help="The supplier was asked late enough, and does not have the order.",
    )
    can_be_placed_again = fields.Boolean(
        compute="_compute_can_be", help="It surely is not at the supplier."
    )
    can_be_looked_up = fields.Boolean(
        compute="_compute_can_be", help="The supplier can be asked about it now."
    )

    _name_uniq = models.UniqueIndex(
        "(account_id, name)", "An order of this number was placed already."
    )
    _purchase_uniq = models.UniqueIndex(
        "(purchase_id) WHERE state NOT IN ('refused', 'cancelled')",
        "This purchase order was handed to the supplier already.",
    )

    @api.depends("state", "is_absent")
    def _compute_can_be(self):
        for order in self:
            order.can_be_placed_again = order.state == "refused" or (
                order.state == "unknown" and order.is_absent
            )
            order.can_be_looked_up = order.state in ("unknown", "placed", "partial")

    # What goes to the supplier ----------------------------------------------------

    def _get_lines(self):
        """Lines of the purchase order that are placed."""
        self.ensure_one()
        return self.purchase_id.order_line.filtered(
            lambda line: not line.display_type and line.product_qty > 0
        )

    def _get_reference(self, line):
        """Our reference of a position; it stands for this handing over only."""
        return f"{self.name}-{line.id}"

    def _prepare_order_lines(self):
        """Positions as plain data for the client.

        :return: list of OrderLine
        """
        self.ensure_one()
        return [
            self._prepare_order_line(line)
            for line in self._get_lines()
            if line.part_state != "refused"
        ]

    def _prepare_order_line(self, line):
        """One position; extend in your addon."""
        offer, product = line.parts_offer_id, line.product_id
        return OrderLine(
            reference=self._get_reference(line),
            brand=offer.brand_name or product.part_brand_id.name or "",
            number=offer.number or product.part_number or product.default_code or "",
            quantity=line.product_qty,
            order_token=line.order_token or {},
        )

    # Buttons ------------------------------------------------------------------------

    def _ensure_parts_person(self):
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_parts"
        ):
            raise AccessError(
                self.env._("Only parts people and managers do that. Ask one of them.")
            )

    def action_place_again(self):
        """Place an order that surely is not at the supplier once more."""
        self._ensure_parts_person()
        self.check_access("read")
        orders_sudo = self.sudo()  # nobody writes the state by hand
        for order in orders_sudo:
            order._ensure_can_be_placed_again()
            order._get_lines().sale_line_id._lock_for_order()
            order._ensure_lines_still_wanted()
            order._set_waiting()
        orders_sudo._place_after_commit()

    def _ensure_can_be_placed_again(self):
        if self.can_be_placed_again:
            return
        raise UserError(
            self.env._(
                "%(order)s may be at %(supplier)s already. Look it up first.",
                order=self.name,
                supplier=self.account_id.name,
            )
        )

    def _ensure_lines_still_wanted(self):
        """What was ordered elsewhere meanwhile must not be ordered here again."""
        lines = self._get_lines().filtered("sale_line_id")
        taken = lines.filtered(
            lambda line: line.part_state == "refused"
            and line.sale_line_id.product_uom_id.compare(
                line.sale_line_id.qty_to_order, 0.0
            )
            <= 0
        )
        if taken:
            raise UserError(
                self.env._(
                    "Ordered elsewhere meanwhile: %(parts)s. Cancel the purchase order "
                    "%(order)s.",
                    parts=", ".join(taken.mapped("name")),
                    order=self.purchase_id.name,
                )
            )

    def _set_waiting(self):
        """Back to the start; of two people who press the button one does it."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_supplier_order
                   SET state = 'waiting', is_absent = FALSE, next_check_at = NULL,
                       message = NULL
                 WHERE id = %s
                   AND (state = 'refused' OR (state = 'unknown' AND is_absent))
             RETURNING id
                """,
                self.id,
            )
        )
        done = self.env.cr.fetchone()
        self.invalidate_recordset()
        if not done:
            self._ensure_can_be_placed_again()
        self._get_lines().write({"part_state": False, "supplier_note": False})

    def action_confirm_absent(self):
        """Somebody asked the supplier by telephone: it does not have the order."""
        self._ensure_parts_person()
        for order in self.sudo():  # nobody writes the state by hand
            order._ensure_unknown()
            order.write({"is_absent": True, "message": order._get_phone_text()})
            order._post(
                self.env._("The supplier does not have it, says the telephone.")
            )

    def action_confirm_placed(self):
        """Somebody asked the supplier by telephone: it has the order."""
        self._ensure_parts_person()
        for order in self.sudo():  # nobody writes the state by hand
            order._ensure_unknown()
            order.write({"state": "placed", "message": order._get_phone_text()})
            order._get_lines().write({"part_state": "ordered", "supplier_note": False})
            order._post(self.env._("The supplier has it, says the telephone."))

    def _get_phone_text(self):
        return self.env._("As %(user)s was told.", user=self.env.user.name)

    def _ensure_unknown(self):
        if self.state != "unknown":
            raise UserError(
                self.env._("It is known what became of %(order)s.", order=self.name)
            )

    def _give_up(self):
        """The purchase order is cancelled: nothing is placed any more."""
        self.filtered(lambda order: order.state == "waiting").write(
            {"state": "cancelled", "next_check_at": False}
        )

    def _post(self, body):
        """Note on the purchase order: what happened with the order at the supplier."""
        self.ensure_one()
        self.purchase_id.message_post(
            body=self.env._(
                "%(supplier)s: %(text)s", supplier=self.account_id.name, text=body
            )
        )

    def action_view_purchase(self):
        """Open the purchase order.

        :return: act_window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "view_mode": "form",
            "res_id": self.purchase_id.id,
        }
