from odoo import api, fields, models

from odoo.addons.auto_service_base.models.auto_service_skill import SKILL_LEVELS

from .auto_service_resource_kind import ROLES


class ResourceResource(models.Model):
    """What the planner must know of a resource; other resources stay as they were."""

    _inherit = "resource.resource"

    auto_service_role = fields.Selection(
        ROLES,
        string="Role in the garage",
        index="btree_not_null",
        copy=False,
        help="What the board of the garage plans it as. Empty: it is not planned.",
    )
    auto_service_kind_id = fields.Many2one(
        "auto.service.resource.kind",
        string="Kind in the garage",
        index="btree_not_null",
        ondelete="restrict",
        help="Kind of bay or equipment.",
    )
    auto_service_skill_ids = fields.Many2many(
        "auto.service.skill",
        "auto_service_resource_skill_rel",
        "resource_id",
        "skill_id",
        string="Skills in the garage",
        help="What the technician may be given.",
    )
    auto_service_skill_level = fields.Selection(
        SKILL_LEVELS,
        string="Level in the garage",
        help="How far the technician is; work may ask for a level.",
    )
    auto_service_sequence = fields.Integer(
        string="Place on the board", default=10, help="Rows of the board in order."
    )
    auto_service_uses_shifts = fields.Boolean(
        string="Works by shifts",
        help="Works when a shift is entered, and not by the weekly working hours.",
    )
    auto_service_color = fields.Integer(
        string="Colour on the board", help="Colour of the row's name on the board."
    )

    @api.constrains("calendar_id", "auto_service_role")
    def _check_auto_service_calendar(self):
        planned_sudo = self.sudo().filtered("auto_service_role")
        planned_sudo.calendar_id._check_auto_service_plannable()
