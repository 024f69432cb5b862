from odoo import api, fields, models
from odoo.fields import Domain


class AutoServicePartSearch(models.AbstractModel):
    """The search box of products finds them by any of their numbers."""

    _name = "auto.service.part.search"
    _description = "Search of Products by Number"

    part_search = fields.Char(
        string="Product by any number",
        compute="_compute_part_search",
        search="_search_part_search",
        exportable=False,
        export_string_translation=False,
        help="Finds products by any of their numbers, in any spelling.",
    )

    def _compute_part_search(self):
        self.part_search = False

    def _search_part_search(self, operator, value):
        """Products by any of their numbers, else as the search box of the host."""
        if operator not in ("ilike", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        domains = [self._get_text_domain(text) for text in texts if text]
        return Domain.OR(domains) if domains else Domain.TRUE

    @api.model
    def _get_text_domain(self, text):
        """What the search box finds for one text."""
        products = self.env["product.product"]
        host = Domain.OR(
            [Domain(fname, "ilike", text) for fname in self._get_host_search_fields()]
        )
        found_ids = products._find_by_number(text)
        # Archived products and those of other companies are not shown anyway.
        found = found_ids and products.search([("id", "in", found_ids)])
        if not found:
            return host
        domain = Domain("id", "in", self._get_ids_of_products(found))
        return domain if products._is_surely_number(text) else domain | host

    @api.model
    def _get_host_search_fields(self):
        """Fields that the host's search box looks at."""
        return ["default_code", "name", "barcode"]

    @api.model
    def _get_ids_of_products(self, products):
        """Records of this model that the products are, or belong to."""
        return products.ids
