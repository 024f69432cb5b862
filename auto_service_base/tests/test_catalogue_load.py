from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestCatalogueLoad(AutoServiceOrderCommon):
    """The starter catalogue brings what is missing and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catalogue = cls.env["auto.service.catalogue"]
        cls.operations = cls.env["auto.service.operation"]
        # The database may have loaded it already, for the demo garage perhaps.
        for model, field in (
            ("auto.service.operation", "code"),
            ("auto.service.operation.category", "code"),
            ("auto.service.package", "code"),
            ("auto.service.maintenance.plan", "code"),
            ("product.product", "default_code"),
        ):
            records = cls.env[model].with_context(active_test=False)
            records.search([(field, "!=", False)]).write({field: False})

    def _load(self, **options):
        return self.catalogue._load(**options)

    def _find(self, code):
        return self.operations.search([("code", "=", code)])

    def test_names_come_in_the_languages_of_the_database(self):
        for code in ("ru_RU", "et_EE", "hu_HU", "kk_KZ"):
            self.env["res.lang"]._activate_lang(code)
        self._load()
        operation = self._find("M-032")
        for code, name in (
            ("en_US", "Water pump: replace"),
            ("ru_RU", "Водяной насос: замена"),
            ("et_EE", "Veepump: vahetus"),
            ("hu_HU", "Vízpumpa: csere"),
            ("kk_KZ", "Су сорғысы: ауыстыру"),
        ):
            with self.subTest(lang=code):
                self.assertEqual(operation.with_context(lang=code).name, name)
        russian = operation.with_context(lang="ru_RU")
        self.assertEqual(russian.category_id.display_name, "Двигатель / Охлаждение")

    def test_belt_and_pump_share_work(self):
        self._load()
        relation = self.env["auto.service.labour.relation"].search(
            [
                ("operation_id.code", "=", "M-030"),
                ("other_operation_id.code", "=", "M-032"),
            ]
        )
        self.assertRecordValues(relation, [{"kind": "combination"}])
        self.assertLess(relation.hours, self._find("M-032").hours)

    def test_loading_again_brings_nothing(self):
        self._load()
        again = self._load()
        self.assertEqual({name for name, records in again.items() if records}, set())

    def test_own_operation_keeps_its_name_and_hours(self):
        own = self._create_operation(code="M-032", name="Pump", hours=1.9)
        created = self._load()
        self.assertRecordValues(own, [{"name": "Pump", "hours": 1.9}])
        self.assertNotIn("M-032", created["auto.service.operation"].mapped("code"))
        belt = created["auto.service.package"].filtered(lambda p: p.code == "PK-BELT")
        self.assertIn(own, belt.line_ids.operation_id)

    def test_archived_operation_does_not_come_back(self):
        self._load()
        self._find("M-032").action_archive()
        self._load()
        self.assertFalse(self._find("M-032"))

    def test_removed_relation_does_not_come_back(self):
        relations = self.env["auto.service.labour.relation"]
        self._load()
        before = relations.search_count([("operation_id.code", "=", "M-030")])
        relations.search([("operation_id.code", "=", "M-030")], limit=1).unlink()
        self._load()
        after = relations.search_count([("operation_id.code", "=", "M-030")])
        self.assertEqual(after, before - 1)

    def _get_rate(self, name):
        """Rate of the example prices for a company with this currency."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", name)]) or currencies.create(
            {"name": name, "symbol": name}
        )
        currency.active = True
        company = self.env["res.company"].create(
            {"name": f"Garage in {name}", "currency_id": currency.id}
        )
        return self.catalogue.with_company(company)._get_price_rate()

    def test_example_prices_are_in_the_money_of_the_garage(self):
        self.env["res.currency.rate"].search([("id", ">", 0)]).unlink()
        for name, rate in (("EUR", 1.0), ("HUF", 400.0), ("KZT", 550.0), ("XTS", 0.0)):
            with self.subTest(currency=name):
                self.assertEqual(self._get_rate(name), rate)

    def test_fluids_without_a_price_are_named(self):
        with patch.object(type(self.catalogue), "_get_price_rate", return_value=0.0):
            dialog = self.env["auto.service.catalogue.load"].create({})
            dialog.action_load()
        self.assertIn("Enter the prices of these", dialog.result)
        self.assertIn("Engine oil, by the litre", dialog.result)

    def test_operations_alone(self):
        created = self._load(packages=False, plans=False)
        self.assertNotIn("auto.service.package", created)
        self.assertGreater(len(created["auto.service.operation"]), 80)

    def test_packages_fit_by_fuel(self):
        petrol = self._create_vehicle(fuel_type="gasoline")
        packages = self._load()["auto.service.package"]
        fit = packages._get_fit(petrol)
        codes = {package.code for package in packages if fit[package.id][0]}
        self.assertTrue({"PK-OIL", "PK-SERVICE-P", "PK-BELT"} <= codes)
        self.assertFalse({"PK-SERVICE-D", "PK-SERVICE-E", "PK-ATF"} & codes)

    def test_manager_loads_it_with_a_button(self):
        dialog = self.env["auto.service.catalogue.load"].with_user(self.user_manager)
        dialog = dialog.create({})
        dialog.action_load()
        self.assertIn("Labour Operation: ", dialog.result)
        again = dialog.create({})
        again.action_load()
        self.assertEqual(again.result, "Everything is here already.")

    def test_advisor_does_not(self):
        with self.assertRaises(AccessError):
            self.env["auto.service.catalogue.load"].with_user(self.user_advisor).create(
                {}
            )
