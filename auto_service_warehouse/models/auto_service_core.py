from odoo import fields, models


class AutoServiceCore(models.Model):
    """A deposit for an old part: given by a customer to us, or by us to a supplier."""

    _name = "auto.service.core"
    _description = "Core Deposit"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "product_id"

    direction = fields.Selection(
        [("taken", "Taken from a customer"), ("given", "Given to a supplier")],
        required=True,
        help="Taken: the customer paid it and gets it back for his old part. Given: the "
        "supplier gets the old part and pays it back.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        help="Customer or supplier.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        help="New part that the deposit was for.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How many old parts are owed.",
    )
    quantity_settled = fields.Float(
        string="Settled",
        digits="Product Unit",
        help="How many old parts came back, or were given back, and were paid.",
    )
    amount_unit = fields.Monetary(
        string="Deposit", help="Deposit for one, without taxes."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the deposit.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company that owes it, or that it is owed to.",
    )
