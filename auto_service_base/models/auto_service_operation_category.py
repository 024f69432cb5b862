from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AutoServiceOperationCategory(models.Model):
    """Tree in which operations and packages are looked up."""

    _name = "auto.service.operation.category"
    _description = "Category of Operations"
    _order = "sequence, name, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="Part of the vehicle or kind of service, as people look for it.",
    )
    complete_name = fields.Char(
        string="Full Name",
        compute="_compute_complete_name",
        recursive=True,
        help="Name with those of the categories above it.",
    )
    code = fields.Char(
        help="Short code; imports and the starter catalogue find the category by it."
    )
    parent_id = fields.Many2one(
        "auto.service.operation.category",
        string="Part of",
        index="btree_not_null",
        ondelete="restrict",
        help="Category above this one. Empty: it stands at the top.",
    )
    child_ids = fields.One2many(
        "auto.service.operation.category",
        "parent_id",
        string="Subcategories",
        help="Categories right below this one.",
    )
    sequence = fields.Integer(
        default=10, help="Categories with low numbers come first."
    )
    active = fields.Boolean(
        default=True, help="An archived category is not offered any more."
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND active",
        "Another category has this code already. Use it, or choose another code.",
    )

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            above = category.parent_id.complete_name
            category.complete_name = (
                f"{above} / {category.name}" if above else category.name
            )

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for category in self:
            category.display_name = category.complete_name

    @api.constrains("parent_id")
    def _check_parent_id(self):
        """No category stands above itself, not even when two people move at once."""
        moved = self.filtered("parent_id")
        if moved:
            self.env["auto.service.entry.guard"]._enter("operation.category")
        for category in moved:
            path = category._get_cycle()
            if path:
                raise ValidationError(
                    self.env._(
                        "The category “%(category)s” would stand above itself: "
                        "%(path)s. Choose another one above it.",
                        category=category.name,
                        path=" → ".join(path.mapped("name")),
                    )
                )

    def _get_cycle(self):
        """Way from the category over those above it back to itself.

        :return: list of records as one recordset, ``self`` first; empty without a cycle
        """
        self.ensure_one()
        path, seen = self, {self.id}
        above = self.parent_id
        while above and above.id not in seen:
            path += above
            seen.add(above.id)
            above = above.parent_id
        return path + above if above == self else self.browse()
