from odoo.tests import BaseCase, tagged

from ..tools.plate import fold, normalize_plate, only_digits


@tagged("standard", "at_install")
class TestPlate(BaseCase):
    def test_ways_of_writing_a_plate_are_one_plate(self):
        """Blanks, dashes, case, scripts and full-width characters do not matter."""
        table = [
            ("123 ABC", "123ABC"),
            ("123-abc", "123ABC"),
            (" 123.a b/c ", "123ABC"),
            ("а123вс 77", "A123BC77"),  # Cyrillic
            ("О777ОО•199", "O777OO199"),  # Cyrillic O, not zero
            ("ІВ 1234 ЕМ", "IB1234EM"),  # Ukrainian
            ("ΙΚΖ-1234", "IKZ1234"),  # Greek
            ("MÜ-AB 12", "MUAB12"),
            ("ŠĐ 1", "SĐ1"),
            ("１２３ＡＢＣ", "123ABC"),
            ("01 KG 777 ABC", "01KG777ABC"),
            ("", ""),
            (" -- ", ""),
            (None, ""),
            (False, ""),
            (1234, "1234"),
        ]
        for text, expected in table:
            with self.subTest(text=text):
                self.assertEqual(normalize_plate(text), expected)

    def test_letters_without_twin_stay_as_they_are(self):
        self.assertEqual(normalize_plate("ж 1 Д"), "Ж1Д")

    def test_normalizing_twice_changes_nothing(self):
        once = normalize_plate("а 123 вс-77 é")
        self.assertEqual(normalize_plate(once), once)

    def test_names_are_folded(self):
        self.assertEqual(fold("  Škoda   ÖÜ "), "skoda ou")
        self.assertEqual(fold("Йозеф STRAẞE"), "иозеф strasse")
        self.assertEqual(fold(False), "")

    def test_digits_of_a_phone(self):
        self.assertEqual(only_digits("+372 (55) 51-23.45"), "37255512345")
        self.assertEqual(only_digits(None), "")
