from odoo import api, fields, models
from odoo.tools import ormcache, str2bool

DRAW_POLICIES = [
    ("order", "The warehouse of the estimate"),
    ("technician", "The technician's van or trolley first"),
    ("any", "Any warehouse of the company"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    auto_service_stock_guard = fields.Boolean(
        string="Never below zero",
        help="Nothing leaves a shelf that is not on it, and no part is promised twice: "
        "whoever tries gets a sentence that says what is there and who has it.",
    )
    auto_service_bill_fitted = fields.Boolean(
        string="Bill what was fitted",
        default=True,
        help="Parts of work orders are billed by the quantity that was issued and did "
        "not come back, whatever the invoicing policy of the product says.",
    )
    auto_service_draw_policy = fields.Selection(
        DRAW_POLICIES,
        string="Parts come from",
        default="order",
        required=True,
        help="Where the parts of a job are taken from.",
    )
    auto_service_vendor_required = fields.Boolean(
        string="No order without a vendor",
        default=True,
        help="An estimate with a part that is to be bought and has no vendor cannot be "
        "approved: the sentence names the part and the way out.",
    )
    auto_service_prepick_days = fields.Integer(
        string="Pick ahead (days)",
        default=1,
        help="Parts for visits of so many days ahead are on the pick list.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Companies that are new begin with the guard."""
        guard = self._get_stock_guard_default()
        for vals in vals_list:
            vals.setdefault("auto_service_stock_guard", guard)
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        res = super().write(vals)
        if "auto_service_stock_guard" in vals:
            self.env.registry.clear_cache()
        return res

    @api.model
    def _get_stock_guard_default(self):
        value = self.env["ir.config_parameter"].sudo()
        return str2bool(value.get_param("auto_service_warehouse.guard", "True"), True)

    @api.model
    @ormcache()
    def _get_stock_guarded_ids(self):
        """Companies whose shelves are guarded; none beside another addon that does so.

        :return: frozenset of ids
        """
        if self._is_stock_guarded_by_others():
            return frozenset()
        domain = [("auto_service_stock_guard", "=", True)]
        return frozenset(self.sudo().search(domain).ids)

    @api.model
    def _is_stock_guarded_by_others(self):
        """Whether an addon is installed that keeps the stock from going below zero."""
        return "stock_no_negative" in self.env.registry._init_modules

    def _guard_new_stock(self):
        """Turn the guard on where nothing was ever moved.

        :return: the companies that are guarded now
        """
        moved = self.env["stock.move"]._read_group(
            [("company_id", "in", self.ids)], ["company_id"]
        )
        new = self - self.browse(company.id for (company,) in moved)
        new.auto_service_stock_guard = True
        return new
