from odoo import api, models


class AutoServiceScan(models.AbstractModel):
    """The scanner knows every number of a part, but not what stands for it.

    Whoever holds a part in his hands means just this part.
    """

    _inherit = "auto.service.scan"

    @api.model
    def _find_products(self, code):
        numbers = self.env["auto.service.part.number"]
        found_ids = numbers._find_products(code, with_crosses=False)
        # Parts of other companies and archived ones are not meant.
        products = self.env["product.product"].search([("id", "in", found_ids)])
        return products or super()._find_products(code)
