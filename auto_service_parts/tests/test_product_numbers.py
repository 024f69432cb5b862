from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestProductNumbers(PartsCommon):
    """Products are found by every one of their numbers, everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mahle = cls._create_brand("Testmahle")
        cls.vag = cls._create_brand("Testvag", is_vehicle_maker=True)
        cls.filter = cls._create_part(
            cls.mahle,
            "OC 264-X/7",
            name="Oil filter of the test",
            default_code="FLT-0001",
            barcode="2900001234567",
        )
        cls.other = cls._create_part(cls.mahle, "OC 999", name="Another filter")

    def _search(self, text, **values):
        found = self.env["product.product"].name_search(text, **values)
        return [product_id for product_id, _name in found]

    def _search_box(self, text, model="product.template"):
        return self.env[model].search([("part_search", "ilike", text)])

    def _add_number(self, number, kind="original", brand=None):
        return self.env["auto.service.part.number"].create(
            {
                "product_id": self.filter.id,
                "brand_id": (brand or self.vag).id,
                "number": number,
                "kind": kind,
            }
        )

    # --- found by any number

    def test_found_by_every_number_in_any_spelling(self):
        self._add_number("06A 115 561 B")
        self._add_number("OC 264-X/8", "alternate", self.mahle)
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.supplier.id,
                "product_tmpl_id": self.filter.product_tmpl_id.id,
                "product_code": "SUP 77-1234",
            }
        )
        for text in (
            "OC 264-X/7",
            "oc264x7",
            " ОС-264 Х 7 ",  # The letters are Cyrillic.
            "FLT 0001",
            "flt0001",
            "2 900001 234567",
            "06a-115-561-b",
            "OC264X8",
            "sup771234",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._search(text), self.filter.ids)
                self.assertEqual(self._search_box(text), self.filter.product_tmpl_id)
                found = self._search_box(text, "product.product")
                self.assertEqual(found, self.filter)
                domain = [("display_name", "ilike", text)]
                found = self.env["product.product"].search(domain)
                self.assertIn(self.filter, found)

    def test_strangers_number_finds_the_part_of_another_maker(self):
        """Typed with blanks and in Cyrillic letters, as people read it aloud."""
        other = self._create_brand("Testknecht")
        self._create_cross(other, "TK 12-34 А", self.mahle, "OC 264-X/7")
        self.assertEqual(self._search("тк 12 34 а"), self.filter.ids)
        self.assertEqual(self._search_box("тк 12 34 а"), self.filter.product_tmpl_id)

    def test_equivalent_is_not_equal(self):
        """A file that names a product does not mean one that stands for it."""
        other = self._create_brand("Testknecht")
        self._create_cross(other, "TK 12-34 A", self.mahle, "OC 264-X/7")
        products = self.env["product.product"]
        self.assertFalse(products.name_search("TK1234A", operator="="))
        self.assertFalse(products.search([("display_name", "=", "TK1234A")]))
        self.assertTrue(products.name_search("OC264X7", operator="="))

    def test_doubtful_cross_reference_finds_nothing(self):
        other = self._create_brand("Testknecht")
        cross = self._create_cross(other, "TK 12-34 A", self.mahle, "OC 264-X/7")
        cross.action_mark_doubtful()
        self.assertEqual(self._search("TK1234A"), [])

    def test_newer_number_and_other_number_find_it(self):
        self.env["auto.service.part.supersession"].create(
            {"brand_id": self.mahle.id, "number": "OLD 264", "to_number": "OC 264-X/7"}
        )
        self.env["auto.service.part.alternate"].create(
            {"brand_id": self.mahle.id, "number": "SHORT 264", "alternate": "OC264X7"}
        )
        self.assertEqual(self._search("old-264"), self.filter.ids)
        self.assertEqual(self._search("short-264"), self.filter.ids)

    def test_own_number_comes_before_cross_references(self):
        self._create_cross(self.mahle, "OC 999", self.mahle, "OC 264-X/7")
        self.assertEqual(self._search("OC999")[:2], (self.other + self.filter).ids)

    # --- as the host otherwise

    def test_names_are_found_as_before(self):
        self.assertEqual(self._search("filter of the test"), self.filter.ids)
        self.assertIn(self.filter.product_tmpl_id, self._search_box("filter of the"))
        self.assertEqual(self._search("no such thing 123456"), [])

    def test_short_number_hides_no_names(self):
        named = self._create_part(name="Sticker 1000 km")
        self._add_number("1000")
        self.assertEqual(self._search("1000")[:1], self.filter.ids)
        self.assertIn(named.id, self._search("1000"))
        self.assertIn(named.product_tmpl_id, self._search_box("1000"))

    def test_domain_and_limit_hold(self):
        domain = [("id", "!=", self.filter.id)]
        self.assertEqual(self._search("OC264X7", domain=domain), [])
        self._create_cross(self.mahle, "OC 999", self.mahle, "OC 264-X/7")
        self.assertEqual(self._search("OC 264-X/7", limit=1), self.filter.ids)

    def test_archived_products_are_not_found(self):
        self.filter.active = False
        self.assertEqual(self._search("OC264X7"), [])
        self.assertFalse(self._search_box("OC264X7"))

    def test_templates_are_found_by_name_search(self):
        found = self.env["product.template"].name_search("oc264x7")
        self.assertEqual([row[0] for row in found], self.filter.product_tmpl_id.ids)

    def test_negative_search_is_the_hosts(self):
        products = self.env["product.product"]
        found = products.search([("display_name", "not ilike", "OC264X7")])
        self.assertIn(self.filter, found)

    def test_search_costs_one_query_more_when_nothing_is_found(self):
        products = self.env["product.product"]
        products._search_display_name("ilike", "warm 1")
        with self.assertQueryCount(1):
            self.assertEqual(products._find_by_number("no such 123"), [])
        with self.assertQueryCount(0):
            self.assertEqual(products._find_by_number("only words"), [])

    def test_products_of_other_companies_stay_hidden(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        self._create_part(self.mahle, "SECRET 1234", company_id=other.id)
        user = new_test_user(
            self.env,
            "numbers_advisor",
            groups="auto_service_base.group_advisor",
            company_id=self.env.company.id,
        )
        products = self.env["product.product"].with_user(user)
        self.assertEqual(products.name_search("SECRET1234"), [])
        numbers = self.env["auto.service.part.number"].with_user(user)
        self.assertFalse(numbers.search([("number_key", "=", "SECRET1234")]))

    # --- kept by the product itself

    def _get_rows(self, product):
        rows = product.part_number_ids
        return {(row.kind, row.brand_id.name, row.number, row.is_kept) for row in rows}

    def test_product_keeps_its_own_numbers(self):
        self.assertEqual(
            self._get_rows(self.filter),
            {
                ("main", "Testmahle", "OC 264-X/7", True),
                ("reference", False, "FLT-0001", True),
                ("barcode", False, "2900001234567", True),
            },
        )
        self.filter.write({"part_number": "OC 265", "default_code": False})
        self.assertEqual(
            self._get_rows(self.filter),
            {
                ("main", "Testmahle", "OC 265", True),
                ("barcode", False, "2900001234567", True),
            },
        )

    def test_number_without_a_brand_finds_the_product(self):
        product = self._create_part(part_number="NOBRAND 12345")
        self.assertEqual(self._search("nobrand12345"), product.ids)

    def test_vendors_codes_follow_the_vendors(self):
        seller = self.env["product.supplierinfo"].create(
            {
                "partner_id": self.supplier.id,
                "product_tmpl_id": self.filter.product_tmpl_id.id,
                "product_code": "SUP 1",
            }
        )
        self.assertIn(("supplier", False, "SUP 1", True), self._get_rows(self.filter))
        seller.product_code = "SUP 2"
        self.filter.invalidate_recordset()
        self.assertNotIn(
            ("supplier", False, "SUP 1", True), self._get_rows(self.filter)
        )
        seller.unlink()
        self.filter.invalidate_recordset()
        self.assertEqual(len(self.filter.part_number_ids), 3)

    def test_numbers_of_people_stay_when_the_product_changes(self):
        self._add_number("06A 115 561 B")
        self.filter.default_code = "FLT-2"
        self.assertIn(
            ("original", "Testvag", "06A 115 561 B", False), self._get_rows(self.filter)
        )

    def test_kept_numbers_are_not_edited(self):
        kept = self.filter.part_number_ids.filtered(lambda row: row.kind == "main")
        with self.assertRaisesRegex(UserError, "OC 264-X/7"):
            kept.unlink()
        with self.assertRaisesRegex(UserError, "OC 264-X/7"):
            kept.number = "OC 1"
        with self.assertRaisesRegex(ValidationError, "Z 1"):
            self._add_number("Z 1", "main")

    def test_product_with_kept_numbers_can_be_deleted_and_copied(self):
        copy = self.filter.product_tmpl_id.copy()
        self.assertFalse(copy.part_number)
        self.other.unlink()
        self.assertEqual(self._search("OC999999"), [])
        self.assertFalse(self.other.exists())

    def test_number_is_entered_on_the_form_of_the_product(self):
        form = Form(self.filter.product_tmpl_id)
        with form.part_number_ids.new() as line:
            line.brand_id = self.vag
            line.number = "06A 115 561 C"
        form.save()
        self.assertEqual(self._search("06A115561C"), self.filter.ids)
        self.assertEqual(len(self.filter.part_number_ids), 4)

    def test_new_product_is_found_at_once(self):
        form = Form(self.env["product.template"])
        form.name = "New part"
        form.part_brand_id = self.mahle
        form.part_number = "NEW 4711-08"
        template = form.save()
        self.assertEqual(self._search_box("new471108"), template)
        self.assertEqual(template.product_variant_id.part_brand_id, self.mahle)

    def test_brand_and_number_have_one_product(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._create_part(self.mahle, "OC-264 X7")

    def test_companies_may_have_the_same_part_each(self):
        one, two = self.env["res.company"].create([{"name": "One"}, {"name": "Two"}])
        mine = self._create_part(self.mahle, "TWICE 1", company_id=one.id)
        theirs = self._create_part(self.mahle, "TWICE 1", company_id=two.id)
        products = self.env["product.product"]
        for company, product in ((one, mine), (two, theirs)):
            found = products._get_by_part_number(self.mahle.id, "twice1", company)
            self.assertEqual(found, product)

    def test_archived_product_is_known_by_its_number(self):
        self.filter.active = False
        products = self.env["product.product"]
        found = products._get_by_part_number(self.mahle.id, "OC264X7")
        self.assertEqual(found, self.filter)
        self.assertFalse(products._get_by_part_number(self.vag.id, "OC264X7"))

    def test_products_that_are_there_get_numbers_on_installation(self):
        numbers = self.env["auto.service.part.number"]
        self.filter.part_number_ids.with_context(auto_service_number_sync=True).unlink()
        numbers._fill(batch_size=2)
        self.assertEqual(self._search("OC264X7"), self.filter.ids)

    def test_people_without_a_role_edit_products(self):
        user = new_test_user(
            self.env, "numbers_clerk", groups="product.group_product_manager"
        )
        self.filter.with_user(user).default_code = "BY CLERK 1"
        self.assertEqual(self._search("byclerk1"), self.filter.ids)
