from odoo import fields, models


class AutoServicePartCross(models.Model):
    """One number stands for another: directed, typed, with its source.

    Lean on purpose: there are ten millions of them. Numbers are kept as keys; the
    number as printed is kept for the part that is found.
    """

    _name = "auto.service.part.cross"
    _description = "Cross Reference of Parts"
    _log_access = False
    _order = "id"

    brand_id = fields.Many2one(
        "auto.service.part.brand",
        required=True,
        ondelete="restrict",
        help="Brand of the part that is looked for.",
    )
    number_key = fields.Char(
        string="Number",
        required=True,
        help="Number of the part that is looked for, letters and digits only.",
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
        string="Doubtful", help="Somebody found that it is wrong; it is not used."
    )
