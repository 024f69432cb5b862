from odoo import fields, models

from .auto_service_supplier_status import PART_STATES


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    parts_offer_id = fields.Many2one(
        "auto.service.parts.offer",
        string="Offer",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Offer of a supplier or of the own stock that the line was made of.",
    )
    part_state = fields.Selection(
        PART_STATES,
        copy=False,
        index="btree_not_null",
        help="Where the part is: needed, ordered, on the way, here.",
    )
    part_eta = fields.Datetime(
        string="Part expected", copy=False, help="When the part will be here."
    )
    part_note = fields.Char(
        copy=False, help="What the supplier says about the part, in one sentence."
    )
