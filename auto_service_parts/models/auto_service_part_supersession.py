from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.part_number import number_key

#: Longer chains are taken for a fault in the data.
MAX_CHAIN = 30


class AutoServicePartSupersession(models.Model):
    """A number that its maker replaced by another one, or by several."""

    _name = "auto.service.part.supersession"
    _inherit = ["auto.service.any.number"]
    _description = "Supersession of a Part"
    _order = "id"
    _rec_name = "number"

    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part.",
    )
    number = fields.Char(required=True, help="Number that is not made any more.")
    number_key = fields.Char(
        compute="_compute_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The number as it is compared: letters and digits only.",
    )
    to_brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="New brand",
        required=True,
        compute="_compute_to_brand_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Brand of the part that replaces it, nearly always the same.",
    )
    to_number = fields.Char(
        string="New number", required=True, help="Number that replaces it."
    )
    to_number_key = fields.Char(
        compute="_compute_to_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The new number as it is compared: letters and digits only.",
    )
    quantity = fields.Float(
        default=1.0,
        digits="Product Unit",
        help="Pieces of the new part for one of the old.",
    )
    note = fields.Char(help="What else changes: “with bolts”, “from 2012”.")

    _number_uniq = models.UniqueIndex(
        "(number_key, brand_id, to_number_key, to_brand_id)",
        "This replacement is known already.",
    )
    _to_number_idx = models.Index("(to_number_key, to_brand_id)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "At least a part of one piece replaces the old part."
    )

    @api.depends("number")
    def _compute_number_key(self):
        for supersession in self:
            supersession.number_key = number_key(supersession.number)

    @api.depends("to_number")
    def _compute_to_number_key(self):
        for supersession in self:
            supersession.to_number_key = number_key(supersession.to_number)

    @api.depends("brand_id")
    def _compute_to_brand_id(self):
        for supersession in self:
            supersession.to_brand_id = supersession.to_brand_id or supersession.brand_id

    @api.constrains("brand_id", "number", "to_brand_id", "to_number")
    def _check_cycle(self):
        """A chain has an end: nobody could say otherwise which number is the newest."""
        for supersession in self:
            chain = supersession._get_cycle()
            if chain:
                raise ValidationError(
                    self.env._(
                        "These numbers replace each other in a circle: %(chain)s. Say "
                        "only which one is the newest.",
                        chain=" → ".join(chain),
                    )
                )

    def _get_cycle(self):
        """The numbers from this one back to itself.

        :return: list of numbers, empty when the chain ends
        """
        start = (self.brand_id.id, self.number_key)
        paths = {
            (self.to_brand_id.id, self.to_number_key): [self.number, self.to_number]
        }
        seen = set()
        while paths and len(seen) < 1000:
            if start in paths:
                return paths[start]
            seen |= paths.keys()
            paths = {
                (row.to_brand_id.id, row.to_number_key): [
                    *paths[row.brand_id.id, row.number_key],
                    row.to_number,
                ]
                for row in self._get_next(paths)
                if (row.to_brand_id.id, row.to_number_key) not in seen
            }
        return []

    @api.model
    def _get_next(self, keys):
        """Replacements of the numbers.

        :param keys: pairs (brand id, number key)
        :return: recordset
        """
        keys = set(keys)
        rows = self.search(
            [
                ("number_key", "in", [number for _brand, number in keys]),
                ("brand_id", "in", [brand for brand, _number in keys]),
            ]
        )
        return rows.filtered(lambda it: (it.brand_id.id, it.number_key) in keys)
