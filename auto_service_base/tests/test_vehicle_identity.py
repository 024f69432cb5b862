from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestVehicleIdentity(AutoServiceCommon):
    def test_plate_and_vin_are_stored_in_comparable_form(self):
        vehicle = self._create_vehicle(
            license_plate="а 123 вс-77", vin_sn="wvw zzz1kz6w000001"
        )
        self.assertRecordValues(
            vehicle,
            [
                {
                    "license_plate": "а 123 вс-77",
                    "plate_normalized": "A123BC77",
                    "vin_normalized": "WVWZZZ1KZ6W000001",
                }
            ],
        )
        vehicle.write({"license_plate": False, "vin_sn": ""})
        self.assertFalse(vehicle.plate_normalized or vehicle.vin_normalized)

    @freeze_time("2026-03-02")  # Monday
    def test_vin_check_hints_and_never_blocks(self):
        """Every number can be saved; the hint says what is odd."""
        table = [
            ("WVWZZZ1KZ6W000001", False, "Volkswagen · Germany · model year 2006"),
            ("1HGCM82633A004353", True, "check digit"),
            ("GX100-6112345", True, "12 characters instead of 17"),
            ("WVWZZZ1KZ6WOOOOO1", True, "without I, O and Q"),
        ]
        vehicle = self._create_vehicle()
        self.assertFalse(vehicle.vin_hint)
        for vin, is_suspect, hint in table:
            with self.subTest(vin=vin):
                vehicle.vin_sn = vin
                self.assertEqual(vehicle.is_vin_suspect, is_suspect)
                self.assertIn(hint, vehicle.vin_hint)

    def test_year_follows_first_registration_until_written(self):
        vehicle = self._create_vehicle(first_registration_date="2011-05-04")
        self.assertEqual(vehicle.build_year, 2011)
        vehicle.build_year = 2010
        vehicle.first_registration_date = "2012-01-01"
        self.assertEqual(vehicle.build_year, 2010)

    def test_impossible_year_is_refused_with_the_vehicles_name(self):
        with self.assertRaisesRegex(ValidationError, "123 ABC.*must lie between"):
            self._create_vehicle(build_year=3020)

    def test_customers_vehicle_gets_no_defaults_of_the_fleet_app(self):
        """Dates and state would fill the fleet app's reports and board."""
        vehicle = self._create_vehicle()
        self.assertRecordValues(
            vehicle,
            [
                {
                    "acquisition_date": False,
                    "contract_date_start": False,
                    "state_id": False,
                    "driver_id": False,
                }
            ],
        )

    def test_new_form_of_the_garage_has_no_defaults_of_the_fleet_app(self):
        """Even when the screen does not show the flag."""
        vehicles = self.env["fleet.vehicle"].with_user(self.user_advisor)
        names = ["acquisition_date", "contract_date_start", "state_id"]
        self.assertFalse(vehicles.default_get(names))

    def test_company_vehicle_keeps_the_hosts_defaults(self):
        """Created by an administrator of both apps outside the garage's screens."""
        vehicle = self.env["fleet.vehicle"].create({"model_id": self.vehicle_model.id})
        self.assertFalse(vehicle.is_customer_vehicle)
        self.assertTrue(vehicle.acquisition_date)
        self.assertTrue(vehicle.state_id)
        self.assertFalse(vehicle.search_text)

    def test_vehicle_of_an_advisor_is_a_customers_without_saying_so(self):
        """The external API need not know the flag."""
        vehicle = (
            self.env["fleet.vehicle"]
            .with_user(self.user_advisor)
            .create({"license_plate": "77 API"})
        )
        self.assertTrue(vehicle.is_customer_vehicle)
        self.assertEqual(vehicle.model_id, vehicle._get_unknown_model())

    def test_plate_finds_the_vehicle_however_it_is_written(self):
        vehicle = self._create_vehicle(license_plate="A123BC")
        vehicles = vehicle.with_user(self.user_advisor)
        self.assertEqual(vehicles._find_by_plate(" а123-вс "), vehicle)
        self.assertFalse(vehicles._find_by_plate("A123BD"))
        self.assertFalse(vehicles._find_by_plate(" - "))

    def test_quick_create_by_plate_enters_a_vehicle_once(self):
        partner = self._create_partner()
        vehicles = self.env["fleet.vehicle"].with_user(self.user_advisor)
        vehicle = vehicles._find_or_create_by_plate("555 QQQ", partner=partner)
        self.assertEqual(vehicle.owner_id, partner)
        again = vehicles._find_or_create_by_plate("555-qqq")
        self.assertEqual(again, vehicle)
        with self.assertRaisesRegex(UserError, "at least one letter or digit"):
            vehicles._find_or_create_by_plate("--")

    def test_unknown_plate_typed_into_a_field_enters_the_vehicle(self):
        """The drop-down offers to create what it did not find."""
        partner = self._create_partner()
        vehicles = self.env["fleet.vehicle"].with_user(self.user_manager)
        vehicles = vehicles.with_context(
            default_is_customer_vehicle=True, default_owner_id=partner.id
        )
        vehicle_id, name = vehicles.name_create("222 NEW")
        self.assertEqual(name, "222 NEW")
        self.assertRecordValues(
            vehicles.browse(vehicle_id),
            [
                {
                    "license_plate": "222 NEW",
                    "is_customer_vehicle": True,
                    "owner_id": partner.id,
                }
            ],
        )
        self.assertEqual(vehicles.name_create("222-new")[0], vehicle_id)

    def test_quick_create_gives_an_ownerless_vehicle_its_owner(self):
        vehicle = self._create_vehicle()
        partner = self._create_partner()
        found = vehicle._find_or_create_by_plate("123ABC", partner=partner)
        self.assertEqual(found, vehicle)
        self.assertEqual(vehicle.owner_id, partner)

    def test_nobody_deletes_a_customers_vehicle(self):
        """Archive or merge; the way out is in the message."""
        vehicle = self._create_vehicle()
        with self.assertRaises(AccessError):
            vehicle.with_user(self.user_manager).unlink()
        admin = self.env.ref("base.user_admin")
        with self.assertRaisesRegex(UserError, "123 ABC.*archive it"):
            vehicle.with_user(admin).unlink()

    def test_advisor_archives_a_vehicle(self):
        """The host looks into contracts and services when a vehicle is archived."""
        vehicle = self._create_vehicle()
        vehicle.with_user(self.user_advisor).action_archive()
        self.assertFalse(vehicle.active)

    def test_all_fields_can_be_read_by_every_role(self):
        """``read`` without field names, as the external API calls it."""
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        for role in ("technician", "parts", "advisor", "manager"):
            with self.subTest(role=role):
                user = getattr(self, f"user_{role}")
                [values] = vehicle.with_user(user).read()
                self.assertEqual(values["license_plate"], "123 ABC")
