from odoo import api, models

#: Roles that may see prices of products, whichever addon brings them.
PRICE_ROLES = (
    "auto_service_base.group_advisor",
    "auto_service_base.group_parts",
    "sales_team.group_sale_salesman",
    "purchase.group_purchase_user",
    "stock.group_stock_user",
    "account.group_account_readonly",
    "account.group_account_invoice",
    "account.group_account_basic",
    "point_of_sale.group_pos_user",
    "product.group_product_manager",
    "base.group_system",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.private
    def is_kept_from_prices(self):
        """Whether technician is the only business role of the user.

        Used by the record rules of price lists and by
        ``auto.service.price.guard``. The host lets every employee read the prices of
        products; a technician never reads one.

        :return: bool
        """
        self.ensure_one()
        return self.has_group("auto_service_base.group_technician") and not any(
            self.has_group(role) for role in self._get_price_roles()
        )

    @api.model
    def _get_price_roles(self):
        """External ids of the groups that see prices; extend with your addon's."""
        return PRICE_ROLES
