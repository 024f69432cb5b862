from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..fleet_app import CLAUSES, hide_customer_vehicles, restore_fleet_app
from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestFleetApp(AutoServiceCommon):
    """A company that also runs Fleet notices nothing of the customers' vehicles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("officer", "fleet.fleet_group_user")
        cls.fleet_manager = cls._create_user("chief", "fleet.fleet_group_manager")
        cls.hr_officer = cls._create_user("hr", "hr.group_hr_user")
        cls.both = cls._create_user(
            "both", "fleet.fleet_group_user,auto_service_base.group_advisor"
        )
        cls.customer_car = cls._create_vehicle()
        cls.company_car = cls.env["fleet.vehicle"].create(
            {
                "license_plate": "123 FLT",
                "model_id": cls.vehicle_model.id,
                "acquisition_date": "2024-01-15",
            }
        )
        cls.cars = cls.customer_car | cls.company_car

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(cls.env, login=f"fleet_{login}", groups=groups)

    def _search_as(self, user, model="fleet.vehicle", field="id"):
        """Records of the two test vehicles that ``user`` finds."""
        return self.env[model].with_user(user).search([(field, "in", self.cars.ids)])

    def test_who_sees_which_vehicle(self):
        table = [
            (self.officer, self.company_car),
            (self.fleet_manager, self.company_car),
            (self.hr_officer, self.company_car),
            (self.user_technician, self.customer_car),
            (self.user_parts, self.customer_car),
            (self.user_advisor, self.customer_car),
            (self.user_manager, self.customer_car),
            (self.both, self.cars),
            (self.env.ref("base.user_admin"), self.cars),
        ]
        for user, expected in table:
            with self.subTest(user=user.login):
                self.assertEqual(self._search_as(user), expected)

    def test_who_sees_which_odometer(self):
        readings = self.env["fleet.vehicle.odometer"].create(
            [{"vehicle_id": car.id, "value": 1000} for car in self.cars]
        )
        table = [
            (self.officer, self.company_car),
            (self.fleet_manager, self.company_car),
            (self.user_technician, self.customer_car),
            (self.user_advisor, self.customer_car),
            (self.both, self.cars),
        ]
        for user, expected in table:
            with self.subTest(user=user.login):
                found = self._search_as(user, "fleet.vehicle.odometer", "vehicle_id")
                self.assertEqual(found & readings, found)
                self.assertEqual(found.vehicle_id, expected)

    def test_garage_sees_no_contracts_and_costs_of_the_company(self):
        self.env["fleet.vehicle.log.contract"].create(
            {"vehicle_id": self.company_car.id}
        )
        kind = self.env["fleet.service.type"].create(
            {"name": "Tyres", "category": "service"}
        )
        self.env["fleet.vehicle.log.services"].create(
            {"vehicle_id": self.company_car.id, "service_type_id": kind.id}
        )
        for model in ("fleet.vehicle.log.contract", "fleet.vehicle.log.services"):
            with self.subTest(model=model):
                self.assertFalse(
                    self._search_as(self.user_manager, model, "vehicle_id")
                )
                self.assertTrue(self._search_as(self.officer, model, "vehicle_id"))

    def test_what_each_role_may_do_with_vehicles(self):
        table = {
            self.user_technician: (True, False, False, False),
            self.user_parts: (True, False, False, False),
            self.user_advisor: (True, True, True, False),
            self.user_manager: (True, True, True, False),
            self.officer: (True, True, True, True),
        }
        for user, expected in table.items():
            vehicles = self.env["fleet.vehicle"].with_user(user)
            rights = tuple(
                vehicles.has_access(right)
                for right in ("read", "write", "create", "unlink")
            )
            with self.subTest(user=user.login):
                self.assertEqual(rights, expected)

    def test_technician_writes_no_vehicle(self):
        with self.assertRaises(AccessError):
            self.customer_car.with_user(self.user_technician).license_plate = "1"
        with self.assertRaises(AccessError):
            self.env["auto.service.vehicle.person"].with_user(
                self.user_technician
            ).create(
                {
                    "vehicle_id": self.customer_car.id,
                    "partner_id": self._create_partner().id,
                }
            )

    def test_advisor_creates_makes_and_models_but_changes_none(self):
        brands = self.env["fleet.vehicle.model.brand"].with_user(self.user_advisor)
        brand = brands.create({"name": "New make"})
        models_ = self.env["fleet.vehicle.model"].with_user(self.user_advisor)
        model = models_.create({"name": "New model", "brand_id": brand.id})
        with self.assertRaises(AccessError):
            model.name = "Other"

    def test_reports_do_not_grow_with_customers_vehicles(self):
        """20,000 customers' cars once made seven million rows of the cost report."""
        self.env["fleet.vehicle.odometer"].create(
            {"vehicle_id": self.company_car.id, "value": 1, "date": "2026-01-01"}
        )
        for model in ("fleet.vehicle.cost.report", "fleet.vehicle.odometer.report"):
            with self.subTest(model=model):
                report = self.env[model]
                self.env.flush_all()
                before = report.search_count([])
                self.assertTrue(before)
                other = self._create_vehicle(license_plate=f"R {model}")
                other.acquisition_date = "1998-01-01"
                other._record_odometer(1000, date="1998-01-01")
                other._record_odometer(9000, date="2026-01-01")
                self.env.flush_all()
                self.assertEqual(report.search_count([]), before)
                self.assertFalse(report.search([("vehicle_id", "=", other.id)]))

    def test_counters_of_models_count_company_vehicles(self):
        model = self.vehicle_model.with_user(self.both)
        self.assertEqual(model.vehicle_count, 1)
        domain = model.action_model_vehicle()["domain"]
        found = self.env["fleet.vehicle"].search(domain)
        self.assertIn(self.company_car, found)
        self.assertNotIn(self.customer_car, found)

    def test_fleet_actions_show_company_vehicles_only(self):
        """People who work with both apps see all, but not on Fleet's screens."""
        for xml_id in (
            "fleet.fleet_vehicle_action",
            "fleet.fleet_vehicle_odometer_action",
        ):
            with self.subTest(action=xml_id):
                action = self.env.ref(xml_id)
                self.assertEqual(action.domain, CLAUSES[action.res_model])

    def test_selectors_of_bills_contracts_and_services_offer_company_vehicles(self):
        for model in (
            "account.move.line",
            "fleet.vehicle.log.contract",
            "fleet.vehicle.log.services",
        ):
            with self.subTest(model=model):
                domain = self.env[model]._fields["vehicle_id"].domain
                self.assertEqual(domain, [("is_customer_vehicle", "=", False)])

    def test_screens_of_fleet_people_stay_the_hosts(self):
        views = {
            self.officer: "fleet.fleet_vehicle_view_form",
            self.both: "fleet.fleet_vehicle_view_form",
            self.user_advisor: "auto_service_base.auto_service_vehicle_view_form",
        }
        for user, xml_id in views.items():
            with self.subTest(user=user.login):
                vehicles = self.env["fleet.vehicle"].with_user(user)
                view = vehicles.get_view(view_type="form")
                self.assertEqual(view["id"], self.env.ref(xml_id).id)

    def test_vehicle_opens_in_the_form_of_its_kind(self):
        view = self.env.ref("auto_service_base.auto_service_vehicle_view_form")
        for car, expected in ((self.customer_car, view.id), (self.company_car, False)):
            action = car.with_user(self.both).get_formview_action()
            self.assertEqual(action["views"], [(expected, "form")])

    def test_search_of_fleet_people_is_the_hosts(self):
        vehicles = self.env["fleet.vehicle"].with_user(self.officer)
        found = vehicles.name_search("123")
        self.assertEqual(found, [(self.company_car.id, self.company_car.name)])
        both = self.env["fleet.vehicle"].with_user(self.both)
        ids = {vehicle_id for vehicle_id, _name in both.name_search("123")}
        self.assertEqual(ids, set(self.cars.ids))

    def test_fleet_officer_works_as_before(self):
        """Create with the host's form, odometer, driver: nothing of ours interferes."""
        driver = self._create_partner(name="Company Driver")
        vehicles = self.env["fleet.vehicle"].with_user(self.officer)
        with Form(vehicles) as form:
            form.model_id = self.vehicle_model
            form.driver_id = driver
        vehicle = form.record
        self.assertFalse(vehicle.is_customer_vehicle)
        self.assertEqual(vehicle.log_drivers.driver_id, driver)
        vehicle.odometer = 500
        self.assertEqual(vehicle.odometer, 500)
        without_driver = vehicles.create({"model_id": self.vehicle_model.id})
        without_driver.unlink()
        self.assertFalse(without_driver.exists())

    def test_uninstall_hook_leaves_the_fleet_app_as_it_was(self):
        """Actions and reports as the host defines them; customers' cars archived."""
        action = self.env.ref("fleet.fleet_vehicle_action")
        restore_fleet_app(self.env)
        self.assertFalse(action.domain)
        self.assertFalse(self.customer_car.active)
        self.assertTrue(self.customer_car.tag_ids)
        self.assertTrue(self.company_car.active)
        self.env.cr.execute(
            "SELECT pg_get_viewdef('fleet_vehicle_cost_report'::regclass) "
            "|| pg_get_viewdef('fleet_vehicle_odometer_report'::regclass)"
        )
        [definition] = self.env.cr.fetchone()
        self.assertNotIn("is_customer_vehicle", definition)

    def test_existing_domain_of_an_action_is_kept_and_given_back(self):
        restore_fleet_app(self.env)
        action = self.env.ref("fleet.fleet_vehicle_action")
        action.domain = "[('active', '=', True)]"
        hide_customer_vehicles(self.env)
        self.assertEqual(
            action.domain,
            "[('is_customer_vehicle', '=', False)] + [('active', '=', True)]",
        )
        restore_fleet_app(self.env)
        self.assertEqual(action.domain, "[('active', '=', True)]")
