from odoo import models


class AutoServicePartNumber(models.Model):
    """Numbers are found by their beginnings, in every collation of the database."""

    _inherit = "auto.service.part.number"

    _start_idx = models.Index("(number_key text_pattern_ops)")
