from odoo import fields, models

SKILL_LEVELS = [
    ("trainee", "Trainee"),
    ("technician", "Technician"),
    ("specialist", "Specialist"),
    ("master", "Master technician"),
]


class AutoServiceSkill(models.Model):
    """What somebody must know or be allowed to do for an operation."""

    _name = "auto.service.skill"
    _description = "Skill"
    _order = "name, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="Skill or certificate, “High-voltage systems” for example.",
    )
    description = fields.Text(
        translate=True, help="What it takes to have the skill, and who proves it."
    )
    active = fields.Boolean(
        default=True, help="An archived skill is not offered any more."
    )

    _name_uniq = models.UniqueIndex(
        "(lower(name->>'en_US')) WHERE active",
        "This skill is there already. Use it, or choose another name.",
    )
