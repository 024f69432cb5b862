from odoo import fields, models

from ..tools.labour_column import fold_header
from .auto_service_labour_source import LABOUR_UNITS


class AutoServiceLabourImportPreset(models.Model):
    """How the files of one supplier are read."""

    _name = "auto.service.labour.import.preset"
    _description = "Preset of Imports"
    _order = "name, id"

    name = fields.Char(required=True, help="Whose files, for example “Guide of Acme”.")
    source_id = fields.Many2one(
        "auto.service.labour.source",
        ondelete="cascade",
        help="Source of the times in the files.",
    )
    unit = fields.Selection(
        LABOUR_UNITS, help="Unit of the times where a file says nothing."
    )
    meanings = fields.Json(
        export_string_translation=False,
        help="Meaning of each column by its header in comparable form.",
    )
    active = fields.Boolean(default=True, help="An archived preset is not offered.")

    def _get_meanings(self, header):
        """Meanings of the columns of a file.

        :param list header: texts of the header
        :return: list of meanings, None for a column that is not read
        """
        self.ensure_one()
        known, used = self.meanings or {}, set()
        found = []
        for text in header:
            meaning = known.get(fold_header(text))
            found.append(meaning if meaning not in used else None)
            used.add(meaning)
        return found

    def _find_preset(self, header):
        """Preset that was made from a file with the same header.

        :return: record, empty when there is none
        """
        wanted = {fold_header(text) for text in header if text}
        return self.filtered(lambda preset: set(preset.meanings or {}) == wanted)[:1]
