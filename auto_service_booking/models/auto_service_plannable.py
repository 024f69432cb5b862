from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServicePlannable(models.AbstractModel):
    """What the planner plans: a record of the garage on a resource of the host."""

    _name = "auto.service.plannable"
    _description = "Something the Board Plans"
    _inherit = ["auto.service.resource.row", "resource.mixin"]
    _order = "sequence, name, id"
    _role = None

    name = fields.Char(required=True, help="Name on the board.")
    active = fields.Boolean(
        default=True, help="Archived: it is not planned any more; its past stays."
    )
    resource_calendar_id = fields.Many2one(
        default=False,
        help="When it can be used; empty: in the opening hours of the branch.",
    )
    kind_id = fields.Many2one(
        related="resource_id.auto_service_kind_id",
        store=True,
        readonly=False,
        string="Kind",
        help="What it can be used for; operations ask for a kind.",
    )
    sequence = fields.Integer(
        default=10, help="Place on the board; the first free one is taken first."
    )
    color = fields.Integer(
        related="resource_id.auto_service_color",
        readonly=False,
        help="Colour of the row's name on the board.",
    )
    uses_shifts = fields.Boolean(
        related="resource_id.auto_service_uses_shifts",
        readonly=False,
        string="Works by shifts",
        help="Works when a shift is entered, and not by the weekly working hours.",
    )
    note = fields.Text(help="What a dispatcher should know.")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sync_resource()
        return records

    def write(self, vals):
        if vals.get("active") is False:
            self._check_no_work_ahead()
        res = super().write(vals)
        if {"name", "active", "sequence"} & set(vals):
            self._sync_resource()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        domain = [("resource_id", "in", self.sudo().resource_id.ids)]
        used_sudo = self.env["auto.service.allocation"].sudo().search(domain)
        if used_sudo:
            raise UserError(
                self.env._(
                    "%(names)s: the board has work there. Archive it instead.",
                    names=", ".join(used_sudo.resource_id.mapped("name")),
                )
            )

    def unlink(self):
        """The resource and its time off go with the record.

        Time off without a resource would be time off of the whole company.
        """
        # sudo: the garage's manager has no right on resources
        resources_sudo = self.sudo().resource_id
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        domain = [("resource_id", "in", resources_sudo.ids)]
        res = super().unlink()
        leaves_sudo.search(domain).unlink()
        resources_sudo.unlink()
        return res

    def copy(self, default=None):
        """The copy gets a resource of its own; the manager may not copy resources."""
        self.browse().check_access("create")
        copies = super(AutoServicePlannable, self.sudo()).copy(default)
        return copies.with_env(self.env)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=record.name))
            for record, vals in zip(self, vals_list, strict=True)
        ]

    def _prepare_resource_values(self, vals, tz):
        values = super()._prepare_resource_values(vals, tz)
        company = self.env["res.company"].browse(values.get("company_id"))
        company = company or self.env.company
        return {
            "tz": company._get_opening_calendar().tz or self.env.user.tz or "UTC",
            "calendar_id": False,
            **values,
            "resource_type": "material",
            "auto_service_role": self._role,
        }

    def _sync_resource(self):
        """The resource bears the name, the place and the role of its record."""
        for record in self.sudo():  # the garage's manager has no right on resources
            record.resource_id.write(
                {
                    "name": record.name,
                    "active": record.active,
                    "auto_service_role": record._role,
                    "auto_service_sequence": record.sequence,
                }
            )
