from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_package import AutoServicePackageCommon


@tagged("post_install", "-at_install")
class TestPackageQuantity(AutoServicePackageCommon):
    """How much oil the car takes, and what is said when nobody knows."""

    def _get_row(self, vehicle, **values):
        """What a line with oil puts on the estimate of ``vehicle``."""
        values = {"product_id": self.oil.id, "quantity": 4.5, **values}
        return self._create_package([values])._prepare_lines(vehicle)[0]

    def test_quantity_of_the_vehicle_type(self):
        self._create_type(fuel_type="diesel", engine_oil_l=4.3)
        row = self._get_row(self.diesel, quantity_from="engine_oil_l")
        self.assertEqual((row["quantity"], row["assumed"]), (4.3, False))

    def test_unknown_quantity_is_a_guess_and_says_so(self):
        row = self._get_row(self.petrol, quantity_from="engine_oil_l")
        self.assertEqual((row["quantity"], row["assumed"]), (4.5, True))
        self.assertIn("no vehicle type fits", row["reason"])
        self._create_type(fuel_type="gasoline", name="Petrol Focus")
        row = self._get_row(self.petrol, quantity_from="engine_oil_l")
        self.assertIn("Petrol Focus does not say", row["reason"])

    def test_wider_type_helps_where_the_closest_does_not_say(self):
        self._create_type(fuel_type="diesel", coolant_l=6.0)
        self._create_type(engine_oil_l=5.0)
        row = self._get_row(self.diesel, quantity_from="engine_oil_l")
        self.assertEqual((row["quantity"], row["assumed"]), (5.0, False))

    def test_factor_and_rounding(self):
        self._create_type(engine_oil_l=4.3, refrigerant_g=520, cylinder_count=4)
        for values, quantity in (
            ({"quantity_from": "engine_oil_l", "rounding_step": 0.5}, 4.5),
            ({"quantity_from": "engine_oil_l", "rounding_step": 0.1}, 4.3),
            (
                {"quantity_from": "engine_oil_l", "factor": 0.2, "rounding_step": 1.0},
                1.0,
            ),
            ({"quantity_from": "refrigerant_g", "factor": 0.01}, 5.2),
            ({"quantity_from": "cylinder_count"}, 4.0),
            ({"quantity_from": "fixed"}, 4.5),
        ):
            with self.subTest(**values):
                row = self._get_row(self.petrol, **values)
                self.assertEqual(row["quantity"], quantity)
                self.assertFalse(row["assumed"])

    def test_line_for_one_vehicle_type_only(self):
        vehicle_type = self._create_type(fuel_type="diesel")
        package = self._create_package(
            [
                self._create_work("Fuel filter: replace"),
                {**self._create_work("Drain"), "vehicle_type_id": vehicle_type.id},
            ]
        )
        self.assertEqual(len(package._prepare_lines(self.diesel)), 2)
        self.assertEqual(len(package._prepare_lines(self.petrol)), 1)

    @mute_logger("odoo.sql_db")
    def test_line_is_an_operation_or_a_part(self):
        work = self._create_work("Oil change")
        for values in ({"product_id": self.oil.id, **work}, {"quantity": 1.0}):
            with self.subTest(**values), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._create_package([values])

    @mute_logger("odoo.sql_db")
    def test_quantity_is_more_than_zero(self):
        for name in ("quantity", "factor"):
            with self.subTest(name=name), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._get_row(self.petrol, **{name: 0.0})
