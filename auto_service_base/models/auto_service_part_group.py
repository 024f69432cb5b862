from odoo import api, fields, models


class AutoServicePartGroup(models.Model):
    """Generic parts: what an operation needs, whatever the make of the vehicle."""

    _name = "auto.service.part.group"
    _description = "Group of Parts"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(
        required=True,
        translate=True,
        help="What the parts are, “Brake pads” for example.",
    )
    code = fields.Char(
        string="Generic Article",
        help="Number of the generic article in the catalogues of parts. The same for "
        "every make, so parts are found by it.",
    )
    product_category_id = fields.Many2one(
        "product.category",
        index="btree_not_null",
        ondelete="set null",
        help="Category in which the stock keeps such parts.",
    )
    active = fields.Boolean(
        default=True, help="An archived group is not offered any more."
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND active",
        "Another group of parts has this number already. Use it, or give another one.",
    )

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for group in self:
            group.display_name = (
                f"{group.name} ({group.code})" if group.code else group.name
            )
