from odoo import api, models

#: Fields that the vendors' codes among the numbers of products follow.
CODE_FIELDS = ("product_code", "product_id", "product_tmpl_id")


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    @api.model_create_multi
    def create(self, vals_list):
        sellers = super().create(vals_list)
        sellers.filtered("product_code")._sync_part_numbers()
        return sellers

    def write(self, vals):
        if vals.keys().isdisjoint(CODE_FIELDS):
            return super().write(vals)
        products = self._get_products()
        result = super().write(vals)
        self.env["auto.service.part.number"]._sync(products | self._get_products())
        return result

    def unlink(self):
        products = self.filtered("product_code")._get_products()
        result = super().unlink()
        self.env["auto.service.part.number"]._sync(products.exists())
        return result

    def _sync_part_numbers(self):
        self.env["auto.service.part.number"]._sync(self._get_products())

    def _get_products(self):
        """Products that are bought by these prices.

        :return: product.product recordset, archived ones, too
        """
        sellers = self.with_context(active_test=False)
        templates = sellers.filtered(lambda it: not it.product_id).product_tmpl_id
        return sellers.product_id | templates.product_variant_ids
