from odoo import api, fields, models


class AutoServicePlannable(models.AbstractModel):
    """What the planner plans: a record of the garage on a resource of the host."""

    _name = "auto.service.plannable"
    _description = "Something the Board Plans"
    _inherit = ["resource.mixin"]
    _order = "sequence, name, id"
    _role = None

    name = fields.Char(required=True, help="Name on the board.")
    active = fields.Boolean(
        default=True, help="Archived: it is not planned any more; its past stays."
    )
    kind_id = fields.Many2one(
        related="resource_id.auto_service_kind_id",
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
        records = super(AutoServicePlannable, self.sudo()).create(vals_list)
        records._sync_resource()
        return records.with_env(self.env)

    def write(self, vals):
        res = super().write(vals)
        if {"name", "active", "sequence"} & set(vals):
            self._sync_resource()
        return res

    def _prepare_resource_values(self, vals, tz):
        values = super()._prepare_resource_values(vals, tz)
        return {**values, "resource_type": "material", "auto_service_role": self._role}

    def _sync_resource(self):
        """The resource bears the name and the place of its record."""
        for record in self.sudo():  # the garage's manager has no right on resources
            record.resource_id.write(
                {
                    "name": record.name,
                    "active": record.active,
                    "auto_service_sequence": record.sequence,
                }
            )
