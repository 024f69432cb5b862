from odoo import api, fields, models


class AutoServiceTechnician(models.Model):
    """An employee whom the board plans, with his skills."""

    _name = "auto.service.technician"
    _description = "Technician on the Board"
    _inherit = ["auto.service.resource.row"]
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
        compute="_compute_resource_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        help="Resource of the employee: his working hours and time off.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        help="Branch that plans him.",
    )
    active = fields.Boolean(
        default=True, help="Archived: he is not planned any more; his past stays."
    )
    sequence = fields.Integer(default=10, help="Place on the board.")
    resource_calendar_id = fields.Many2one(
        related="resource_id.calendar_id",
        readonly=False,
        string="Working hours",
        help="When he works; empty: in the opening hours of the branch.",
    )
    tz = fields.Selection(
        related="resource_id.tz",
        readonly=False,
        help="Zone in which his working hours are meant.",
    )
    skill_ids = fields.Many2many(
        related="resource_id.auto_service_skill_ids",
        readonly=False,
        help="What he knows or is allowed to do.",
    )
    skill_level = fields.Selection(
        related="resource_id.auto_service_skill_level",
        readonly=False,
        default="technician",
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

    @api.depends("employee_id")
    def _compute_resource_id(self):
        for technician in self:
            # sudo: only officers of the HR app read the resource of an employee
            technician.resource_id = technician.employee_id.sudo().resource_id

    @api.depends("employee_id")
    def _compute_company_id(self):
        for technician in self:
            employee_sudo = technician.employee_id.sudo()  # read by HR officers only
            technician.company_id = employee_sudo.company_id or self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        technicians = super().create(vals_list)
        technicians._sync_resource()
        return technicians

    def write(self, vals):
        if vals.get("active") is False:
            self._check_no_work_ahead()
        before = self.sudo().resource_id if "employee_id" in vals else None
        res = super().write(vals)
        if before:
            (before - self.sudo().resource_id).write({"auto_service_role": False})
        if {"active", "sequence", "employee_id"} & set(vals):
            self._sync_resource()
        return res

    def unlink(self):
        """The employee stays; he is only not planned any more."""
        self._check_no_work_ahead()
        resources_sudo = self.sudo().resource_id  # people of the garage only read them
        res = super().unlink()
        resources_sudo.exists().write({"auto_service_role": False})
        return res

    def _sync_resource(self):
        """The board plans the resources of active technicians only."""
        for technician in self.sudo():  # people of the garage only read resources
            technician.resource_id.write(
                {
                    "auto_service_role": technician.active and "technician",
                    "auto_service_sequence": technician.sequence,
                }
            )
