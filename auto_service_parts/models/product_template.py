from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "auto.service.part.search"]

    part_brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="Brand",
        compute="_compute_part_brand_id",
        inverse="_inverse_part_brand_id",
        search="_search_part_brand_id",
        help="Maker of the part.",
    )
    part_number = fields.Char(
        string="Number",
        compute="_compute_part_number",
        inverse="_inverse_part_number",
        search="_search_part_number",
        help="The maker's number, as printed on the part.",
    )

    part_number_ids = fields.One2many(
        "auto.service.part.number",
        string="Numbers",
        compute="_compute_part_number_ids",
        inverse="_inverse_part_number_ids",
        help="Every number by which the product is found.",
    )

    @api.depends("product_variant_ids.part_brand_id")
    def _compute_part_brand_id(self):
        self._compute_template_field_from_variant_field("part_brand_id")

    def _inverse_part_brand_id(self):
        self._set_product_variant_field("part_brand_id")

    def _search_part_brand_id(self, operator, value):
        return [("product_variant_ids.part_brand_id", operator, value)]

    @api.depends("product_variant_ids.part_number")
    def _compute_part_number(self):
        self._compute_template_field_from_variant_field("part_number")

    def _inverse_part_number(self):
        self._set_product_variant_field("part_number")

    def _search_part_number(self, operator, value):
        return [("product_variant_ids.part_number", operator, value)]

    @api.depends("product_variant_ids.part_number_ids")
    def _compute_part_number_ids(self):
        """Products with variants have numbers on each of them."""
        for template in self:
            variants = template.product_variant_ids
            only = variants if len(variants) == 1 else variants.browse()
            template.part_number_ids = only.part_number_ids

    def _inverse_part_number_ids(self):
        for template in self.filtered(lambda it: len(it.product_variant_ids) == 1):
            template.product_variant_ids.part_number_ids = template.part_number_ids

    def _get_related_fields_variant_template(self):
        return [
            *super()._get_related_fields_variant_template(),
            "part_brand_id",
            "part_number",
        ]

    def _get_host_search_fields(self):
        return [*super()._get_host_search_fields(), "product_variant_ids.default_code"]

    def _get_ids_of_products(self, products):
        return products.product_tmpl_id.ids
