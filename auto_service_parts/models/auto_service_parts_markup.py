from odoo import fields, models


class AutoServicePartsMarkup(models.Model):
    """How the price for the customer is made of the price of the supplier."""

    _name = "auto.service.parts.markup"
    _description = "Markup on Parts"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Short name, shown beside the price.")
    sequence = fields.Integer(default=10, help="The first rule that fits is used.")
    active = fields.Boolean(default=True, help="An archived rule is not used.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Company whose prices it makes. Empty: every company's.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Only for parts of this supplier.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for parts of this brand.",
    )
    customer_tag_id = fields.Many2one(
        "res.partner.category",
        string="Customer group",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for customers with this tag.",
    )
