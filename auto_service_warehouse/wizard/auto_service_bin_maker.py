from odoo import fields, models


class AutoServiceBinMaker(models.TransientModel):
    """Makes all addresses of a rack at once: A-01-01 to A-10-05."""

    _name = "auto.service.bin.maker"
    _description = "Make Bins"

    location_id = fields.Many2one(
        "stock.location",
        string="In",
        required=True,
        domain=[("usage", "=", "internal")],
        help="Place that the bins are in.",
    )
