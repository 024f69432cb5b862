from odoo.tests import tagged

from odoo.addons.auto_service_parts_stock.tests.common import PartsStockCommon


@tagged("post_install", "-at_install")
class TestStockByNumber(PartsStockCommon):
    """The stock answers to any number of a part, and names what stands for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.write({"part_brand_id": cls._create_brand("Hbmaker").id})
        cls.part.part_number = "HBX 90/1"
        cls.other = cls._create_part("Hbother", "W 712-HB", is_storable=True)
        cls._create_cross("Hbmaker", "HBX 90/1", "Hbother", "W 712-HB")
        cls._stock(cls.other, 4)

    def _search(self, text):
        balances = self.env["auto.service.part.balance"].with_user(self.user_advisor)
        return balances.search_parts(text)

    def test_box_knows_any_spelling_and_what_stands_for_it(self):
        found = self._search("hbx-901")
        self.assertEqual([it["id"] for it in found], (self.part | self.other).ids)
        self.assertEqual(found[0]["note"], "")
        self.assertIn("stands for hbx-901", found[1]["note"])
        self.assertEqual(found[1]["free"], 4.0)

    def test_box_finds_by_the_beginning_of_a_number(self):
        [found] = self._search("w712h")
        self.assertEqual(found["id"], self.other.id)
        self.assertEqual(found["note"], "W 712-HB")

    def test_equivalents_in_stock_are_told_with_the_way(self):
        balances = self.env["auto.service.part.balance"].with_user(self.user_advisor)
        self.assertTrue(balances.get_balance(self.part.id)["has_equivalents"])
        [found] = balances.get_equivalents(self.part.id)
        self.assertEqual((found["id"], found["free"]), (self.other.id, 4.0))
        self.assertIn("W712HB", found["note"])
        self._stock(self.other, -4)
        self.assertFalse(balances.get_equivalents(self.part.id))

    def test_a_part_without_a_number_has_no_equivalents(self):
        part = self._create_part(is_storable=True)
        balances = self.env["auto.service.part.balance"].with_user(self.user_parts)
        self.assertFalse(balances.get_equivalents(part.id))

    def test_lists_of_the_stock_find_by_number(self):
        self._stock(self.part, 2)
        for model in ("stock.quant", "stock.move.line", "stock.move"):
            with self.subTest(model=model):
                rows = self.env[model].with_user(self.user_parts)
                found = rows.search([("part_search", "ilike", "hbx90 1")])
                self.assertLessEqual(found.product_id, self.part | self.other)
                self.assertFalse(rows.search([("part_search", "ilike", "nix 99 nix")]))
        quants = self.env["stock.quant"].with_user(self.user_parts)
        found = quants.search([("part_search", "ilike", "HBX.90.1")])
        self.assertEqual(found.product_id, self.part | self.other)

    def test_products_in_stock_by_the_number_of_another(self):
        found = self.env["product.template"].search(
            [("part_search", "ilike", "HBX 90/1"), ("qty_available", ">", 0)]
        )
        self.assertEqual(found, self.other.product_tmpl_id)

    def test_scanner_means_just_this_part(self):
        scan = self.env["auto.service.scan"].with_user(self.user_parts)
        self.assertEqual(scan._find_products("hbx-90-1"), self.part)
        self.assertEqual(scan._find_products("w712 hb"), self.other)
