from odoo import api, models

from .sale_order_line import SUPPLIER_STATES


class AutoServiceJob(models.Model):
    """What the supplier says counts for the light."""

    _inherit = "auto.service.job"

    @api.model
    def _get_light_states(self, light):
        states = super()._get_light_states(light)
        news = {"missing": {"refused"}, "coming": set(SUPPLIER_STATES)}
        return states | news[light]
