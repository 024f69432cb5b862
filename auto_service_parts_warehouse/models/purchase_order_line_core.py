from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _get_core_price(self):
        """What the supplier asks in his offer goes before what the product says."""
        self.ensure_one()
        # costs of offers
        offer_sudo = self.sudo().parts_offer_id
        if not offer_sudo.core_price:
            return super()._get_core_price()
        return offer_sudo._to_company_currency(offer_sudo.core_price)
