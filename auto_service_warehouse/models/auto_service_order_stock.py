from odoo import fields, models

from .auto_service_job_stock import PARTS_LIGHTS


class AutoServiceOrder(models.Model):
    """Whether the parts of a visit are here."""

    _inherit = "auto.service.order"

    parts_light = fields.Selection(
        PARTS_LIGHTS,
        string="Parts light",
        copy=False,
        help="The least advanced of the parts of all jobs.",
    )
