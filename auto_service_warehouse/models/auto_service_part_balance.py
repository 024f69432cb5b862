from odoo import models


class AutoServicePartBalance(models.AbstractModel):
    """One look at a part: where it lies, for whom, what is coming, what was sold."""

    _name = "auto.service.part.balance"
    _description = "Balance of a Part"
