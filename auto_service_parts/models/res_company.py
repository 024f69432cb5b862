from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    auto_service_parts_tag_id = fields.Many2one(
        "res.partner.category",
        string="Group of customers who are not known",
        ondelete="set null",
        help="An enquiry without a customer shows the prices of this group.",
    )
    auto_service_parts_category_id = fields.Many2one(
        "product.category",
        string="Category of new parts",
        ondelete="set null",
        help="Parts that are added from an enquiry become products of this category, "
        "unless their group of parts names one.",
    )
    auto_service_core_product_id = fields.Many2one(
        "product.product",
        string="Core deposit service",
        domain="[('type', '=', 'service')]",
        ondelete="restrict",
        help="What the deposit for an old part is billed as, with its taxes and its "
        "account.",
    )
    auto_service_parts_need_user_id = fields.Many2one(
        "res.users",
        string="Parts that technicians need",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Gets a task when a technician needs a part. Empty: the advisor of the "
        "work order.",
    )

    def _get_core_product(self):
        """Service that deposits for old parts are billed as.

        :return: product.product record
        :raise UserError: when somebody deleted it and chose no other
        """
        self.ensure_one()
        company_sudo = self.sudo()  # advisors have no rights on settings
        product = company_sudo.auto_service_core_product_id or self.env.ref(
            "auto_service_parts.product_core_deposit", raise_if_not_found=False
        )
        if not product:
            raise UserError(
                self.env._(
                    "Choose the core deposit service under Configuration, Settings."
                )
            )
        return product.with_env(self.env)
