from odoo import fields, models

ROLES = [
    ("bay", "Bay"),
    ("technician", "Technician"),
    ("equipment", "Equipment"),
    ("courtesy_car", "Courtesy car"),
]


class AutoServiceResourceKind(models.Model):
    """Lift, alignment stand, paint booth, diagnostic tester: what work asks for."""

    _name = "auto.service.resource.kind"
    _description = "Kind of Bay or Equipment"
    _order = "role, sequence, name, id"

    name = fields.Char(
        required=True, translate=True, help="What the garage calls it: “Lift”."
    )
    role = fields.Selection(
        ROLES,
        required=True,
        default="bay",
        help="Whether it is a kind of bay, equipment or courtesy car.",
    )
    sequence = fields.Integer(default=10, help="Place in lists and on the board.")
    color = fields.Integer(help="Colour on the board.")
    active = fields.Boolean(
        default=True, help="An archived kind is not offered any more."
    )

    _name_uniq = models.UniqueIndex(
        "(role, lower(name->>'en_US')) WHERE active",
        "This kind is there already. Use it, or choose another name.",
    )
