from odoo import api, fields, models
from odoo.exceptions import ValidationError

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

    _key_not_empty = models.Constraint(
        "CHECK (name_key <> '')", "The name of a brand has letters or digits."
    )

    @api.depends("name")
    def _compute_name_key(self):
        for alias in self:
            alias.name_key = brand_key(alias.name)

    @api.constrains("name_key", "partner_id", "brand_id")
    def _check_name_of_other_brand(self):
        """What is the name of a brand cannot mean another one to everybody."""
        general = self.filtered(lambda it: not it.partner_id)
        others = self.env["auto.service.part.brand"].with_context(active_test=False)
        others = others.search([("name_key", "in", general.mapped("name_key"))])
        brand_by_key = {brand.name_key: brand for brand in others}
        wrong = general.filtered(
            lambda it: brand_by_key.get(it.name_key, it.brand_id) != it.brand_id
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "These are brands of their own: %(names)s. Merge the brands if "
                    "they are the same.",
                    names=", ".join(wrong.mapped("name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        aliases = super().create(vals_list)
        aliases._on_names_changed()
        return aliases

    def write(self, vals):
        result = super().write(vals)
        self._on_names_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _on_names_changed(self):
        """Names mean brands from now on: unknown ones with these names are known."""
        self.env.registry.clear_cache()
        general = self.filtered(lambda it: not it.partner_id)
        self.env["auto.service.part.brand.unknown"]._forget_known(
            general.mapped("name_key")
        )
