from odoo import fields, models


class AutoServiceSupplierReturn(models.Model):
    """Parts that go back to a supplier, until the credit has come."""

    _name = "auto.service.supplier.return"
    _description = "Return to Supplier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(
        required=True, readonly=True, default="/", copy=False, help="Number."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who takes the parts back.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent back"),
            ("credited", "Credited"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
        help="Sent back: the parts are gone and the credit is awaited.",
    )
    line_ids = fields.One2many(
        "auto.service.supplier.return.line",
        "return_id",
        string="Parts",
        copy=True,
        help="What goes back.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company that sends the parts back.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the credit.",
    )
