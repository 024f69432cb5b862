from dataclasses import replace

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.offer import PlainOffer
from ..tools.part_match import get_cross_rank
from ..tools.part_number import number_key

#: More offers than anybody looks at; a number that is so common is no number.
MAX_OFFERS = 3000


class AutoServicePartFinder(models.AbstractModel):
    """Offers of own stock and of price lists for the parts that were found."""

    _inherit = "auto.service.part.finder"

    @api.model
    def _find_offers(self, matches, company):
        """Offers that lie here: own products, and price lists in force.

        :param matches: list of PartMatch
        :param company: res.company record
        :return: list of tuples (PartMatch, ``own`` or ``list``, product.product or
            auto.service.price.list record, PlainOffer), the closest match first
        """
        offers = [
            *self._find_own_offers(matches, company),
            *self._find_list_offers(matches, company),
        ]
        return sorted(offers, key=lambda row: row[0].rank)

    # --- price lists

    @api.model
    def _get_price_lists(self, company):
        """Price lists whose rows are in force.

        :return: auto.service.price.list recordset
        """
        # The company is named; its people need no rights on the lists themselves.
        lists_sudo = self.env["auto.service.price.list"].sudo()
        lists_sudo = lists_sudo.search_fetch(
            self._get_price_lists_domain(company),
            [
                *("generation", "partner_id", "currency_id", "name", "loaded_at"),
                *("stale_days", "is_hidden_when_stale"),
            ],
        )
        return lists_sudo.filtered(lambda it: not it._is_hidden())

    @api.model
    def _get_price_lists_domain(self, company):
        """Which price lists count; override to leave out more."""
        return Domain("company_id", "=", company.id) & Domain("generation", ">", 0)

    def _find_list_offers(self, matches, company):
        """Rows of price lists: one statement by the index of each partition."""
        lists = {it.generation: it for it in self._get_price_lists(company)}
        keys = {
            (match.number_key, key) for match in matches for key in match.brand_keys
        }
        if not lists or not keys:
            return
        by_part = {match.key: match for match in matches}
        general, special = self.env["auto.service.part.brand"]._get_name_map()
        # Read once, not for every row.
        currencies = self._get_currency_names()
        sources = {
            generation: (
                it.sudo(self.env.su),
                it.partner_id.id,
                currencies.get(it.currency_id.id) or it.currency_id.name,
                it._get_offer_note(""),
            )
            for generation, it in lists.items()
        }
        for row in self.env.execute_query(self._get_offer_query(keys, tuple(lists))):
            generation, brand_key, key, *values = row
            price_list, partner_id, currency, age = sources[generation]
            # The supplier may mean another brand by the name than everybody else.
            brand_id = special.get((partner_id, brand_key)) or general.get(brand_key)
            match = by_part.get((brand_id or brand_key, key))
            if match:
                offer = self._make_list_offer(currency, age, values)
                yield match, "list", price_list, offer

    def _get_offer_query(self, keys, generations):
        return SQL(
            """
            SELECT r.generation, r.brand_key, r.number_key, r.brand, r.number, r.name,
                   r.quantity, r.quantity_sign::text, r.is_on_order, r.multiplicity,
                   r.min_quantity, r.price, r.currency, r.core_price, r.price_cap,
                   r.hours_min, r.hours_max, r.is_no_return, r.warehouse, r.note,
                   r.supplier_code
              FROM unnest(%s::text[], %s::text[]) AS m (number_key, brand_key)
              JOIN auto_service_price_row r
                ON r.number_key = m.number_key AND r.brand_key = m.brand_key
             WHERE r.generation IN %s
             LIMIT %s
            """,
            [number for number, _brand in keys],
            [brand for _number, brand in keys],
            generations,
            MAX_OFFERS,
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _get_currency_names(self):
        """ISO codes of all currencies; the host clears the cache with them.

        :return: dict of str by id
        """
        rows = self.env.execute_query(SQL("SELECT id, name FROM res_currency"))
        return dict(rows)

    def _make_list_offer(self, list_currency, age, values):
        """An offer of a row, in the shape of all offers.

        :param str list_currency: ISO code for rows that name none
        :param str age: what is to be said of an old list, empty for a fresh one
        :param values: columns of ``_get_offer_query`` from ``brand`` on
        """
        (
            brand,
            number,
            name,
            quantity,
            sign,
            is_on_order,
            multiplicity,
            min_quantity,
            price,
            currency,
            core_price,
            price_cap,
            hours_min,
            hours_max,
            is_no_return,
            warehouse,
            note,
            code,
        ) = values
        return PlainOffer(
            brand=brand,
            number=number,
            name=name or "",
            quantity=quantity,
            quantity_sign=sign,
            is_on_order=is_on_order,
            multiplicity=multiplicity,
            min_quantity=min_quantity,
            price=price,
            currency=currency or list_currency,
            core_price=core_price,
            price_cap=price_cap,
            hours_min=hours_min,
            hours_max=hours_max,
            is_no_return=is_no_return,
            warehouse=warehouse or "",
            note=" · ".join(filter(None, (note, age))),
            order_token={"code": code} if code else {},
        )

    # --- own products

    def _find_own_offers(self, matches, company):
        """Own products with one of the numbers, with what is in stock of them."""
        found = self._find_own_products(matches, company)
        products = self.env["product.product"].browse(found).sudo()
        products = products.with_company(company)
        if not products:
            return
        self._fetch_own_products(products)
        stock = self._get_own_stock(products)
        for product in products:
            match = self._get_own_match(product, found[product.id])
            for offer in self._make_own_offers(product, stock.get(product.id), match):
                yield match, "own", product.sudo(self.env.su), offer

    def _fetch_own_products(self, products):
        """Read what offers need: left to itself the host reads every field."""
        products.fetch(
            [
                *("product_tmpl_id", "part_brand_id", "part_number", "default_code"),
                "standard_price",
            ]
        )
        products.product_tmpl_id.fetch(self._get_own_template_fields())
        products.env.company.fetch(["currency_id"])

    @api.model
    def _get_own_template_fields(self):
        """Fields of templates that offers need. Override to read more at once."""
        return ["name"]

    def _get_own_match(self, product, match):
        """A product of another maker with the number is an equivalent."""
        brand = product.part_brand_id
        if not brand or not match.brand_id or brand.id == match.brand_id:
            return match
        number = product.part_number or match.number
        chain = match.note or f"{match.brand_name} {match.number}"
        return replace(
            match,
            brand_id=brand.id,
            brand_name=brand._get_names()[brand.id],
            brand_keys=brand._get_brand_keys(brand.id),
            number=number,
            number_key=number_key(number),
            found_by="cross",
            rank=max(match.rank, get_cross_rank("same", 100)),
            note=f"{chain} → {brand._get_names()[brand.id]} {number}",
        )

    def _find_own_products(self, matches, company):
        """Own products by one of their numbers.

        :return: dict of PartMatch by product id, the closest match of each
        """
        places = {}
        for place, match in enumerate(matches):
            places.setdefault((match.number_key, match.brand_id or 0), place)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT n.product_id, min(m.place)
                  FROM unnest(%s::text[], %s::int[], %s::int[])
                       AS m (number_key, brand_id, place)
                  JOIN auto_service_part_number n ON n.number_key = m.number_key
                  JOIN product_product p ON p.id = n.product_id AND p.active
                 WHERE COALESCE(n.brand_id, p.part_brand_id, 0) = m.brand_id
                   AND (n.company_id IS NULL OR n.company_id = %s)
                 GROUP BY n.product_id
                 ORDER BY 2, 1
                """,
                [number for number, _brand in places],
                [brand for _number, brand in places],
                list(places.values()),
                company.id,
            )
        )
        return {product_id: matches[place] for product_id, place in rows}

    @api.model
    def _get_own_stock(self, products):
        """What is free of the products, warehouse by warehouse.

        Hook for the addon that knows stock.

        :param products: product.product recordset with the company in its context
        :return: dict of lists of pairs (name of the warehouse, quantity in the unit of
            the product) by product id; products whose quantity is not kept are missing
        """
        return {}

    def _make_own_offers(self, product, quantities, match):
        """Offers of a product, one for each warehouse; none in stock is one, too."""
        values = {
            "brand": match.brand_name if match.brand_id else "",
            "number": product.part_number or product.default_code or match.number,
            "name": product.product_tmpl_id.name,
            "price": product.standard_price,
            "currency": self._get_currency_names()[product.env.company.currency_id.id],
        }
        if quantities is None:
            note = self.env._("Quantity is not kept")
            return [PlainOffer(**values, quantity_sign="~", note=note)]
        return [
            PlainOffer(
                **values,
                quantity=quantity,
                warehouse=warehouse,
                hours_min=0 if quantity > 0 else None,
                hours_max=0 if quantity > 0 else None,
            )
            for warehouse, quantity in quantities or [("", 0.0)]
        ]
