from odoo import fields, models


class AutoServiceReason(models.Model):
    _name = "auto.service.reason"
    _description = "Reason of the Garage"
    _order = "sequence, name"

    name = fields.Char(
        required=True, translate=True, help="What a colleague reads: short and plain."
    )
    kind = fields.Selection(
        [("waiting", "Why a vehicle waits"), ("cancel", "Why work is cancelled")],
        required=True,
        default="waiting",
        help="Where the reason is offered: while a vehicle waits, or on cancelling.",
    )
    sequence = fields.Integer(default=10, help="Place of the reason in the list.")
    active = fields.Boolean(
        default=True, help="An archived reason stays in history but is not offered."
    )

    _name_uniq = models.Constraint(
        "UNIQUE(kind, name)", "This reason exists already; use the one in the list."
    )
