from odoo import fields, models


class AutoServiceJob(models.Model):
    """The package that a job was made from."""

    _inherit = "auto.service.job"

    package_id = fields.Many2one(
        "auto.service.package",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="Service package that the job was made from.",
    )
