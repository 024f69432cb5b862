from odoo.tests import BaseCase, tagged

from ..tools.vin import REGIONS, check_digit, check_vin, load_makers

LATEST = 2027


@tagged("standard", "at_install")
class TestVin(BaseCase):
    def test_what_a_vin_tells(self):
        """Issue, country, maker and candidate years, one line per kind of number."""
        table = [
            # Valid North American check digit; digit at position 7: before 2010
            ("1HGCM82633A004352", "", "US", "Honda", (2003,)),
            # X as check digit
            ("1M8GDM9AXKP042788", "", "US", "", (1989,)),
            # One digit changed: the check digit binds in North America
            ("1HGCM82633A004353", "check_digit", "US", "Honda", (2003,)),
            # Letter at position 7: 2010 or later
            ("5YJ3E1EA7KF317000", "check_digit", "US", "Tesla", (2019,)),
            # European fillers: no check digit
            ("WVWZZZ1KZ6W000001", "", "DE", "Volkswagen", (2006,)),
            # Candidate years repeat every 30 years
            ("TMBJG7NE8H0123456", "", "CZ", "Škoda", (1987, 2017)),
            ("XTA210990Y2766389", "", "RU", "Lada", (2000,)),
            ("Z94CB41AAGR323020", "", "RU", "Hyundai", (1986, 2016)),
            # 0 is no code of a year
            ("VF100000000000000", "", "FR", "Renault", ()),
            # China: the check digit binds
            ("LSJW74U92NZ123456", "check_digit", "CN", "MG", (1992, 2022)),
            # The letter O never occurs
            ("WVWZZZ1KZ6WOOOOO1", "letters", "", "", ()),
            # Japanese frame number
            ("GX100-6112345", "length", "", "", ()),
        ]
        for text, issue, country, maker, years in table:
            with self.subTest(vin=text):
                check = check_vin(text, LATEST)
                self.assertEqual(
                    (check.issue, check.country, check.maker, check.years),
                    (issue, country, maker, years),
                )

    def test_cyrillic_and_blanks_are_understood(self):
        """ХТА typed on a Cyrillic keyboard is XTA."""
        check = check_vin("хта 210990-у2766389", LATEST)
        self.assertEqual(check.vin, "XTA210990Y2766389")
        self.assertEqual(check.maker, "Lada")

    def test_nothing_given_tells_nothing(self):
        self.assertIsNone(check_vin("", LATEST))
        self.assertIsNone(check_vin(False, LATEST))

    def test_years_never_lie_in_the_future(self):
        """Code V is 1997 or 2027: in 2026 the second one does not exist yet."""
        self.assertEqual(check_vin("WVWZZZ1KZVW000001", 2026).years, (1997,))
        self.assertEqual(check_vin("WVWZZZ1KZVW000001", 2027).years, (1997, 2027))

    def test_check_digit_of_ones(self):
        """The textbook number: seventeen ones have the check digit 1."""
        self.assertEqual(check_digit("1" * 17), "1")

    def test_table_of_makers_is_clean(self):
        for wmi, maker in load_makers().items():
            with self.subTest(wmi=wmi):
                self.assertRegex(wmi, r"^[A-HJ-NPR-Z0-9]{2,3}$")
                self.assertTrue(maker.strip())

    def test_regions_do_not_overlap(self):
        """Each two-character prefix belongs to one country at most."""
        from ..tools.vin import ORDER, _position  # noqa: PLC0415

        for prefix in (first + second for first in ORDER for second in ORDER):
            rank = _position(prefix, 0)
            countries = [
                country
                for start, end, country in REGIONS
                if _position(start, 0) <= rank <= _position(end, -1)
            ]
            self.assertLessEqual(len(countries), 1, f"{prefix}: {countries}")
