from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.markup import Markup, limit, mark_up


class AutoServicePartsMarkup(models.Model):
    """Prices for the customer, all offers of an enquiry at once.

    Cost, markup of the first rule that fits, the host's pricelist of the customer with
    that price as its base, the supplier's cap, the rounding of the currency. The number
    of queries does not depend on the number of offers.
    """

    _inherit = "auto.service.parts.markup"

    @api.model
    def _get_sale_prices(self, rows, company, customer=None, pricelist=None):
        """Prices of one piece for the customer, without taxes, in company currency.

        :param list rows: dicts with ``kind`` and ``cost`` (company currency), and where
            they are known ``partner_id``, ``brand_id``, ``number_key``,
            ``product_id``, ``price``, ``price_cap`` (both in the currency of the
            price), as values of auto.service.parts.offer
        :param company: res.company record that sells
        :param customer: res.partner record who buys; may be empty
        :param pricelist: product.pricelist record; that of the customer when omitted
        :return: list of tuples (price, rule record or empty, explanation) in the order
            of ``rows``
        """
        # Advisors sell by rules, pricelists and products that they cannot edit.
        pricing = (
            self.sudo()
            .with_company(company)
            ._prepare_pricing(
                rows, company, customer or self.env["res.partner"], pricelist
            )
        )
        return [pricing.get_price(row) for row in rows]

    @api.model
    def _prepare_pricing(self, rows, company, customer, pricelist=None):
        """Everything that prices need, read once; override to price otherwise.

        :return: object with a method ``get_price``
        """
        customer = customer.with_env(self.env)
        if pricelist is None:
            pricelist = customer and customer.property_product_pricelist
        return Pricing(self.env, rows, company, customer, pricelist)

    @api.model
    def _get_rules_domain(self, company):
        """Rules that are looked through, the first one that fits wins.

        :return: Domain
        """
        return Domain("company_id", "in", [False, company.id])

    def _get_markup(self, cost):
        """Price of a part by the bands of the rule alone.

        :param float cost: of one piece, in the currency of the rule
        :return: tools.markup.Markup
        """
        if not self:
            return Markup(cost)
        return mark_up(
            self._get_bands(), cost, self.percent_of == "price", self.is_steady
        )


