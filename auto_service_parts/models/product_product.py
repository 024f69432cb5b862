from odoo import api, fields, models

from ..tools.part_number import number_key

#: Fields that the kept numbers follow.
NUMBER_FIELDS = ("part_brand_id", "part_number", "default_code", "barcode")
#: Other ways to compare do not look for one number.
SEARCH_OPERATORS = ("ilike", "like", "=", "in")
#: Whoever types more does not look for a number.
MAX_LENGTH = 64


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "auto.service.part.search"]

    part_brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="Brand",
        index="btree_not_null",
        ondelete="restrict",
        help="Maker of the part.",
    )
    part_number = fields.Char(
        string="Number",
        copy=False,
        help="The maker's number, as printed on the part.",
    )
    part_number_ids = fields.One2many(
        "auto.service.part.number",
        "product_id",
        string="Numbers",
        help="Every number by which the product is found.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        self.env["auto.service.part.number"]._sync(products, is_new=True)
        return products

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(NUMBER_FIELDS):
            self.env["auto.service.part.number"]._sync(self)
        return result

    def _get_kept_numbers(self):
        """The numbers that products keep by themselves.

        :return: set of tuples (product id, kind, brand id, number)
        """
        numbers = set()
        # Codes of vendors are not for everybody, but everybody searches by them.
        for product in self.sudo():
            brand_id = product.part_brand_id.id
            found = [
                ("main" if brand_id else "reference", brand_id, product.part_number),
                ("reference", False, product.default_code),
                ("barcode", False, product.barcode),
                *(("supplier", False, code) for code in product._get_vendor_codes()),
            ]
            numbers.update(
                (product.id, kind, brand, number)
                for kind, brand, number in found
                if number_key(number)
            )
        return numbers

    def _get_vendor_codes(self):
        """Codes under which vendors sell the product.

        :return: list of str
        """
        self.ensure_one()
        return [
            seller.product_code
            for seller in self.seller_ids
            if seller.product_code and seller.product_id in (self.browse(), self)
        ]

    # --- search

    @api.model
    def _get_by_part_number(self, brand_id, number, company=None):
        """The product of a brand and number, an archived one if there is no other.

        :param str number: in any spelling
        :param company: res.company record; the user's when omitted
        :return: product.product record, empty when there is none
        """
        company = company or self.env.company
        rows = self.env["auto.service.part.number"].sudo()
        rows = rows.search(
            [
                ("number_key", "=", number_key(number)),
                ("brand_id", "=", brand_id),
                ("kind", "=", "main"),
                ("company_id", "in", [False, company.id]),
            ]
        )
        products = rows.with_context(active_test=False).product_id
        products = products.sorted(lambda it: (not it.active, not it.company_id, it.id))
        return self.browse(products[:1].ids)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Products by any of their numbers first, then as the host finds them."""
        found_ids = self._find_by_number(name, operator)
        if not found_ids:
            return super().name_search(name, domain, operator, limit)
        domain = fields.Domain(domain or fields.Domain.TRUE)
        products = self.search_fetch(
            domain & fields.Domain("id", "in", found_ids), ["display_name"]
        )
        place = {product_id: place for place, product_id in enumerate(found_ids)}
        products = products.sorted(lambda it: place[it.id])[:limit]
        result = [(product.id, product.display_name) for product in products.sudo()]
        left = limit - len(result) if limit else limit
        if (result and self._is_surely_number(name)) or left == 0:
            return result
        others = domain & fields.Domain("id", "not in", products.ids)
        return result + super().name_search(name, others, operator, left)

    def _search_display_name(self, operator, value):
        """As the host, and products that have one of the numbers."""
        domain = super()._search_display_name(operator, value)
        values = [value] if isinstance(value, str) else value
        if operator not in SEARCH_OPERATORS or not values:
            return domain
        found_ids = [
            product_id
            for text in values
            for product_id in self._find_by_number(text, operator)
        ]
        if not found_ids:
            return domain
        return fields.Domain(domain) | fields.Domain("id", "in", found_ids)

    @api.model
    def _find_by_number(self, text, operator="ilike"):
        """Products that have the number; nothing is asked for what cannot be one.

        What only stands for it is not equal to it: a file that names a product does
        not mean its equivalent.

        :return: list of ids
        """
        if operator not in SEARCH_OPERATORS or not isinstance(text, str):
            return []
        if len(text) > MAX_LENGTH:
            return []
        if not any(char.isdigit() for char in text):
            return []
        with_crosses = operator not in ("=", "in")
        numbers = self.env["auto.service.part.number"]
        return numbers._find_products(text, with_crosses)

    @api.model
    def _is_surely_number(self, text):
        """Nobody means a word of a name by it: six letters and digits at least."""
        return len(number_key(text)) >= 6
