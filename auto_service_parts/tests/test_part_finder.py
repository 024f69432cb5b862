from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartFinder(PartsCommon):
    """From a number in any spelling to every part that may be offered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finder = cls.env["auto.service.part.finder"]
        cls.mahle = cls._create_brand("Testmahle")
        cls.mann = cls._create_brand("Testmann")
        cls.vag = cls._create_brand("Testvag", is_vehicle_maker=True)

    def _get_matches(self, brand, key, **values):
        return self.finder._get_matches(brand.id, "", key, **values)

    def _get_found(self, brand, key, **values):
        return [
            (match.brand_name, match.number_key, match.found_by)
            for match in self._get_matches(brand, key, **values)
        ]

    # --- cross references

    def test_number_asked_for_comes_first(self):
        self._create_cross(self.mahle, "OC 90", self.mann, "W 712/52")
        self.assertEqual(
            self._get_found(self.mahle, "OC90"),
            [("Testmahle", "OC90", "number"), ("Testmann", "W71252", "cross")],
        )

    def test_cross_reference_is_followed_both_ways(self):
        self._create_cross(self.mahle, "OC 90", self.mann, "W 712/52")
        self.assertIn(
            ("Testmahle", "OC90", "cross"), self._get_found(self.mann, "W71252")
        )

    def test_directed_cross_reference_is_followed_one_way(self):
        self._create_cross(
            self.mahle, "OC 90", self.mann, "W 712/52", is_both_ways=False
        )
        self.assertEqual(len(self._get_matches(self.mahle, "OC90")), 2)
        self.assertEqual(len(self._get_matches(self.mann, "W71252")), 1)

    def test_source_may_forbid_the_way_back(self):
        source = self._create_cross_source(name="Strict", is_one_way=True)
        self._create_cross(self.mahle, "1", self.mann, "2", source_id=source.id)
        self.assertEqual(len(self._get_matches(self.mahle, "1")), 2)
        self.assertEqual(len(self._get_matches(self.mann, "2")), 1)

    def test_part_of_it_and_tuning_hold_one_way_only(self):
        for number, kind in (("1", "part_of"), ("2", "tuning")):
            self._create_cross(self.mahle, number, self.mann, "9", kind=kind)
            self.assertEqual(len(self._get_matches(self.mahle, number)), 2)
        self.assertEqual(len(self._get_matches(self.mann, "9")), 1)

    def test_only_one_level_is_followed(self):
        self._create_cross(self.mahle, "1", self.vag, "2")
        self._create_cross(self.vag, "2", self.mann, "3")
        self.assertEqual(
            self._get_found(self.mahle, "1")[1:], [("Testvag", "2", "cross")]
        )

    def test_doubtful_ones_and_archived_sources_are_left_out(self):
        self._create_cross(self.mahle, "1", self.mann, "2", is_doubtful=True)
        source = self._create_cross_source(name="Archived", active=False)
        self._create_cross(self.mahle, "1", self.mann, "3", source_id=source.id)
        self.assertEqual(len(self._get_matches(self.mahle, "1")), 1)

    def test_trusted_sources_and_close_kinds_come_first(self):
        poor = self._create_cross_source(name="Forum", trust=10)
        good = self._create_cross_source(name="Catalogue", trust=95)
        for number, kind, source in (
            ("3", "analogue", poor),
            ("4", "part_of", good),
            ("2", "analogue", good),
            ("1", "same", poor),
        ):
            self._create_cross(
                self.mahle, "9", self.mann, number, kind=kind, source_id=source.id
            )
        numbers = [match.number_key for match in self._get_matches(self.mahle, "9")]
        self.assertEqual(numbers, ["9", "1", "2", "3", "4"])

    def test_the_best_of_many_sources_is_told(self):
        poor = self._create_cross_source(name="Forum", trust=10)
        good = self._create_cross_source(name="Catalogue", trust=95)
        for source in (poor, good):
            self._create_cross(self.mahle, "9", self.mann, "1", source_id=source.id)
        _asked, match = self._get_matches(self.mahle, "9")
        self.assertEqual(match.trust, 95)
        self.assertEqual(match.note, "Testmahle 9 → Testmann 1 (Catalogue)")

    def test_equivalents_can_be_left_out(self):
        self._create_cross(self.mahle, "1", self.mann, "2")
        found = self._get_found(self.mahle, "1", with_crosses=False)
        self.assertEqual(found, [("Testmahle", "1", "number")])

    def test_namesakes_are_not_mixed(self):
        other = self._create_brand("Testother")
        self._create_cross(other, "OC 90", self.mann, "ZZZ")
        self.assertEqual(len(self._get_matches(self.mahle, "OC90")), 1)

    def test_brand_that_is_not_known_has_itself_only(self):
        [match] = self.finder._get_matches(False, "NEVERHEARD", "1")
        self.assertEqual(match.brand_keys, {"NEVERHEARD"})
        self.assertFalse(match.brand_id)

    # --- other numbers of the same part, newer numbers

    def _create_alternate(self, brand, number, alternate):
        return self.env["auto.service.part.alternate"].create(
            {"brand_id": brand.id, "number": number, "alternate": alternate}
        )

    def _create_supersession(self, brand, number, to_number, **values):
        return self.env["auto.service.part.supersession"].create(
            {"brand_id": brand.id, "number": number, "to_number": to_number, **values}
        )

    def test_alternates_are_the_same_part_in_both_directions(self):
        self._create_alternate(self.vag, "A 000 420 00 20", "000 420 00 20")
        for key, other in (
            ("A0004200020", "0004200020"),
            ("0004200020", "A0004200020"),
        ):
            found = self._get_found(self.vag, key)
            self.assertEqual(found[1:], [("Testvag", other, "alternate")])

    def test_alternate_of_an_alternate_is_the_same_part(self):
        self._create_alternate(self.vag, "1", "2")
        self._create_alternate(self.vag, "1", "3")
        numbers = [match.number_key for match in self._get_matches(self.vag, "2")]
        self.assertEqual(numbers, ["2", "1", "3"])

    def test_chain_leads_to_the_newest_number(self):
        self._create_supersession(self.vag, "1 A", "1 B")
        self._create_supersession(self.vag, "1 B", "1 C", quantity=2, note="with bolts")
        matches = self._get_matches(self.vag, "1A")
        self.assertEqual(
            [(match.number, match.found_by, match.quantity) for match in matches],
            [
                ("1A", "number", 1),
                ("1 B", "supersession", 1),
                ("1 C", "supersession", 2),
            ],
        )
        self.assertEqual(matches[2].note, "1A → 1 B → 1 C · with bolts")

    def test_old_number_is_not_offered_for_the_new_one(self):
        self._create_supersession(self.vag, "1 A", "1 B")
        self.assertEqual(len(self._get_matches(self.vag, "1B")), 1)

    def test_cross_references_of_the_newer_number_are_followed(self):
        self._create_supersession(self.vag, "1 A", "1 B")
        self._create_cross(self.vag, "1 B", self.mann, "7")
        self.assertIn(("Testmann", "7", "cross"), self._get_found(self.vag, "1A"))

    def test_circle_in_the_data_ends(self):
        first = self._create_supersession(self.vag, "1", "2")
        self._create_supersession(self.vag, "2", "3")
        self.env.cr.execute(
            "INSERT INTO auto_service_part_supersession (brand_id, number, number_key,"
            " to_brand_id, to_number, to_number_key, quantity)"
            " VALUES (%(brand)s, '3', '3', %(brand)s, '1', '1', 1)",
            {"brand": self.vag.id},
        )
        first.invalidate_model()
        numbers = [match.number_key for match in self._get_matches(self.vag, "1")]
        self.assertEqual(numbers, ["1", "2", "3"])

    def test_circle_is_refused_when_saved(self):
        self._create_supersession(self.vag, "1", "2")
        self._create_supersession(self.vag, "2", "3")
        with self.assertRaisesRegex(ValidationError, "3 → 1 → 2 → 3"):
            self._create_supersession(self.vag, "3", "1")
        with self.assertRaisesRegex(ValidationError, "4 → 4"):
            self._create_supersession(self.vag, "4", "4")

    def test_kit_is_found_by_its_part_and_not_the_other_way_round(self):
        self.env["auto.service.part.kit.line"].create(
            {
                "kit_brand_id": self.mahle.id,
                "kit_number": "KIT 1",
                "brand_id": self.mahle.id,
                "number": "P 1",
                "quantity": 2,
            }
        )
        found = self._get_found(self.mahle, "P1")
        self.assertEqual(found[1:], [("Testmahle", "KIT1", "kit")])
        self.assertEqual(len(self._get_matches(self.mahle, "KIT1")), 1)
        self.assertEqual(
            len(self._get_matches(self.mahle, "P1", with_crosses=False)), 1
        )

    # --- offers

    def _get_offers(self, brand, key, company=None):
        matches = self._get_matches(brand, key)
        offers = self.finder._find_offers(matches, company or self.env.company)
        return [
            (match.found_by, kind, record, offer.number, offer.price)
            for match, kind, record, offer in offers
        ]

    def test_own_products_and_price_lists_are_offered(self):
        product = self._create_part(self.mahle, "OC 90")
        price_list = self._create_price_list(
            [
                {"brand": "TESTMAHLE", "number": "OC-90", "price": 7},
                {"brand": "Test Mann", "number": "W712/52", "price": 6},
                {"brand": "Namesake", "number": "OC90", "price": 1},
            ]
        )
        self._create_cross(self.mahle, "OC 90", self.mann, "W 712/52")
        self.assertEqual(
            self._get_offers(self.mahle, "OC90"),
            [
                ("number", "own", product, "OC 90", 25),
                ("number", "list", price_list, "OC-90", 7),
                ("cross", "list", price_list, "W712/52", 6),
            ],
        )

    def test_every_name_of_the_brand_counts(self):
        alias = {"brand_id": self.mahle.id, "name": "Testknecht"}
        price_list = self._create_price_list(
            [{"brand": "TESTKNECHT", "number": "OC90", "price": 7}]
        )
        self.assertFalse(self._get_offers(self.mahle, "OC90"))
        self.env["auto.service.part.brand.alias"].create(alias)
        self.assertEqual(self._get_offers(self.mahle, "OC90")[0][2], price_list)

    def test_supplier_may_mean_another_brand_by_a_name(self):
        other = self._create_partner(name="Other wholesale")
        rows = [{"brand": "TM", "number": "1", "price": 7}]
        theirs = self._create_price_list(rows)
        self._create_price_list(rows, partner_id=other.id)
        aliases = self.env["auto.service.part.brand.alias"]
        aliases.create({"brand_id": self.mann.id, "name": "TM"})
        self.assertEqual(len(self._get_offers(self.mann, "1")), 2)
        aliases.create(
            {
                "brand_id": self.mahle.id,
                "name": "TM",
                "partner_id": self.supplier.id,
            }
        )
        self.assertEqual(len(self._get_offers(self.mann, "1")), 1)
        self.assertEqual(self._get_offers(self.mahle, "1")[0][2], theirs)

    def test_lists_of_others_and_archived_ones_are_left_out(self):
        price_list = self._create_price_list(
            [{"brand": "TESTMAHLE", "number": "1", "price": 7}]
        )
        other = self.env["res.company"].create({"name": "Other garage"})
        self.assertFalse(self._get_offers(self.mahle, "1", other))
        self.assertTrue(self._get_offers(self.mahle, "1"))
        price_list.active = False
        self.assertFalse(self._get_offers(self.mahle, "1"))

    def test_product_of_another_maker_with_the_original_number_is_an_equivalent(self):
        product = self._create_part(self.mahle, "OC 90")
        product.part_number_ids = [
            (0, 0, {"brand_id": self.vag.id, "number": "06A 115 561 B"})
        ]
        [(match, kind, record, offer)] = self.finder._find_offers(
            self._get_matches(self.vag, "06A115561B"), self.env.company
        )
        self.assertEqual((kind, record, offer.number), ("own", product, "OC 90"))
        self.assertEqual((match.found_by, match.brand_id), ("cross", self.mahle.id))
        self.assertEqual(match.note, "Testvag 06A115561B → Testmahle OC 90")

    def test_products_of_other_companies_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        self._create_part(self.mahle, "OC 90", company_id=other.id)
        self.assertFalse(self._get_offers(self.mahle, "OC90"))

    def test_offers_cost_few_queries(self):
        for number in range(5):
            self._create_cross(self.mahle, "OC 90", self.mann, f"N {number}")
            self._create_part(self.mann, f"N {number}")
        self._create_price_list(
            [{"brand": "TESTMANN", "number": f"N{n}", "price": 1} for n in range(5)]
        )
        self._get_offers(self.mahle, "OC90")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            offers = self._get_offers(self.mahle, "OC90")
        self.assertEqual(len(offers), 10)

    # --- brands that have a number

    def test_every_brand_with_the_number_is_named(self):
        self._create_part(self.mahle, "OC 90", name="Oil filter")
        self._create_price_list(
            [
                {"brand": "TESTMAHLE", "number": "OC90", "price": 7},
                {"brand": "TESTMAHLE", "number": "OC-90", "price": 8},
                {"brand": "Namesake", "number": "OC90", "name": "Clock", "price": 1},
            ]
        )
        self._create_cross(self.mann, "OC 90", self.vag, "1")
        hits = self.finder._find_brands("ос 90", self.env.company)  # In Cyrillic.
        self.assertEqual(
            [
                (
                    hit["brand_name"],
                    hit["brand_id"],
                    hit["found_in"],
                    hit["offer_count"],
                )
                for hit in hits
            ],
            [
                ("Testmahle", self.mahle.id, ["own", "list"], 3),
                ("Namesake", False, ["list"], 1),
                ("Testmann", self.mann.id, ["cross"], 0),
            ],
        )
        self.assertEqual(
            [(hit["number"], hit["name"]) for hit in hits[:2]],
            [("OC 90", "Oil filter"), ("OC90", "Clock")],
        )

    def test_brand_that_nobody_knows_is_named_once_in_any_spelling(self):
        for name in ("Name-Sake", "NAMESAKE"):
            self._create_price_list([{"brand": name, "number": "QQ 1", "price": 1}])
        hits = self.finder._find_brands("QQ1", self.env.company)
        self.assertEqual([hit["offer_count"] for hit in hits], [2])

    def test_barcode_leads_to_the_makers_number(self):
        self._create_part(self.mahle, "OC 90", barcode="2900001234568")
        [hit] = self.finder._find_brands("2 900001 234568", self.env.company)
        self.assertEqual((hit["brand_name"], hit["number"]), ("Testmahle", "OC 90"))

    def test_nothing_is_found_for_nothing(self):
        self.assertEqual(self.finder._find_brands(" - ", self.env.company), [])
        self.assertEqual(self.finder._find_brands("no such", self.env.company), [])
