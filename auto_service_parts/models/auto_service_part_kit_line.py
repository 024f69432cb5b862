from odoo import api, fields, models

from ..tools.part_number import number_key


class AutoServicePartKitLine(models.Model):
    """A part inside a kit. The kit is no equivalent of the part: it holds more."""

    _name = "auto.service.part.kit.line"
    _inherit = ["auto.service.any.number"]
    _description = "Part of a Kit"
    _log_access = False
    _order = "kit_number_key, id"
    _rec_name = "number"

    kit_brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="Brand of the kit",
        required=True,
        ondelete="restrict",
        help="Brand of the kit.",
    )
    kit_number = fields.Char(
        string="Number of the kit", required=True, help="Number of the kit, as printed."
    )
    kit_number_key = fields.Char(
        compute="_compute_kit_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="Number of the kit as it is compared: letters and digits only.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part inside.",
    )
    number = fields.Char(required=True, help="Number of the part inside, as printed.")
    number_key = fields.Char(
        compute="_compute_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The number as it is compared: letters and digits only.",
    )
    quantity = fields.Float(
        default=1.0, digits="Product Unit", help="Pieces of the part in one kit."
    )
    name = fields.Char(string="Part", help="What the part inside is.")

    _number_uniq = models.UniqueIndex(
        "(number_key, brand_id, kit_number_key, kit_brand_id)",
        "The part is in the kit already; change the quantity.",
    )
    _kit_idx = models.Index("(kit_number_key, kit_brand_id)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A kit holds more than nothing of each part."
    )

    @api.depends("kit_number")
    def _compute_kit_number_key(self):
        for line in self:
            line.kit_number_key = number_key(line.kit_number)

    @api.depends("number")
    def _compute_number_key(self):
        for line in self:
            line.number_key = number_key(line.number)
