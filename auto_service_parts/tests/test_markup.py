from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestMarkup(PartsCommon):
    """Cost, markup, the host's pricelist, cap, rounding: what the customer pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.markups = cls.env["auto.service.parts.markup"]
        cls._archive_markups()
        cls.mahle = cls._create_brand("MAHLE")
        cls.gold = cls.env["res.partner.category"].create({"name": "Gold"})
        cls.customer = cls._create_partner(name="Fleet Ltd")
        cls.unit = cls.env.ref("uom.product_uom_unit")

    @classmethod
    def _create_pricelist(cls, **item):
        """Pricelist of the customer with one rule."""
        pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Fleet",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [Command.create(item)],
            }
        )
        # As the settings do that switch pricelists on.
        group = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= group
        cls.customer.property_product_pricelist = pricelist
        return pricelist

    def _price(self, customer=None, **row):
        row = {"kind": "live", "cost": 10.0, "partner_id": self.supplier.id, **row}
        return self.markups._get_sale_prices([row], self.company, customer)[0]

    def test_band_of_the_cost_makes_the_price(self):
        rule = self._create_markup((0, 60), (20, 40, 1.5), (100, 20))
        for cost, price in (
            (0.0, 0.0),
            (10.0, 16.0),
            (19.99, 31.98),
            (20.0, 29.5),
            (100.0, 120.0),
        ):
            with self.subTest(cost=cost):
                got, used, text = self._price(cost=cost)
                self.assertEqual(got, price)
                self.assertEqual(used, rule)
                self.assertIn("Rule: ", text)

    def test_steady_rule_never_steps_down(self):
        self._create_markup((0, 100), (10, 50), is_steady=True)
        self.assertEqual(self._price(cost=9.0)[0], 18.0)
        price, _rule, text = self._price(cost=11.0)
        self.assertEqual(price, 20.0)
        self.assertIn("not less than cheaper parts", text)
        self.assertEqual(self._price(cost=14.0)[0], 21.0)

    def test_per_cent_may_be_the_margin_in_the_price(self):
        self._create_markup((0, 25), percent_of="price")
        self.assertEqual(self._price(cost=80.0)[0], 106.67)

    def test_first_rule_that_fits_wins(self):
        general = self._create_markup((0, 50), sequence=50)
        brand = self._create_markup((0, 40), sequence=30, brand_id=self.mahle.id)
        supplier = self._create_markup(
            (0, 30), sequence=20, partner_id=self.supplier.id, brand_id=self.mahle.id
        )
        group = self._create_markup((0, 10), sequence=10, customer_tag_id=self.gold.id)
        other = self._create_partner(name="Other Supplier")
        gold = self._create_partner(name="Gold", category_id=[self.gold.id])
        worker = self._create_partner(name="Driver", parent_id=gold.id)
        for rule, customer, row in (
            (general, None, {}),
            (general, self.customer, {"partner_id": False, "brand_id": False}),
            (brand, None, {"brand_id": self.mahle.id, "partner_id": other.id}),
            (supplier, None, {"brand_id": self.mahle.id}),
            (group, gold, {"brand_id": self.mahle.id}),
            (group, worker, {}),
        ):
            with self.subTest(rule=rule.conditions):
                self.assertEqual(self._price(customer, **row)[1], rule)

    def test_customer_who_is_not_known_is_of_the_group_of_the_settings(self):
        self._create_markup((0, 10), sequence=1, customer_tag_id=self.gold.id)
        self._create_markup((0, 50), sequence=2)
        self.assertEqual(self._price()[0], 15.0)
        self.company.auto_service_parts_tag_id = self.gold
        self.assertEqual(self._price()[0], 11.0)
        self.assertEqual(self._price(self.customer)[0], 15.0)

    def test_rules_of_another_company_are_not_used(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        self._create_markup((0, 90), company_id=other.id, sequence=1)
        shared = self._create_markup((0, 50), company_id=False, sequence=2)
        self.assertEqual(self._price()[1], shared)

    def test_without_a_rule_the_cost_is_told_to_be_the_price(self):
        price, rule, text = self._price(cost=12.34)
        self.assertEqual((price, len(rule)), (12.34, 0))
        self.assertIn("sold at the cost", text)

    def test_pricelist_takes_its_discount_off_our_price(self):
        self._create_markup((0, 50))
        self._create_pricelist(compute_price="percentage", percent_price=10.0)
        price, _rule, text = self._price(self.customer)
        self.assertEqual(price, 13.5)
        self.assertIn("Pricelist “Fleet”", text)
        self.assertEqual(self._price()[0], 15.0)

    def test_formula_of_the_pricelist_reckons_from_price_or_cost(self):
        self._create_markup((0, 50))
        pricelist = self._create_pricelist(
            compute_price="formula", price_discount=20.0, price_surcharge=1.0
        )
        self.assertEqual(self._price(self.customer)[0], 13.0)
        pricelist.item_ids.write(
            {"base": "standard_price", "price_markup": 5.0, "price_surcharge": 0.0}
        )
        self.assertEqual(self._price(self.customer)[0], 10.5)

    def test_pricelist_on_a_pricelist_reckons_from_our_price(self):
        self._create_markup((0, 50))
        base = self._create_pricelist(compute_price="percentage", percent_price=10.0)
        self._create_pricelist(
            compute_price="formula",
            base="pricelist",
            base_pricelist_id=base.id,
            price_discount=50.0,
        )
        self.assertEqual(self._price(self.customer)[0], 6.75)
        self.assertIn("Below the cost!", self._price(self.customer)[2])

    def test_fixed_price_of_the_pricelist_wins(self):
        self._create_markup((0, 50))
        part = self._create_part()
        self._create_pricelist(
            compute_price="fixed",
            fixed_price=33.0,
            applied_on="0_product_variant",
            product_id=part.id,
        )
        self.assertEqual(self._price(self.customer, product_id=part.id)[0], 33.0)
        self.assertEqual(self._price(self.customer)[0], 15.0)

    def test_fixed_price_of_a_product_is_found_by_brand_and_number(self):
        self._create_markup((0, 50))
        part = self._create_part(self.mahle, "OC 90")
        self._create_pricelist(
            compute_price="fixed",
            fixed_price=33.0,
            applied_on="1_product",
            product_tmpl_id=part.product_tmpl_id.id,
        )
        row = {"brand_id": self.mahle.id, "number_key": "OC90"}
        self.assertEqual(self._price(self.customer, **row)[0], 33.0)
        row["number_key"] = "OC91"
        self.assertEqual(self._price(self.customer, **row)[0], 15.0)

    def test_pricelist_in_another_currency(self):
        self._create_markup((0, 50))
        currency = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rate_ids": [Command.create({"rate": 4.0})]}
        )
        pricelist = self._create_pricelist(
            compute_price="formula", price_discount=10.0, price_surcharge=2.0
        )
        pricelist.currency_id = currency
        # 15.00 are 60 T, less 10 %, plus 2 T.
        self.assertEqual(self._price(self.customer)[0], 14.0)

    def test_category_of_new_parts_counts_for_the_pricelist(self):
        self._create_markup((0, 50))
        category = self.env["product.category"].create({"name": "Car parts"})
        self._create_pricelist(
            compute_price="percentage",
            percent_price=20.0,
            applied_on="2_product_category",
            categ_id=category.id,
        )
        self.assertEqual(self._price(self.customer)[0], 15.0)
        self.company.auto_service_parts_category_id = category
        self.assertEqual(self._price(self.customer)[0], 12.0)

    def test_supplier_caps_the_price(self):
        self._create_markup((0, 50))
        # The supplier's currency is worth half of ours: 26 are 13.
        row = {"cost": 10.0, "price": 20.0, "price_cap": 26.0}
        price, _rule, text = self._price(**row)
        self.assertEqual(price, 13.0)
        self.assertIn("13.00", text)
        self.assertEqual(self._price(**{**row, "price_cap": 90.0})[0], 15.0)

    def test_price_below_the_cost_says_so(self):
        self._create_markup((0, -20))
        price, _rule, text = self._price()
        self.assertEqual(price, 8.0)
        self.assertIn("Below the cost!", text)
        self._create_markup((0, 0), sequence=1)
        self.assertNotIn("Below", self._price()[2])

    def test_own_stock_costs_what_the_product_says(self):
        self._create_markup((0, 50))
        part = self._create_part(list_price=22.0)
        row = {"kind": "own", "product_id": part.id, "partner_id": False}
        self.assertEqual(self._price(**row)[0], 22.0)
        self._create_pricelist(compute_price="percentage", percent_price=50.0)
        self.assertEqual(self._price(self.customer, **row)[0], 11.0)
        self._create_markup((0, 10), applies_to="own")
        self.assertEqual(self._price(**row)[0], 11.0)
        self.assertEqual(self._price(self.customer, **row)[0], 5.5)

    def test_taxes_in_prices_of_products_are_taken_off(self):
        tax = self.env["account.tax"].create(
            {"name": "25 in", "amount": 25.0, "price_include_override": "tax_included"}
        )
        part = self._create_part(list_price=50.0, taxes_id=[Command.set(tax.ids)])
        row = {"kind": "own", "product_id": part.id}
        self.assertEqual(self._price(**row)[0], 40.0)

    def test_prices_follow_the_rounding_of_the_currency(self):
        self._create_markup((0, 33.333))
        self.assertEqual(self._price(cost=9.99)[0], 13.32)
        self.company.currency_id.rounding = 0.05
        self.assertEqual(self._price(cost=9.99)[0], 13.3)

    def test_number_of_queries_does_not_depend_on_the_number_of_offers(self):
        self._create_markup((0, 50), (20, 30))
        self._create_markup((0, 10), partner_id=self.supplier.id, sequence=1)
        base = self._create_pricelist(compute_price="percentage", percent_price=10.0)
        self._create_pricelist(
            compute_price="formula", base="pricelist", base_pricelist_id=base.id
        )
        parts = self.env["product.product"].concat(
            *(self._create_part(self.mahle, f"P{index}") for index in range(40))
        )
        rows = [
            {
                "kind": "own" if index % 3 else "live",
                "cost": float(index),
                "partner_id": self.supplier.id if index % 2 else False,
                "brand_id": self.mahle.id,
                "number_key": part.part_number,
                "product_id": part.id if index % 4 else False,
            }
            for index, part in enumerate(parts)
        ]
        counts = []
        for some in (rows[:12], rows[:12], rows * 10):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.markups._get_sale_prices(some, self.company, self.customer)
            counts.append(self.cr.sql_log_count - before)
        # The first time also fills caches that outlive the request.
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 28)

    def test_bands_that_make_no_price_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "below 100 per"):
            self._create_markup((0, 100), percent_of="price")
        with self.assertRaisesRegex(ValidationError, "not negative"):
            self._create_markup((-5, 10))

    def test_only_managers_write_rules(self):
        rule = self._create_markup((0, 50))
        for user in (self.user_parts, self.user_advisor):
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"name": "Cheaper"})
        with self.assertRaises(AccessError):
            rule.with_user(self.user_technician).read(["name"])
        rule.with_user(self.user_manager).write({"name": "Cheaper"})

    def test_advisor_gets_prices_without_rights_on_pricelists(self):
        self._create_markup((0, 50))
        self._create_pricelist(compute_price="percentage", percent_price=10.0)
        prices = self.markups.with_user(self.user_advisor)._get_sale_prices(
            [{"kind": "live", "cost": 10.0}], self.company, self.customer
        )
        self.assertEqual(prices[0][0], 13.5)
