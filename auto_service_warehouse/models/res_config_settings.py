from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    auto_service_stock_guard = fields.Boolean(
        related="company_id.auto_service_stock_guard", readonly=False
    )
    auto_service_stock_guard_aside = fields.Boolean(
        compute="_compute_auto_service_stock_guard_aside",
        help="Another addon keeps the stock from going below zero.",
    )
    auto_service_stock_problem_count = fields.Integer(
        string="Shelves below zero",
        compute="_compute_auto_service_stock_problem_count",
        help="Shelves with less than nothing on them, or less than is reserved.",
    )
    auto_service_bill_fitted = fields.Boolean(
        related="company_id.auto_service_bill_fitted", readonly=False
    )
    auto_service_draw_policy = fields.Selection(
        related="company_id.auto_service_draw_policy", readonly=False, required=True
    )
    auto_service_vendor_required = fields.Boolean(
        related="company_id.auto_service_vendor_required", readonly=False
    )
    auto_service_prepick_days = fields.Integer(
        related="company_id.auto_service_prepick_days", readonly=False
    )

    @api.depends("company_id")
    def _compute_auto_service_stock_guard_aside(self):
        self.auto_service_stock_guard_aside = self.env[
            "res.company"
        ]._is_stock_guarded_by_others()

    @api.depends("company_id")
    def _compute_auto_service_stock_problem_count(self):
        for settings in self:
            # Whoever may change the settings may not be at the parts desk.
            settings.auto_service_stock_problem_count = (
                self.env["auto.service.stock.problem"]
                .sudo()
                .search_count([("company_id", "=", settings.company_id.id)])
            )

    def action_open_stock_problems(self):
        """List of what is below zero or promised twice in the company."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_warehouse.auto_service_stock_problem_action"
        )
        action["domain"] = [("company_id", "=", self.company_id.id)]
        return action
