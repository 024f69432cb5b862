from odoo import api, fields, models

from .auto_service_job_stock import PARTS_LIGHTS


class AutoServiceOrder(models.Model):
    """Whether the parts of a visit are here."""

    _inherit = "auto.service.order"

    parts_light = fields.Selection(
        PARTS_LIGHTS,
        string="Parts light",
        compute="_compute_parts_light",
        store=True,
        copy=False,
        help="The least advanced of the parts of all jobs.",
    )

    @api.depends("job_ids.parts_light")
    def _compute_parts_light(self):
        for order in self:
            lights = set(order.job_ids.mapped("parts_light"))
            order.parts_light = next(
                (light for light, _label in PARTS_LIGHTS if light in lights), False
            )

    def action_order_missing_parts(self):
        """Order the approved parts of the visit that are neither here nor on order.

        :return: act_window action of the dialog
        """
        self._ensure_open()
        return self.authorised_line_ids.action_order_missing_parts()
