from odoo import fields, models

LABOUR_UNITS = [
    ("h", "Hours"),
    ("min", "Minutes"),
    ("aw5", "AW of 5 minutes"),
    ("aw6", "AW of 6 minutes"),
    ("ze", "ZE (1/100 hour)"),
]


class AutoServiceLabourSource(models.Model):
    """Where labour times come from, and how far they are trusted."""

    _name = "auto.service.labour.source"
    _description = "Source of Labour Times"
    _order = "origin, sequence, name, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="How the source is called on estimates and in explanations.",
    )
    origin = fields.Selection(
        [("own", "Own"), ("provider", "Provider")],
        required=True,
        default="provider",
        help="Own: the garage's experience. Provider: makers, publishers, guides. On "
        "the same vehicle or model the garage's own times count first.",
    )
    sequence = fields.Integer(
        default=10,
        help="Among sources of one origin the first in the list is trusted most.",
    )
    release = fields.Char(help="Edition of the data, for example 2026-11.")
    default_unit = fields.Selection(
        LABOUR_UNITS,
        required=True,
        default="h",
        help="Unit in which the source counts, unless a file says otherwise.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: every company uses the times of the source.",
    )
    active = fields.Boolean(
        default=True, help="Times of an archived source are not used any more."
    )
