from odoo import fields, models


class AutoServicePartCrossImportBad(models.Model):
    """A line of a file of cross references that could not be taken."""

    _name = "auto.service.part.cross.import.bad"
    _description = "Refused Cross Reference"
    _log_access = False
    _order = "line, id"
    _rec_name = "line"

    import_id = fields.Many2one(
        "auto.service.part.cross.import",
        required=True,
        index=True,
        ondelete="cascade",
        help="Load that refused it.",
    )
    line = fields.Integer(help="Number of the line in the file.")
    reason = fields.Selection(
        [
            ("brand", "The brand is missing"),
            ("number", "The number is missing, or is no number"),
            ("to_brand", "The second brand is missing"),
            ("to_number", "The second number is missing"),
            ("long", "Longer than any brand or number"),
            ("kind", "This kind of cross reference is not known"),
            ("unknown_brand", "The brand is not known"),
        ],
        help="Why it was not taken.",
    )
    text = fields.Char(help="The line as it is in the file.")
