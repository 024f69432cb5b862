from odoo import fields, models


class AutoServiceSupplierOrder(models.Model):
    """One order that is placed at a supplier's system: at most once, never lost."""

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
    state = fields.Selection(
        [
            ("waiting", "To be placed"),
            ("sending", "Being placed"),
            ("placed", "Placed"),
            ("partial", "Placed in part"),
            ("refused", "Refused"),
            ("unknown", "Not known"),
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

    _name_uniq = models.UniqueIndex(
        "(account_id, name)", "An order of this number was placed already."
    )
    _purchase_uniq = models.UniqueIndex(
        "(purchase_id) WHERE state != 'refused'",
        "This purchase order was handed to the supplier already.",
    )
