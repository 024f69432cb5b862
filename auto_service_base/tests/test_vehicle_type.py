import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestVehicleType(AutoServiceCommon):
    """Which types fit a vehicle, and what is asked where nobody knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle_model.default_fuel_type = False
        cls.types = cls.env["auto.service.vehicle.type"]
        cls.type_model = cls._create_type()
        cls.type_diesel = cls._create_type(fuel_type="diesel")
        cls.type_engine = cls._create_type(
            engine_code="BKC, BXE",
            fuel_type="diesel",
            power_from=77,
            power_to=77,
            capacity_from=1896,
            capacity_to=1896,
            year_from=2004,
            year_to=2010,
        )
        cls.type_other = cls._create_type(engine_code="BSE", fuel_type="gasoline")
        cls.type_class = cls.types.create({"fuel_type": "diesel"})
        cls.type_make = cls.types.create({"brand_id": cls.brand.id})

    @classmethod
    def _create_type(cls, **values):
        return cls.types.create({"model_id": cls.vehicle_model.id, **values})

    @classmethod
    def _create_diesel(cls, **values):
        """Vehicle that the type with the engine is for."""
        values = {
            "engine_code": "bxe",
            "fuel_type": "diesel",
            "power": 77.2,
            "engine_capacity": 1896,
            "build_year": 2006,
            **values,
        }
        return cls._create_vehicle(**values)

    def _get_fitting(self, vehicle):
        pairs = vehicle._get_matching_types()
        return self.types.browse(type_id for type_id, _match in pairs)

    def test_most_specific_type_comes_first(self):
        vehicle = self._create_diesel()
        self.assertEqual(
            self._get_fitting(vehicle).ids,
            (
                self.type_engine
                + self.type_diesel
                + self.type_model
                + self.type_class
                + self.type_make
            ).ids,
        )
        self.assertEqual(vehicle.vehicle_type_id, self.type_engine)

    def test_changing_the_engine_changes_the_type(self):
        vehicle = self._create_diesel()
        vehicle.write({"engine_code": "BSE", "fuel_type": "gasoline"})
        self.assertEqual(vehicle.vehicle_type_id, self.type_other)
        vehicle.engine_code = False
        self.assertEqual(vehicle.vehicle_type_id, self.type_model)

    def test_database_finds_just_what_the_rule_says(self):
        """The query must not lose a type that the plain rule lets through."""
        self._create_type(generation="Mk 2")
        self._create_type(transmission="manual", drive="front", body="estate")
        self._create_type(ktype="1", engine_code="BXE")
        self.types.create({"ktype": "2", "engine_code": "BKC"})
        self.types.create({"ktype": "3"})
        self.types.create({"engine_code": "BXE", "year_to": 2006})
        changes = (
            {},
            {"generation": "mk2"},
            {"transmission": "manual", "drive": "front", "body": "estate"},
            {"ktype": "1"},
            {"ktype": "3", "engine_code": False},
            {"engine_code": "BKC", "build_year": 2011},
            {"power": 0, "engine_capacity": 0, "build_year": 0},
            {"model_id": self.env["fleet.vehicle"]._get_unknown_model().id},
        )
        for values in changes:
            with self.subTest(values=values):
                vehicle = self._create_diesel(**values)
                fitting = self.types.search([("id", "!=", 0)]).filtered(
                    lambda record, vehicle=vehicle: record._match_vehicle(vehicle).fits
                )
                self.assertEqual(self._get_fitting(vehicle).sorted(), fitting.sorted())

    def test_archived_type_is_not_used(self):
        self.type_engine.active = False
        self.assertEqual(self._create_diesel().vehicle_type_id, self.type_diesel)

    def test_unknown_model_is_no_model(self):
        unknown = self.env["fleet.vehicle"]._get_unknown_model()
        self.types.create({"model_id": unknown.id})
        vehicle = self._create_vehicle(model_id=unknown.id)
        self.assertFalse(vehicle.vehicle_type_id)

    def test_horsepower_is_compared_in_kilowatts(self):
        vehicle = self._create_diesel(power=0, power_unit="horsepower", horsepower=105)
        self.assertEqual(vehicle.vehicle_type_id, self.type_engine)

    def test_types_that_share_a_ktype_are_not_taken_by_chance(self):
        one = self.types.create({"ktype": "17869", "engine_code": "BKC"})
        vehicle = self._create_vehicle(ktype="17869")
        self.assertEqual(vehicle.vehicle_type_id, one)
        other = self.types.create({"ktype": "17869", "engine_code": "BLS"})
        vehicle.invalidate_recordset()
        self.assertNotIn(vehicle.vehicle_type_id, one + other)
        vehicle.engine_code = "BLS"
        self.assertEqual(vehicle.vehicle_type_id, other)

    def test_one_query_finds_the_types(self):
        vehicle = self._create_diesel()
        vehicle._get_match_values()
        self.types.create(
            [{"model_id": self.vehicle_model.id, "engine_code": f"X{i}"} for i in "123"]
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            vehicle._get_matching_types()
        with self.assertQueryCount(1):
            vehicle._get_near_types()

    def test_near_types_say_what_is_missing(self):
        vehicle = self._create_vehicle(fuel_type="diesel")
        near = dict(vehicle._get_near_types())
        self.assertEqual(
            near[self.type_engine.id].missing,
            ("engine_code", "capacity", "power", "year"),
        )
        self.assertEqual(near[self.type_other.id].differing, ("fuel_type",))
        self.assertNotIn(self.type_model.id, near)
        self.assertEqual(list(near), [self.type_engine.id, self.type_other.id])

    def test_hint_tells_unknown_from_different(self):
        vehicle = self._create_vehicle(fuel_type="diesel")
        types = self.type_engine + self.type_other + self.type_model
        self.assertRecordValues(
            types.with_context(match_vehicle_id=vehicle.id),
            [
                {
                    "match_hint": "Unknown: Engine Code, Engine capacity, Power, Year",
                    "is_match": False,
                },
                {
                    "match_hint": "Different: Fuel · Unknown: Engine Code",
                    "is_match": False,
                },
                {"match_hint": "Fits", "is_match": True},
            ],
        )

    def test_chosen_type_fills_in_the_vehicle(self):
        vehicle = self._create_vehicle(model_id=False)
        self.type_engine.write({"transmission": "manual", "drive": "front"})
        action = vehicle.with_user(self.user_advisor).action_choose_type()
        chosen = self.type_engine.with_user(self.user_advisor)
        chosen.with_context(**action["context"]).action_take_for_vehicle()
        self.assertRecordValues(
            vehicle,
            [
                {
                    "model_id": self.vehicle_model.id,
                    "engine_code": False,  # there are two, somebody has to look
                    "engine_capacity": 1896,
                    "power": 77.0,
                    "fuel_type": "diesel",
                    "transmission": "manual",
                    "drive": "front",
                }
            ],
        )
        vehicle._take_type(self.type_other)
        self.assertEqual(vehicle.engine_code, "BSE")
        self.assertEqual(vehicle.vehicle_type_id, self.type_other)

    def test_choice_offers_the_types_of_the_model(self):
        other = self.env["fleet.vehicle.model"].create(
            {"name": "Fiesta", "brand_id": self.brand.id}
        )
        foreign = self.types.create({"model_id": other.id})
        action = self._create_diesel().action_choose_type()
        offered = self.types.search(action["domain"])
        self.assertIn(self.type_other, offered)
        self.assertNotIn(foreign, offered)
        self.assertEqual(
            self._create_vehicle(model_id=False).action_choose_type()["domain"], []
        )

    def test_name_is_made_of_the_attributes_and_can_be_changed(self):
        self.assertEqual(
            self.type_engine.name,
            "Testford Focus 1.9 l BKC, BXE 77 kW Diesel 2004–2010",
        )
        with Form(self.types.with_user(self.user_manager)) as form:
            form.model_id = self.vehicle_model
            form.generation = "Mk3"
            self.assertEqual(form.name, "Testford Focus Mk3")
            self.assertEqual(form.brand_id, self.brand)
            form.name = "Focus of 2011"
        self.assertEqual(form.record.name, "Focus of 2011")

    @mute_logger("odoo.sql_db")
    def test_same_type_is_not_made_twice(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self._create_type(fuel_type="diesel")
        self.types.create({"ktype": "1", "engine_code": "BKC"})
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.types.create({"ktype": "1", "engine_code": "bkc"})

    def test_same_type_is_found_before_it_is_made(self):
        values = {"model_id": self.vehicle_model.id, "fuel_type": "diesel"}
        domain = self.types._get_same_type_domain(values)
        self.assertEqual(self.types.search(domain), self.type_diesel)

    @mute_logger("odoo.sql_db")
    def test_type_without_any_attribute_is_refused(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.types.create({"name": "Everything"})

    def test_range_that_ends_before_it_begins_is_refused(self):
        for values in (
            {"year_from": 2010, "year_to": 2004},
            {"capacity_from": -1},
            {"power_from": 90, "power_to": 77},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "do not make a range"),
            ):
                self._create_type(**values)

    def test_new_model_of_the_garage_is_not_electric(self):
        models = self.env["fleet.vehicle.model"].with_user(self.user_advisor)
        model = models.create({"name": "Puma", "brand_id": self.brand.id})
        self.assertFalse(model.default_fuel_type)
        self.assertFalse(self._create_vehicle(model_id=model.id).fuel_type)

    def test_drive_comes_from_the_model_until_it_is_written(self):
        self.vehicle_model.drive_type = "awd"
        vehicle = self._create_vehicle()
        self.assertEqual(vehicle.drive, "all")
        vehicle.drive = "front"
        self.vehicle_model.drive_type = "rwd"
        self.assertEqual(vehicle.drive, "front")

    def test_manager_writes_types_and_everybody_reads_them(self):
        for user in (self.user_technician, self.user_parts, self.user_advisor):
            record = self.type_engine.with_user(user)
            self.assertTrue(record.name)
            with self.assertRaises(AccessError):
                record.write({"origin": "me"})
        self.type_engine.with_user(self.user_manager).write({"origin": "me"})
