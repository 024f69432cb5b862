from odoo import fields, models

PART_STATES = [
    ("needed", "Needed"),
    ("ordered", "Ordered"),
    ("confirmed", "Confirmed"),
    ("transit", "On the way"),
    ("arrived", "Arrived"),
    ("refused", "Refused"),
]


class AutoServiceSupplierStatus(models.Model):
    """What a status of a supplier's system means for us."""

    _name = "auto.service.supplier.status"
    _description = "Status at a Supplier"
    _order = "account_id, sequence, id"

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        index=True,
        ondelete="cascade",
        help="Account whose status it is.",
    )
    sequence = fields.Integer(default=10, help="Place in lists.")
    code = fields.Char(required=True, help="Number of the status at the supplier.")
    name = fields.Char(required=True, help="Name of the status at the supplier.")
    part_state = fields.Selection(
        PART_STATES,
        help="What it means for the part. Empty: not known yet, nothing changes.",
    )
    is_final = fields.Boolean(
        string="Final", help="The supplier does nothing more with such an order."
    )

    _code_uniq = models.UniqueIndex(
        "(account_id, code)", "The status is in the list already."
    )
