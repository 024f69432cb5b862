from odoo import fields, models

from .auto_service_supplier_status import PART_STATES


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    parts_offer_id = fields.Many2one(
        "auto.service.parts.offer",
        string="Offer",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Offer that is ordered.",
    )
    part_state = fields.Selection(
        PART_STATES, copy=False, help="Where the supplier says that the part is."
    )
    supplier_position = fields.Char(
        copy=False,
        index="btree_not_null",
        help="Number of the position in the supplier's system.",
    )
    supplier_status = fields.Char(
        copy=False, help="Status of the position in the supplier's words."
    )
