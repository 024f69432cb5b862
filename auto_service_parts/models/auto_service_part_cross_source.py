from odoo import fields, models


class AutoServicePartCrossSource(models.Model):
    """Where cross references come from, and how far they are to be trusted."""

    _name = "auto.service.part.cross.source"
    _description = "Source of Cross References"
    _order = "trust desc, name, id"

    name = fields.Char(required=True, help="Who says so: a catalogue, a supplier, you.")
    trust = fields.Integer(
        default=50,
        help="How far the source is trusted, 0 to 100. Matches of more trusted sources "
        "come first.",
    )
    is_one_way = fields.Boolean(
        string="Only in the direction given",
        help="Contracts of some catalogues forbid to use their cross references the "
        "other way round.",
    )
    active = fields.Boolean(
        default=True, help="Cross references of an archived source are not used."
    )
