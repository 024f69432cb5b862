from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartBrand(PartsCommon):
    """A brand has one name here and many elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brands = cls.env["auto.service.part.brand"]
        cls.unknown = cls.env["auto.service.part.brand.unknown"]
        cls.mahle = cls._create_brand("Testmahle")

    def _add_alias(self, brand, name, **values):
        return self.env["auto.service.part.brand.alias"].create(
            {"brand_id": brand.id, "name": name, **values}
        )

    # --- names

    def test_well_known_names_mean_the_brand(self):
        for name, brand in (
            ("KAYABA", "KYB"),
            ("LEMFÖRDER", "Lemförder"),
            ("Lemforder", "Lemförder"),
            ("VICTOR REINZ", "Reinz"),
            ("MANN", "MANN-FILTER"),
            ("Mann Filter", "MANN-FILTER"),
            ("KNECHT", "MAHLE"),
            ("SKODA", "VAG"),
            ("Škoda", "VAG"),
            ("GM", "General Motors"),
            ("Hyundai/Kia", "Hyundai-Kia"),
            ("PHC", "Valeo PHC"),
            ("PMC", "Parts-Mall"),
            ("ВАЗ", "LADA"),
        ):
            with self.subTest(name=name):
                found = self.brands.browse(self.brands._resolve(name))
                self.assertEqual(found.name, brand)

    def test_brand_is_found_by_each_of_its_names(self):
        self._add_alias(self.mahle, "Testknecht")
        for text in ("testmahle", "Test Knecht", "тестмаhle", "knech"):
            with self.subTest(text=text):
                found = self.brands.search([("display_name", "ilike", text)])
                if text == "тестмаhle":
                    self.assertFalse(found)
                else:
                    self.assertIn(self.mahle, found)

    def test_name_that_is_taken_away_means_nothing_any_more(self):
        alias = self._add_alias(self.mahle, "Testknecht")
        self.assertEqual(self.brands._resolve("TESTKNECHT"), self.mahle.id)
        alias.unlink()
        self.assertFalse(self.brands._resolve("TESTKNECHT"))

    def test_name_without_letters_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.brands.create({"name": " - "})

    def test_name_of_a_brand_cannot_mean_another_one(self):
        self._create_brand("Testother")
        with self.assertRaisesRegex(ValidationError, "Test Other"):
            self._add_alias(self.mahle, "Test Other")

    def test_supplier_may_write_it_his_own_way(self):
        other = self._create_brand("Testother")
        self._add_alias(self.mahle, "TO", partner_id=self.supplier.id)
        self._add_alias(other, "TO")
        self.assertEqual(self.brands._resolve("to"), other.id)
        found = self.brands._resolve("to", self.supplier.id)
        self.assertEqual(found, self.mahle.id)

    # --- unknown names

    def _queue(self, *names):
        self.unknown._add_unknown([(name, 3, ["A1", "B2"]) for name in names], "List")
        return self.unknown.search([("name", "in", names)])

    def test_unknown_names_queue_once(self):
        self._queue("Testnew", "TESTMAHLE")
        self._queue("TEST-NEW")
        queued = self.unknown.search([("name_key", "in", ["TESTNEW", "TESTMAHLE"])])
        self.assertRecordValues(
            queued,
            [
                {
                    "name": "Testnew",
                    "row_count": 3,
                    "examples": "A1, B2",
                    "source": "List",
                    "state": "open",
                }
            ],
        )

    def test_similar_brand_is_proposed(self):
        similar, strange = self._queue("Testmahlee") + self._queue("Qqqqq")
        self.assertEqual(similar.brand_id, self.mahle)
        self.assertFalse(strange.brand_id)
        with self.assertRaisesRegex(UserError, "Qqqqq"):
            strange.action_assign()

    def test_offers_are_found_as_soon_as_the_name_is_known(self):
        price_list = self._create_price_list(
            [{"brand": "Testnew", "number": "1", "price": 5}]
        )
        finder = self.env["auto.service.part.finder"]

        def find():
            matches = finder._get_matches(self.mahle.id, "", "1")
            return [row[2] for row in finder._find_offers(matches, self.env.company)]

        self.assertEqual(find(), [])
        queued = self._queue("Testnew")
        queued.brand_id = self.mahle
        queued.action_assign()
        self.assertEqual(find(), [price_list])
        self.assertFalse(queued.exists())

    def test_name_becomes_a_brand(self):
        queued = self._queue("Testnew", "Testnewer")
        queued.action_make_brand()
        self.assertFalse(queued.exists())
        self.assertTrue(self.brands._resolve("TEST NEWER"))

    def test_ignored_names_ask_no_more(self):
        queued = self._queue("Testnew")
        queued.action_ignore()
        self._queue("Testnew")
        self.assertEqual(queued.state, "ignored")
        queued.action_reopen()
        self.assertEqual(queued.state, "open")

    # --- merge

    def _merge(self, brands, target):
        wizard = (
            self.env["auto.service.part.brand.merge"]
            .with_context(active_model="auto.service.part.brand", active_ids=brands.ids)
            .create({"target_id": target.id})
        )
        return wizard.action_merge()

    def test_merged_brands_keep_everything(self):
        other, third = self._create_brand("Testknecht"), self._create_brand("Third")
        self._add_alias(other, "Old name")
        product = self._create_part(other, "OC 90")
        self._create_cross(other, "1", third, "2")
        self._create_cross(self.mahle, "1", third, "2")
        self._create_cross(self.mahle, "5", other, "5")
        self._merge(self.mahle + other, self.mahle)
        self.assertFalse(other.exists())
        self.assertEqual(product.part_brand_id, self.mahle)
        self.assertEqual(self.brands._resolve("Testknecht"), self.mahle.id)
        self.assertEqual(self.brands._resolve("Old name"), self.mahle.id)
        crosses = self.env["auto.service.part.cross"].search(
            [("brand_id", "=", self.mahle.id)]
        )
        self.assertEqual(crosses.mapped("to_number_key"), ["2"])
        found = self.env["product.product"]._get_by_part_number(self.mahle.id, "OC90")
        self.assertEqual(found, product)

    def test_merge_that_would_double_a_product_is_refused(self):
        other = self._create_brand("Testknecht")
        self._create_part(self.mahle, "OC 90", name="First")
        self._create_part(other, "OC-90", name="Second")
        with self.assertRaisesRegex(UserError, "First.*Second|Second.*First"):
            self._merge(self.mahle + other, self.mahle)

    def test_one_brand_alone_cannot_be_merged(self):
        with self.assertRaisesRegex(UserError, "Testmahle"):
            self._merge(self.mahle, self.mahle)

    # --- roles

    def test_technician_reads_and_parts_people_edit(self):
        groups = "auto_service_base.group_"
        technician = new_test_user(self.env, "brand_tech", groups=f"{groups}technician")
        parts = new_test_user(self.env, "brand_parts", groups=f"{groups}parts")
        manager = new_test_user(self.env, "brand_manager", groups=f"{groups}manager")
        brand = self.mahle.with_user(technician)
        self.assertEqual(brand.name, "Testmahle")
        with self.assertRaises(AccessError):
            brand.name = "Mine"
        queued = self._queue("Testnew").with_user(parts)
        queued.action_make_brand()
        self.assertTrue(self.brands._resolve("Testnew"))
        with self.assertRaises(AccessError):
            self.mahle.with_user(parts).unlink()
        self.mahle.with_user(manager).unlink()
        self.assertFalse(self.brands._resolve("Testmahle"))
