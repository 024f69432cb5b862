from odoo import api, fields, models

from ..tools.part_number import number_key


class AutoServicePartCross(models.Model):
    """One number stands for another: directed, typed, with its source.

    Lean on purpose: there are ten millions of them. Numbers are kept as keys; the
    number as printed is kept for the part that is found.
    """

    _name = "auto.service.part.cross"
    _inherit = ["auto.service.any.number"]
    _description = "Cross Reference of Parts"
    _log_access = False
    _order = "id"
    _rec_names_search = ["number_key", "to_number_key"]

    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part that is looked for.",
    )
    number_key = fields.Char(
        string="Number",
        required=True,
        help="Number of the part that is looked for. It is kept as it is compared: "
        "letters and digits only.",
    )
    to_brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="Stands for brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part that may be used instead.",
    )
    to_number_key = fields.Char(
        string="Stands for number",
        required=True,
        help="Number of the part that may be used instead, letters and digits only.",
    )
    kind = fields.Selection(
        [
            ("same", "Interchangeable"),
            ("analogue", "Equivalent"),
            ("part_of", "Part of it"),
            ("duplicate", "Same part, other number"),
            ("tuning", "Tuning"),
        ],
        default="analogue",
        required=True,
        help="In what way the second part may be used instead of the first.",
    )
    is_both_ways = fields.Boolean(
        string="Both ways", default=True, help="The first may replace the second, too."
    )
    source_id = fields.Many2one(
        "auto.service.part.cross.source",
        required=True,
        ondelete="restrict",
        help="Who says so.",
    )
    is_doubtful = fields.Boolean(
        string="Doubtful",
        default=False,
        help="Somebody found that it is wrong; it is not used.",
    )

    # Both directions are found by an index. The first guards against doubles, too.
    _number_uniq = models.UniqueIndex(
        "(number_key, brand_id, to_number_key, to_brand_id, source_id)",
        "The source says so already.",
    )
    _to_number_idx = models.Index("(to_number_key, to_brand_id)")
    _differ = models.Constraint(
        "CHECK (number_key <> to_number_key OR brand_id <> to_brand_id)",
        "A part needs no cross reference to itself.",
    )

    @api.depends("brand_id", "number_key", "to_brand_id", "to_number_key")
    def _compute_display_name(self):
        for cross in self:
            cross.display_name = (
                f"{cross.brand_id.name} {cross.number_key} → "
                f"{cross.to_brand_id.name} {cross.to_number_key}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_keys(values) for values in vals_list])

    def write(self, vals):
        return super().write(self._prepare_keys(vals))

    @api.model
    def _prepare_keys(self, values):
        """People type numbers as printed; what is kept is the key."""
        keys = {
            name: number_key(values[name])
            for name in ("number_key", "to_number_key")
            if values.get(name)
        }
        return {**values, **keys}

    def action_mark_doubtful(self):
        """Somebody found that it is wrong: it is not used any more."""
        self.write({"is_doubtful": True})

    def action_trust_again(self):
        """It is right after all."""
        self.write({"is_doubtful": False})
