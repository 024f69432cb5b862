from odoo.tests import tagged

from .common import PartsStockCommon


@tagged("post_install", "-at_install")
class TestOwnStock(PartsStockCommon):
    def _find(self, number, brand="Mahle"):
        """Own offers of a number.

        :return: list of tuples (product, PlainOffer, PartMatch)
        """
        finder = self.env["auto.service.part.finder"]
        brand = self._create_brand(brand)
        from odoo.addons.auto_service_parts.tools.part_number import (
            brand_key,
            number_key,
        )

        matches = finder._get_matches(
            brand.id, brand_key(brand.name), number_key(number)
        )
        found = finder._find_offers(matches, self.env.company)
        return [
            (record, offer, match)
            for match, kind, record, offer in found
            if kind == "own"
        ]

    def test_free_pieces_only(self):
        self._stock(self.part, 5.0)
        self._create_approved_line(2.0)
        ((product, offer, _match),) = self._find("OC 90")
        self.assertEqual(product, self.part)
        self.assertEqual((offer.quantity, offer.quantity_sign), (3.0, "="))
        self.assertEqual(offer.warehouse, self.warehouse.name)
        self.assertEqual((offer.hours_min, offer.hours_max), (0, 0))

    def test_nothing_in_stock_is_said(self):
        ((_product, offer, _match),) = self._find("OC 90")
        self.assertEqual((offer.quantity, offer.quantity_sign), (0.0, "="))
        self.assertIsNone(offer.hours_max)

    def test_racks_count_for_their_warehouse(self):
        rack = self.env["stock.location"].create(
            {"name": "Rack 7", "location_id": self.warehouse.lot_stock_id.id}
        )
        self._stock(self.part, 1.0)
        self._stock(self.part, 2.0, rack)
        ((_product, offer, _match),) = self._find("OC 90")
        self.assertEqual(offer.quantity, 3.0)

    def test_other_warehouse_has_an_offer_of_its_own(self):
        town = self.env["stock.warehouse"].create({"name": "Town", "code": "TWN"})
        self._stock(self.part, 1.0)
        self._stock(self.part, 4.0, town.lot_stock_id)
        home, other = (offer for _product, offer, _match in self._find("OC 90"))
        self.assertEqual((home.warehouse, home.quantity), (self.warehouse.name, 1.0))
        self.assertEqual((other.warehouse, other.quantity), ("Town", 4.0))
        self.assertEqual(other.note, "To be brought from Town")

    def test_pieces_of_another_warehouse_only_are_not_here(self):
        town = self.env["stock.warehouse"].create({"name": "Town", "code": "TWN"})
        self._stock(self.part, 4.0, town.lot_stock_id)
        home, other = (offer for _product, offer, _match in self._find("OC 90"))
        self.assertEqual((home.warehouse, home.quantity), (self.warehouse.name, 0.0))
        self.assertEqual((other.warehouse, other.quantity), ("Town", 4.0))
        self.assertIsNone(other.hours_max)
        self.assertEqual(other.note, "To be brought from Town")
        self.assertIsNone(other.hours_max)
        # People of the other branch see their own first.
        self.env.user.property_warehouse_id = town
        home = self._find("OC 90")[0][1]
        self.assertEqual((home.warehouse, home.note), ("Town", ""))

    def test_stock_of_another_company_is_not_ours(self):
        company = self.env["res.company"].create({"name": "Other garage"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        part = self._create_part("Mahle", "OC 95", is_storable=True, company_id=False)
        self._stock(part, 9.0, warehouse.lot_stock_id)
        ((_product, offer, _match),) = self._find("OC 95")
        self.assertEqual(offer.quantity, 0.0)

    def test_quantity_that_is_not_kept_is_not_guessed(self):
        self._create_part("Mahle", "OC 96")
        ((_product, offer, _match),) = self._find("OC 96")
        self.assertEqual(
            (offer.quantity_sign, offer.note), ("~", "Quantity is not kept")
        )

    def test_one_query_for_all_products(self):
        parts = self.part
        for number in range(20):
            parts |= self._create_part("Mahle", f"LX {number}", is_storable=True)
        for part in parts:
            self._stock(part, 1.0)
        finder = self.env["auto.service.part.finder"]
        finder._get_own_stock(parts)
        with self.assertQueryCount(1):
            stock = finder._get_own_stock(parts)
        self.assertEqual(len(stock), 21)

    def test_made_of_an_offer_is_kept_in_stock(self):
        product = self._create_offer(number="LX 900")._get_or_create_product()
        self.assertTrue(product.is_storable)


@tagged("post_install", "-at_install")
class TestStrangersNumber(PartsStockCommon):
    """What is done when: a stranger's number finds the part on our own shelf."""

    def test_typed_with_blanks_and_cyrillic_letters(self):
        ours = self._create_part(
            "Filtron", "OP 526/1", name="Oil filter", is_storable=True
        )
        self._stock(ours, 4.0)
        self._create_cross("Mahle", "OC 90", "Filtron", "OP 526/1")
        advisor = self.user_advisor
        enquiries = self.env["auto.service.parts.enquiry"].with_user(advisor)
        answer = enquiries.start_enquiry(
            {"number": " О С - 9 0 ", "brand_name": "МАHLЕ"}  # Cyrillic О, С, М, А, Е
        )
        own = [offer for offer in answer["offers"] if offer["kind"] == "own"]
        found = [offer for offer in own if offer["product_id"] == ours.id]
        self.assertEqual(len(found), 1, answer)
        self.assertEqual(found[0]["quantity"], 4.0)
        self.assertEqual(found[0]["found_by"], "cross")
        self.assertIn("Filtron OP5261", found[0]["found_note"])

    def test_product_search_finds_it_too(self):
        ours = self._create_part(
            "Filtron", "OP 526/1", name="Oil filter", is_storable=True
        )
        self._stock(ours, 4.0)
        self.part.active = False  # nobody here sells the number itself
        self._create_cross("Mahle", "OC 90", "Filtron", "OP 526/1")
        products = self.env["product.product"].with_user(self.user_advisor)
        found = [row[0] for row in products.name_search(" О С - 9 0 ")]
        self.assertIn(ours.id, found)
