from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    _auto_service_code_idx = models.Index(
        lambda registry: (
            "USING gin (default_code gin_trgm_ops)" if registry.has_trigram else ""
        )
    )

    def action_open_part_balance(self):
        """The balance of the part as a page of its own."""
        self.ensure_one()
        return self.env["auto.service.part.balance"]._get_screen_action(self)
