from odoo import api, fields, models

from ..tools.part_number import brand_key


class AutoServicePartBrandAlias(models.Model):
    """Another way to write a brand, for everybody or for one supplier."""

    _name = "auto.service.part.brand.alias"
    _description = "Other Name of a Brand"
    _order = "name, id"

    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        index=True,
        ondelete="cascade",
        help="Brand that is meant.",
    )
    name = fields.Char(required=True, help="How the brand is written.")
    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The name as it is compared: capitals, letters and digits only.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Only of this supplier",
        index="btree_not_null",
        ondelete="cascade",
        help="Supplier who writes it so. Empty: everybody does.",
    )

    _name_uniq = models.UniqueIndex(
        "(name_key, COALESCE(partner_id, 0))",
        "This name stands for a brand already.",
    )

    @api.depends("name")
    def _compute_name_key(self):
        for alias in self:
            alias.name_key = brand_key(alias.name)
