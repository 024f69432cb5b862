from odoo import api, fields, models

from ..tools.part_number import brand_key


class AutoServicePartBrand(models.Model):
    """A maker of parts, or of vehicles, under the one name that the garage uses."""

    _name = "auto.service.part.brand"
    _description = "Brand of Parts"
    _order = "name, id"

    name = fields.Char(required=True, help="Name of the brand, “Bosch” for example.")
    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The name as it is compared: capitals, letters and digits only.",
    )
    is_vehicle_maker = fields.Boolean(
        string="Makes vehicles",
        help="Its numbers are original numbers, those of the maker of the vehicle.",
    )
    alias_ids = fields.One2many(
        "auto.service.part.brand.alias",
        "brand_id",
        string="Other names",
        help="How suppliers write the brand.",
    )
    active = fields.Boolean(
        default=True, help="An archived brand is not offered any more."
    )

    _name_uniq = models.UniqueIndex(
        "(name_key)",
        "There is a brand of this name already. Use it, or add the name to its other "
        "names.",
    )

    @api.depends("name")
    def _compute_name_key(self):
        for brand in self:
            brand.name_key = brand_key(brand.name)
