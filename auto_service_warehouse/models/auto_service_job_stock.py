from odoo import fields, models

PARTS_LIGHTS = [
    ("missing", "Parts missing"),
    ("coming", "Parts on order"),
    ("ready", "Parts ready"),
]


class AutoServiceJob(models.Model):
    """Whether the parts of a job are here."""

    _inherit = "auto.service.job"

    parts_light = fields.Selection(
        PARTS_LIGHTS,
        string="Parts light",
        copy=False,
        help="Ready: every approved part is reserved for the job, picked or fitted.",
    )
