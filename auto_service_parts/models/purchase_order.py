from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supplier_order_ids = fields.One2many(
        "auto.service.supplier.order",
        "purchase_id",
        string="Placed at the supplier",
        help="When and how the order was handed to the supplier's system.",
    )
