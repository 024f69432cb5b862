from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common_package import AutoServicePackageCommon


@tagged("post_install", "-at_install")
class TestPackageFit(AutoServicePackageCommon):
    """Which packages are for the car in front of the advisor."""

    def _fits(self, package, vehicle):
        return package._get_fit(vehicle)[package.id][0]

    def test_package_without_vehicles_is_for_every_vehicle(self):
        package = self._create_package()
        unknown = self.env["fleet.vehicle"]
        for vehicle in (self.petrol, self.diesel, unknown):
            with self.subTest(vehicle=vehicle.license_plate):
                self.assertEqual(package._get_fit(vehicle), {package.id: (True, 0)})

    def test_one_of_several_descriptions_is_enough(self):
        package = self._create_package(
            vehicles=[{"fuel_type": "gasoline"}, {"fuel_type": "full_hybrid"}]
        )
        self.assertTrue(self._fits(package, self.petrol))
        self.assertFalse(self._fits(package, self.diesel))

    def test_what_is_not_known_of_the_car_does_not_fit(self):
        package = self._create_package(vehicles=[{"engine_code": "CBDC"}])
        self.assertFalse(self._fits(package, self.diesel))
        self.diesel.engine_code = "cbdc"
        self.assertTrue(self._fits(package, self.diesel))

    def test_excluded_vehicles_are_taken_out_again(self):
        package = self._create_package(
            vehicles=[
                {"model_id": self.vehicle_model.id},
                {"fuel_type": "diesel", "exclude": True},
            ]
        )
        self.assertTrue(self._fits(package, self.petrol))
        self.assertFalse(self._fits(package, self.diesel))

    def test_exclusion_alone_leaves_every_other_vehicle(self):
        package = self._create_package(
            vehicles=[{"fuel_type": "electric", "exclude": True}]
        )
        unknown = self._create_vehicle(license_plate="UNK 100", fuel_type=False)
        for vehicle in (self.petrol, self.diesel, unknown):
            self.assertTrue(self._fits(package, vehicle))

    def test_closer_description_scores_higher(self):
        make = self._create_package(vehicles=[{"brand_id": self.brand.id}])
        model = self._create_package(vehicles=[{"model_id": self.vehicle_model.id}])
        every = self._create_package()
        fit = (make | model | every)._get_fit(self.petrol)
        scores = [fit[package.id][1] for package in (every, make, model)]
        self.assertEqual(scores, sorted(set(scores)))

    @freeze_time("2026-11-22")  # a Sunday
    def test_warranty_and_what_comes_after(self):
        during = self._create_package(coverage="warranty")
        after = self._create_package(coverage="after_warranty")
        both = during | after
        today = fields.Date.today()
        for end, expected in (
            (today, [True, False]),
            (today - timedelta(days=1), [False, True]),
            (False, [True, True]),
        ):
            with self.subTest(end=end):
                self.petrol.warranty_until = end
                fit = both._get_fit(self.petrol)
                self.assertEqual([fit[package.id][0] for package in both], expected)

    def test_screen_says_why_a_package_is_not_offered(self):
        diesel = self._create_package(vehicles=[{"fuel_type": "diesel"}])
        every = self._create_package()
        self.assertEqual(
            (diesel | every)._get_misfit(self.petrol), {diesel.id: "For: Diesel"}
        )

    def test_description_that_says_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "describes no vehicle"):
            self._create_package(vehicles=[{"exclude": True}])

    def test_years_are_a_range(self):
        with self.assertRaisesRegex(ValidationError, "do not make a range"):
            self._create_package(vehicles=[{"year_from": 2012, "year_to": 2008}])

    def test_model_brings_its_make_on_the_screen(self):
        form = Form(self._create_package())
        with form.condition_ids.new() as line:
            line.model_id = self.vehicle_model
            self.assertEqual(line.brand_id, self.brand)
        package = form.save()
        self.assertEqual(package.vehicle_text, "Testford Focus")

    def test_many_packages_need_no_more_queries_than_one(self):
        packages = self.env["auto.service.package"]
        for number in range(30):
            packages |= self._create_package(
                name=f"Package {number}",
                vehicles=[{"fuel_type": "diesel"}, {"fuel_type": "gasoline"}],
            )
        packages[:1]._get_fit(self.petrol)
        self.env.flush_all()
        counts = []
        for some in (packages[:1], packages):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_fit(self.petrol)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[1], 8)
