from odoo import models


class AutoServiceScan(models.AbstractModel):
    """What a scanned code is, and what is to be done with it."""

    _name = "auto.service.scan"
    _description = "Scanner"
