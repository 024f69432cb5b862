from odoo import fields, models

#: What a column of a file can mean; keys are those of ``tools/labour_row.py``.
COLUMN_FIELDS = [
    ("operation_code", "Operation: code"),
    ("operation_name", "Operation: name"),
    ("category", "Operation: category"),
    ("labour_category", "Operation: labour category"),
    ("hours", "Time in hours"),
    ("value", "Time in the unit of the file"),
    ("unit", "Unit of the time"),
    ("kind", "Kind of time"),
    ("make", "Vehicle: make"),
    ("model", "Vehicle: model"),
    ("generation", "Vehicle: generation"),
    ("engine_code", "Vehicle: engine code"),
    ("ktype", "Vehicle: K-type"),
    ("capacity", "Vehicle: engine capacity"),
    ("power", "Vehicle: power"),
    ("fuel", "Vehicle: fuel"),
    ("transmission", "Vehicle: gearbox"),
    ("drive", "Vehicle: drive"),
    ("body", "Vehicle: body"),
    ("years", "Vehicle: years"),
    ("year_from", "Vehicle: year from"),
    ("year_to", "Vehicle: year to"),
    ("valid_from", "Valid from"),
    ("valid_to", "Valid to"),
    ("relation_kind", "Relation: kind"),
    ("related_code", "Relation: code of the other operation"),
    ("relation_hours", "Relation: hours"),
    ("condition", "Relation: condition"),
    ("note", "Note"),
]


class AutoServiceLabourImportColumn(models.Model):
    """What a column of a file means."""

    _name = "auto.service.labour.import.column"
    _description = "Column of an Import"
    _order = "sequence, id"

    import_id = fields.Many2one(
        "auto.service.labour.import",
        required=True,
        index=True,
        ondelete="cascade",
        help="Import that the column belongs to.",
    )
    sequence = fields.Integer(help="Place of the column in the file.")
    name = fields.Char(string="Column of the file", help="Header of the column.")
    examples = fields.Char(help="What stands in the first rows.")
    meaning = fields.Selection(
        COLUMN_FIELDS, help="What the column is. Empty: the column is not read."
    )

    _meaning_uniq = models.Constraint(
        "UNIQUE(import_id, meaning)",
        "Two columns have the same meaning: leave one of them empty.",
    )
