from odoo import Command, api, fields, models


class AutoServiceBoardSetup(models.TransientModel):
    """The first bays and technicians of a garage, in one step."""

    _name = "auto.service.board.setup"
    _description = "Set Up the Board"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Branch that is set up.",
    )
    opening_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        default=lambda self: self.env.company._get_opening_calendar(),
        domain="[('company_id', 'in', [False, company_id])]",
        help="When customers can come. Bays can be used in these hours, too.",
    )
    line_ids = fields.One2many(
        "auto.service.board.setup.line",
        "setup_id",
        string="Bays",
        default=lambda self: self._get_default_lines(),
        help="How many bays of each kind there are.",
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",  # garage's managers do not read employees themselves
        string="Technicians",
        default=lambda self: self._get_default_employees(),
        domain="[('company_id', 'in', [False, company_id])]",
        help="Employees whom the board plans.",
    )

    @api.model
    def _get_default_lines(self):
        """One line a kind of bay; three lifts where there is no bay yet."""
        kinds = self.env["auto.service.resource.kind"].search([("role", "=", "bay")])
        has_bays = self.env["auto.service.bay"].search_count(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        return [
            Command.create({"kind_id": kind.id, "count": 0 if has_bays or index else 3})
            for index, kind in enumerate(kinds)
        ]

    @api.model
    def _get_default_employees(self):
        """Employees whose users are technicians and who are not on the board yet."""
        # sudo: only HR officers read employees; groups are the administrator's
        technicians = self.env.ref("auto_service_base.group_technician").sudo()
        advisors = self.env.ref("auto_service_base.group_advisor").sudo()
        users = technicians.all_user_ids - advisors.all_user_ids
        employees = self.env["hr.employee"].sudo()
        found = employees.search(
            [
                ("user_id", "in", users.ids),
                ("company_id", "=", self.env.company.id),
                ("resource_id.auto_service_role", "=", False),
            ]
        )
        return self.env["hr.employee.public"].browse(found.ids)

    def action_apply(self):
        """Make the bays and the technicians, then open the board."""
        self.ensure_one()
        self._set_opening_hours()
        self.env["auto.service.bay"].create(self.line_ids._prepare_bays())
        self._create_technicians()
        action = "auto_service_booking.auto_service_board_action"
        if self.env.ref(action, raise_if_not_found=False):
            return self.env["ir.actions.client"]._for_xml_id(action)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _set_opening_hours(self):
        company = self.company_id
        if self.opening_calendar_id != company._get_opening_calendar():
            # sudo: settings of the company are the administrator's; the garage's
            # manager sets when his customers come
            company.sudo().auto_service_opening_calendar_id = self.opening_calendar_id

    def _create_technicians(self):
        """Technicians of the chosen employees; archived ones come back."""
        technicians = self.env["auto.service.technician"]
        technicians = technicians.with_context(active_test=False)
        known = technicians.search([("employee_id", "in", self.employee_ids.ids)])
        known.filtered(lambda technician: not technician.active).action_unarchive()
        new = set(self.employee_ids.ids) - set(known.employee_id.ids)
        return technicians.create([{"employee_id": key} for key in sorted(new)])
