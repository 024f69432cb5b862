from odoo import fields, models

from .auto_service_core import HOWS


class AutoServiceCoreSettlement(models.Model):
    """How an old part was given back and its deposit paid: written by the system."""

    _name = "auto.service.core.settlement"
    _description = "Settled Old Part"
    _order = "id desc"
    _rec_name = "core_id"

    core_id = fields.Many2one(
        "auto.service.core",
        required=True,
        index=True,
        ondelete="restrict",
        help="Deposit that was paid back.",
    )
    quantity = fields.Float(
        digits="Product Unit", required=True, help="How many old parts."
    )
    how = fields.Selection(
        HOWS,
        required=True,
        help="Old part was given: the deposit is paid back for it. New part came back: "
        "nothing was fitted, so nothing is owed. Given up: the deposit is lost.",
    )
    date = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When it was settled."
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Who settled it.",
    )
    return_line_id = fields.Many2one(
        "auto.service.supplier.return.line",
        string="Sent back on",
        index="btree_not_null",
        ondelete="restrict",
        help="Line of the return that the old part went on.",
    )
    company_id = fields.Many2one(
        related="core_id.company_id", store=True, help="Company of the deposit."
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "More than no old part has to be settled."
    )
