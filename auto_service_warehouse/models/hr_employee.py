from odoo import fields, models


class HrEmployee(models.Model):
    """Technicians who have parts of their own with them."""

    _inherit = "hr.employee"

    auto_service_location_id = fields.Many2one(
        "stock.location",
        string="Van or trolley",
        copy=False,
        ondelete="restrict",
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
        groups="auto_service_base.group_parts,hr.group_hr_user",
        help="Place of the stock that the technician has with him. Parts of his jobs "
        "can be taken from it first.",
    )
