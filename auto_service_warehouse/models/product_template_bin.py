from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    bin_id = fields.Many2one(
        "stock.location",
        string="Main bin",
        compute="_compute_bin_id",
        inverse="_inverse_bin_id",
        search="_search_bin_id",
        domain="[('usage', '=', 'internal'), ('warehouse_id', '!=', False)]",
        help="Where the part is put away when it comes, in your warehouse. Parts with "
        "variants have a main bin for each.",
    )

    @api.depends("product_variant_ids")
    @api.depends_context("company", "uid")
    def _compute_bin_id(self):
        for template in self:
            variants = template.product_variant_ids
            template.bin_id = variants.bin_id if len(variants) == 1 else False

    def _inverse_bin_id(self):
        for template in self:
            if len(template.product_variant_ids) == 1:
                template.product_variant_ids.bin_id = template.bin_id

    def _search_bin_id(self, operator, value):
        return [("product_variant_ids.bin_id", operator, value)]

    def action_show_main_bins(self):
        """Main bins of the part in every warehouse."""
        return self.product_variant_ids.action_show_main_bins()

    def action_make_barcode(self):
        """Give the parts a barcode of our own."""
        return self.product_variant_ids.action_make_barcode()
