from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.part_number import number_key


class AutoServiceAnyNumber(models.AbstractModel):
    """Records with keys of numbers are found by a number in any spelling."""

    _name = "auto.service.any.number"
    _description = "Search by Number in Any Spelling"

    any_number = fields.Char(
        string="Any number",
        compute="_compute_any_number",
        search="_search_any_number",
        exportable=False,
        export_string_translation=False,
        help="Finds the record by one of its numbers, in any spelling.",
    )

    def _compute_any_number(self):
        self.any_number = False

    def _search_any_number(self, operator, value):
        if operator not in ("ilike", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        keys = [number_key(text) for text in texts if text]
        return Domain.OR(Domain(name, "in", keys) for name in self._get_key_fields())

    @api.model
    def _get_key_fields(self):
        """Fields that keep keys of numbers."""
        return [name for name in self._fields if name.endswith("number_key")]
