from math import ceil

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.part_number import brand_key


class AutoServicePartsOffer(models.Model):
    """From offer to product: made once per brand and number, with its vendor price."""

    _inherit = "auto.service.parts.offer"

    def _get_or_create_product(self):
        """Product of the brand and number that is offered, with the vendor's price.

        :return: product.product record
        """
        self.ensure_one()
        product = self.product_id or self._find_product()
        if not product:
            # Two people may add the same part at once: the second one finds it.
            self.env["auto.service.entry.guard"].sudo()._enter(self._get_part_code())
            product = self._find_product() or self._create_product()
        product = product.with_env(self.env)
        # Advisors have no rights on products; the offer remembers what it became.
        self.sudo().product_id = product
        self._revive_product(product)
        self._set_vendor_price(product)
        return product

    def _get_part_code(self):
        """What must not be made twice at once."""
        self.ensure_one()
        key = self.brand_id.name_key or brand_key(self.brand_name)
        return f"part:{key}:{self.number_key}"

    def _find_product(self):
        """Product whose own number this is, archived ones included.

        :return: product.product record, may be empty
        """
        self.ensure_one()
        brand = self.brand_id or self._find_brand()
        if not brand:
            return self.env["product.product"]
        # Advisors may not see every product that has the number already.
        products_sudo = self.env["product.product"].sudo()
        return products_sudo._get_by_part_number(
            brand.id, self.number_key, self.company_id
        )

    def _find_brand(self):
        """Brand by the name that the source writes, by everybody's or its own names.

        :return: auto.service.part.brand record, may be empty
        """
        self.ensure_one()
        key = brand_key(self.brand_name)
        brands = self.env["auto.service.part.brand"].with_context(active_test=False)
        brand = brands.search([("name_key", "=", key)], limit=1)
        aliases = self.env["auto.service.part.brand.alias"].search(
            Domain("name_key", "=", key)
            & Domain("partner_id", "in", [False, self.partner_id.id])
        )
        own = aliases.filtered("partner_id")[:1]
        return own.brand_id or brand or aliases[:1].brand_id

    def _get_or_create_brand(self):
        """Brand of the offer; a part that is bought makes its brand known.

        :return: auto.service.part.brand record
        :raise UserError: when the source names no brand
        """
        self.ensure_one()
        brand = self.brand_id or self._find_brand()
        if brand:
            return brand
        if not brand_key(self.brand_name):
            raise UserError(
                self.env._(
                    "%(offerer)s names no brand for %(number)s. Make the product by "
                    "hand and add it to the estimate.",
                    offerer=self.source_name or self.env._("The supplier"),
                    number=self.number,
                )
            )
        # Advisors add parts; the list of brands is kept by the parts people.
        brands_sudo = self.env["auto.service.part.brand"].sudo()
        return brands_sudo.create({"name": self.brand_name.strip()})

    def _create_product(self):
        # Advisors add parts to estimates without rights on products.
        products_sudo = self.env["product.product"].sudo()
        return products_sudo.with_company(self.company_id).create(
            self._prepare_product_values()
        )

    def _prepare_product_values(self):
        """Values of the product that is made of the offer; extend in your addon."""
        self.ensure_one()
        offer_sudo = self.sudo()  # the price fields
        category = self._get_product_category()
        return {
            "name": self.name or self.env._("Part %(number)s", number=self.number),
            "default_code": self.number,
            "type": "consu",
            "part_brand_id": self._get_or_create_brand().id,
            "part_number": self.number,
            "list_price": self._get_list_price(),
            "standard_price": offer_sudo.cost,
            "company_id": False,
            "purchase_ok": True,
            **({"categ_id": category.id} if category else {}),
        }

    def _get_list_price(self):
        """Price for customers of no group, as the price of a new product."""
        markups = self.env["auto.service.parts.markup"]
        rows = self._prepare_price_rows()
        return markups._get_sale_prices(rows, self.company_id)[0][0]

    def _get_product_category(self):
        """Category of a new product: of its group of parts, else of the company.

        :return: product.category record, may be empty
        """
        self.ensure_one()
        groups = self.enquiry_id.job_id.sudo().line_ids.operation_id.part_group_ids
        text = (self.name or "").casefold()
        named = groups.filtered(
            lambda group: group.product_category_id and group.name.casefold() in text
        )
        company_sudo = self.company_id.sudo()
        return (
            named[:1].product_category_id or company_sudo.auto_service_parts_category_id
        )

    def _revive_product(self, product):
        """A product that was archived is needed again."""
        product_sudo = product.sudo()  # advisors have no rights on products
        if not product_sudo.active or not product_sudo.product_tmpl_id.active:
            product_sudo.product_tmpl_id.active = True
            product_sudo.active = True

    # Vendor price -------------------------------------------------------------

    def _set_vendor_price(self, product):
        """The vendor's price of today on the product, one line for each vendor."""
        self.ensure_one()
        if not self.partner_id or self.kind == "own":
            return
        values = self._prepare_vendor_values(product)
        # Advisors have no rights on vendor prices.
        seller_sudo = self.sudo()._find_vendor_line(product.sudo())
        if not seller_sudo:
            seller_sudo.create(values)
            return
        changed = {
            name: value
            for name, value in values.items()
            if seller_sudo._fields[name].convert_to_write(
                seller_sudo[name], seller_sudo
            )
            != value
        }
        if changed:
            seller_sudo.write(changed)

    def _find_vendor_line(self, product):
        """Vendor price of the offer's supplier that is ours to keep up.

        :return: product.supplierinfo record, may be empty
        """
        return product.seller_ids.filtered(
            lambda seller: seller.partner_id == self.partner_id
            and seller.company_id == self.company_id
            and not seller.date_start
            and not seller.date_end
        )[:1]

    def _prepare_vendor_values(self, product):
        """Values of the vendor price; extend in your addon."""
        self.ensure_one()
        offer_sudo = self.sudo()  # the price fields
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_tmpl_id": product.sudo().product_tmpl_id.id,
            "product_code": self.number,
            "price": offer_sudo.price,
            "currency_id": (self.currency_id or self.company_id.currency_id).id,
            "min_qty": self.min_quantity,
            "delay": ceil((self.hours_max or self.hours_min or 0) / 24),
        }
