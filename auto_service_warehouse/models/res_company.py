from odoo import fields, models

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

    def _guard_new_stock(self):
        """Turn the guard on where nothing was ever moved.

        :return: the companies that are guarded now
        """
        moved = self.env["stock.move"]._read_group(
            [("company_id", "in", self.ids)], ["company_id"]
        )
        new = self - self.union(*(company for (company,) in moved))
        new.auto_service_stock_guard = True
        return new
