from odoo import fields, models


class AutoServiceTechnician(models.Model):
    """An employee whom the board plans, with his skills."""

    _name = "auto.service.technician"
    _description = "Technician on the Board"
    _order = "sequence, id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="Employee who works in the garage.",
    )
    name = fields.Char(related="employee_id.name", help="Name of the employee.")
    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        help="Resource of the employee: his working hours and time off.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Branch that plans him.",
    )
    active = fields.Boolean(
        default=True, help="Archived: he is not planned any more; his past stays."
    )
    sequence = fields.Integer(default=10, help="Place on the board.")
    skill_ids = fields.Many2many(
        related="resource_id.auto_service_skill_ids",
        readonly=False,
        help="What he knows or is allowed to do.",
    )
    skill_level = fields.Selection(
        related="resource_id.auto_service_skill_level",
        readonly=False,
        help="How far he is. Work may ask for a level; a master may do all of it.",
    )
    uses_shifts = fields.Boolean(
        related="resource_id.auto_service_uses_shifts",
        readonly=False,
        string="Works by shifts",
        help="Works when a shift is entered, and not by the weekly working hours.",
    )
    color = fields.Integer(
        related="resource_id.auto_service_color",
        readonly=False,
        help="Colour of his name on the board.",
    )
    note = fields.Text(help="What a dispatcher should know.")

    _employee_uniq = models.Constraint(
        "UNIQUE(employee_id)", "This employee is on the board already."
    )
