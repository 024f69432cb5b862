from odoo import api, fields, models

from ..tools.part_number import number_key


class AutoServicePartAlternate(models.Model):
    """Two numbers of the same part of the same brand.

    A list and no rule: a rule such as "the A of Mercedes may be left out" would join
    numbers that are different parts at another brand.
    """

    _name = "auto.service.part.alternate"
    _inherit = ["auto.service.any.number"]
    _description = "Other Number of a Part"
    _log_access = False
    _order = "id"
    _rec_name = "number"

    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part.",
    )
    number = fields.Char(required=True, help="Number of the part, as printed.")
    number_key = fields.Char(
        compute="_compute_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The number as it is compared: letters and digits only.",
    )
    alternate = fields.Char(
        string="Other number", required=True, help="Another number of the same part."
    )
    alternate_key = fields.Char(
        compute="_compute_alternate_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The other number as it is compared: letters and digits only.",
    )
    kind = fields.Selection(
        [
            ("spelling", "Other spelling"),
            ("short", "Short number"),
            ("colour", "With colour or finish"),
            ("package", "Other package"),
            ("catalogue", "Number in the catalogue"),
        ],
        default="spelling",
        required=True,
        help="In what way the numbers differ.",
    )

    _number_uniq = models.UniqueIndex(
        "(number_key, brand_id, alternate_key)", "The two numbers are known already."
    )
    _alternate_idx = models.Index("(alternate_key, brand_id)")
    _differ = models.Constraint(
        "CHECK (number_key <> alternate_key)",
        "The two numbers are the same: blanks, dashes and points do not count.",
    )

    @api.model
    def _get_key_fields(self):
        return ["number_key", "alternate_key"]

    @api.depends("number")
    def _compute_number_key(self):
        for alternate in self:
            alternate.number_key = number_key(alternate.number)

    @api.depends("alternate")
    def _compute_alternate_key(self):
        for alternate in self:
            alternate.alternate_key = number_key(alternate.alternate)