class Pricing:
    """Rules, pricelist and products of one question about prices, read once.

    :param env: environment in sudo, of the company that sells
    """

    def __init__(self, env, rows, company, customer, pricelist):
        self.env = env
        self.company = company
        self.currency = company.currency_id
        self.tag_ids = self._get_tags(customer)
        self.rules = env["auto.service.parts.markup"].search(
            env["auto.service.parts.markup"]._get_rules_domain(company)
        )
        self.found = {}  # rule by what the offer is
        self.bands = {}
        self.pricelist = pricelist and pricelist.with_env(env)
        self.known = self._find_known(rows) if self.pricelist else {}
        ids = {row["product_id"] for row in rows if row.get("product_id")}
        products = env["product.product"].browse(ids | set(self.known.values()))
        self.products = {product.id: product for product in products.exists()}
        self.items = self._get_items() if self.pricelist else {}

    def _get_tags(self, customer):
        """Groups of the customer; of nobody known, the ones that the settings name."""
        if not customer:
            return set(self.company.auto_service_parts_tag_id.ids)
        return set((customer | customer.commercial_partner_id).category_id.ids)

    def _find_known(self, rows):
        """Products that offers are already, where the pricelist cares for products.

        :return: dict of (brand id, number key) to product id
        """
        rules = Domain("pricelist_id", "=", self.pricelist.id) & (
            Domain("applied_on", "!=", "3_global") | Domain("base", "=", "pricelist")
        )
        if not self.env["product.pricelist.item"].search_count(rules, limit=1):
            return {}
        numbers = self.env["auto.service.part.number"].search(
            Domain("kind", "=", "main")
            & Domain("number_key", "in", {row.get("number_key") for row in rows})
            & Domain("brand_id", "in", {row.get("brand_id") for row in rows})
            & Domain("company_id", "in", [False, self.company.id])
        )
        return {
            (number.brand_id.id, number.number_key): number.product_id.id
            for number in numbers
        }

    def _get_product(self, row):
        """Product of an offer.

        :return: product.product record, ``None`` when it is none yet
        """
        key = (row.get("brand_id"), row.get("number_key"))
        return self.products.get(row.get("product_id") or self.known.get(key))

    def _get_items(self):
        """Rule of the pricelist for every product, and for parts without one.

        :return: dict of product id (0 for none) to product.pricelist.item record
        """
        products = self.env["product.product"].concat(*self.products.values())
        self.now = fields.Datetime.now()
        self.listed = self.env._("Pricelist “%(name)s”", name=self.pricelist.name)
        self.unknown = self._get_unknown_product()
        self.cache = {part._name: part for part in (products, self.unknown)}
        return {**self._find_items(self.unknown), **self._find_items(products)}

    def _find_items(self, products):
        found = self.pricelist._compute_price_rule(
            products,
            1.0,
            date=self.now,
            compute_price=False,
            auto_service_rules=self.cache,
        )
        ids = {product.id or 0: found[product.id][1] for product in products}
        items = self.env["product.pricelist.item"].browse(filter(None, ids.values()))
        by_id = {item.id: item for item in items}
        return {key: by_id.get(item_id, items[:0]) for key, item_id in ids.items()}

    def _get_unknown_product(self):
        """A part that is no product yet, as the pricelist would see it."""
        return self.env["product.template"].new(
            {
                "categ_id": self.company.auto_service_parts_category_id.id,
                "uom_id": self.env["product.template"]._get_default_uom_id().id,
            }
        )

    def get_price(self, row):
        """Price for the customer.

        :param dict row: see ``_get_sale_prices``
        :return: tuple (price, rule, explanation)
        """
        cost = row.get("cost") or 0.0
        product = self._get_product(row)
        rule = self._find_rule(row)
        if not rule and row.get("kind") == "own" and product:
            price, steps = self._get_price_of_product(product)
        else:
            price, steps = self._mark_up(rule, cost)
            price, steps = self._follow_pricelist(product, price, cost, steps)
        price, steps = self._follow_cap(row, price, steps)
        price = self.currency.round(price)
        if self.currency.compare_amounts(price, cost) < 0:
            steps.append(self.env._("Below the cost!"))
        return price, rule, "; ".join(steps)

    def _find_rule(self, row):
        key = (row.get("kind") == "own", row.get("partner_id"), row.get("brand_id"))
        if key not in self.found:
            self.found[key] = next(
                (rule for rule in self.rules if rule._fits(*key, self.tag_ids)),
                self.rules.browse(),
            )
        return self.found[key]

    def _mark_up(self, rule, cost):
        """Price by the rule, and how it came about.

        :return: pair (price, list of texts)
        """
        if not rule:
            return cost, [self.env._("No rule fits: sold at the cost")]
        if rule not in self.bands:
            self.bands[rule] = rule._get_bands()
        is_margin = rule.percent_of == "price"
        markup = mark_up(self.bands[rule], cost, is_margin, rule.is_steady)
        return markup.price, [self._explain_markup(rule, markup, is_margin)]

    def _explain_markup(self, rule, markup, is_margin):
        if not markup.band:
            return rule.name
        text = f"{rule.name}: {markup.band.percent:+g} %"
        if is_margin:
            text = self.env._(
                "%(rule)s: margin %(percent)s %%",
                rule=rule.name,
                percent=f"{markup.band.percent:g}",
            )
        if markup.band.fixed:
            text += f" {markup.band.fixed:+.2f}"
        if markup.is_held:
            text += self.env._(", not less than cheaper parts")
        return text

    def _follow_pricelist(self, product, price, cost, steps):
        """The customer's pricelist on top of our price, by the host's own formulas.

        :return: pair (price, list of texts)
        """
        item = self.items.get(product.id if product else 0)
        if not item:
            return price, steps
        part = product or self.unknown
        listed = self._get_item_price(item, part, price, cost)
        if item.compute_price == "fixed":
            return self._without_taxes(part, listed), [self.listed]
        return listed, [*steps, self.listed]

    def _get_item_price(self, item, part, price, cost):
        """Price by a rule of a pricelist, in the currency of the company."""
        listed = item._compute_price(
            part,
            1.0,
            part.uom_id,
            self.now,
            self.pricelist.currency_id,
            auto_service_part=(self.company, price, cost),
            auto_service_rules=self.cache,
        )
        return self._to_company(listed)

    def _to_company(self, amount):
        if not self.pricelist or self.pricelist.currency_id == self.currency:
            return amount
        return self.pricelist.currency_id._convert(
            amount, self.currency, self.company, self.now, round=False
        )

    def _get_price_of_product(self, product):
        """Price of a part in own stock: that of its product, by the host.

        :return: pair (price, list of texts)
        """
        item = self.items.get(product.id)
        if item is None or not self.pricelist:
            price, name = product.lst_price, self.env._("Price of the product")
        else:
            price = self._to_company(
                item._compute_price(
                    product,
                    1.0,
                    product.uom_id,
                    self.now,
                    self.pricelist.currency_id,
                    auto_service_rules=self.cache,
                )
            )
            name = self.listed
        return self._without_taxes(product, price), [name]

    def _without_taxes(self, product, price):
        """Prices of products may contain taxes; ours do not."""
        taxes = product.taxes_id._filter_taxes_by_company(self.company)
        if not any(taxes.mapped("price_include")):
            return price
        return taxes._adapt_price_unit_to_another_taxes(
            price, product, taxes, taxes.browse()
        )

    def _follow_cap(self, row, price, steps):
        """At most what the supplier allows.

        :return: pair (price, list of texts)
        """
        cap = self._get_cap(row)
        if not cap or self.currency.compare_amounts(price, cap) <= 0:
            return price, steps
        text = self.env._("at most %(cap)s, says the supplier", cap=f"{cap:.2f}")
        return limit(price, cap), [*steps, text]

    def _get_cap(self, row):
        """Highest price that the supplier allows, in company currency; 0 for none."""
        cap, price = row.get("price_cap") or 0.0, row.get("price") or 0.0
        rate = (row.get("cost") or 0.0) / price if price else 1.0
        return cap * rate
