from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.labour_basket import Item, solve
from .common import AutoServiceCommon


class LabourRelationCommon(AutoServiceCommon):
    """Operations whose names tell how they hang together, and two vehicle types."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belt, cls.pump, cls.coolant, cls.shield = (
            cls._create_operation(name=name, hours=hours, company_id=False)
            for name, hours in [
                ("Timing belt", 3.0),
                ("Water pump", 2.0),
                ("Coolant", 0.8),
                ("Undershield", 0.3),
            ]
        )
        cls.type_model, cls.type_engine = cls.env["auto.service.vehicle.type"].create(
            [
                {"model_id": cls.vehicle_model.id},
                {"model_id": cls.vehicle_model.id, "engine_code": "CBDC"},
            ]
        )

    @classmethod
    def _relate(cls, operation, kind, other=None, **values):
        """Relation ``operation -kind-> other``.

        :return: auto.service.labour.relation record
        """
        return cls.env["auto.service.labour.relation"].create(
            {
                "operation_id": operation.id,
                "kind": kind,
                "other_operation_id": other and other.id,
                **values,
            }
        )

    def _get(self, *operations, types=()):
        """What the engine gets to know: set of (operation, kind, other, hours)."""
        relations = self.env["auto.service.labour.relation"]._get_relations(
            [operation.id for operation in operations], [record.id for record in types]
        )
        names = self.env["auto.service.operation"].browse
        return {
            (
                names(relation.operation).name,
                relation.kind,
                names(relation.other or []).name,
                relation.hours,
            )
            for relation in relations
        }


@tagged("post_install", "-at_install")
class TestLabourRelation(LabourRelationCommon):
    def test_circle_is_refused_with_its_path(self):
        self._relate(self.belt, "includes", self.pump)
        self._relate(self.pump, "combination", self.coolant, hours=0.5)
        with self.assertRaisesRegex(
            ValidationError,
            r"circle: Timing belt → Water pump → Coolant → Timing belt\. Take one",
        ):
            self._relate(self.coolant, "includes", self.belt)

    def test_circle_of_one_file_is_refused(self):
        values = [
            {"operation_id": first.id, "other_operation_id": second.id, "kind": kind}
            for first, second, kind in [
                (self.belt, self.shield, "preliminary"),
                (self.shield, self.coolant, "preliminary"),
                (self.coolant, self.belt, "preliminary"),
            ]
        ]
        with self.assertRaisesRegex(ValidationError, "Timing belt → Undershield"):
            self.env["auto.service.labour.relation"].create(values)

    def test_work_before_is_no_circle_with_work_after(self):
        self._relate(self.belt, "preliminary", self.shield)
        self._relate(self.shield, "follow_up", self.belt)
        relation = self._relate(self.shield, "includes", self.coolant)
        self.assertEqual(relation.display_name, "Undershield · Includes · Coolant")

    def test_circle_that_comes_back_from_the_archive_is_refused(self):
        archived = self._relate(self.belt, "includes", self.pump, active=False)
        self._relate(self.pump, "includes", self.belt)
        with self.assertRaisesRegex(ValidationError, "circle"):
            archived.active = True

    def test_circle_by_writing_is_refused(self):
        self._relate(self.belt, "includes", self.pump)
        relation = self._relate(self.coolant, "includes", self.belt)
        with self.assertRaisesRegex(ValidationError, "circle"):
            relation.write(
                {"operation_id": self.pump.id, "other_operation_id": self.belt.id}
            )

    def test_circle_anywhere_is_found_for_whoever_loads_past_the_orm(self):
        relation = self.env["auto.service.labour.relation"]
        self.assertIsNone(relation._get_cycle())
        self._relate(self.belt, "includes", self.pump)
        back = self._relate(self.pump, "follow_up", self.belt)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE auto_service_labour_relation SET kind = 'includes' WHERE id = %s",
            [back.id],
        )
        self.assertEqual(set(relation._get_cycle()), {self.belt.id, self.pump.id})

    @mute_logger("odoo.sql_db")
    def test_wrong_relations_are_refused_in_the_database(self):
        self._relate(self.belt, "includes", self.pump)
        cases = [
            (CheckViolation, (self.belt, "includes", self.belt), {}),
            (CheckViolation, (self.belt, "includes"), {}),
            (CheckViolation, (self.belt, "combination", self.pump), {}),
            (CheckViolation, (self.belt, "combination", self.pump), {"hours": -1.0}),
            (CheckViolation, (self.belt, "additional"), {"condition": "rust"}),
            (UniqueViolation, (self.belt, "includes", self.pump), {}),
        ]
        for error, args, values in cases:
            with self.subTest(args=args), self.assertRaises(error):
                with self.env.cr.savepoint():
                    self._relate(*args, **values)

    def test_additional_time_has_no_other_operation(self):
        relation = self._relate(self.belt, "includes", self.pump)
        relation.write({"kind": "additional", "hours": 0.5, "condition": "rust"})
        self.assertFalse(relation.other_operation_id)

    def test_relations_between_and_before_come_along(self):
        self._relate(self.belt, "includes", self.pump)
        self._relate(self.pump, "includes", self.coolant)
        self._relate(self.coolant, "preliminary", self.shield)
        self._relate(self.shield, "additional", hours=0.2)
        self.assertEqual(
            self._get(self.belt),
            {
                ("Timing belt", "includes", "Water pump", None),
                ("Water pump", "includes", "Coolant", None),
                ("Coolant", "preliminary", "Undershield", None),
                ("Undershield", "additional", False, 0.2),
            },
        )
        self.assertEqual(
            self._get(self.shield), {("Undershield", "additional", False, 0.2)}
        )

    def test_relations_cost_one_query(self):
        self._relate(self.belt, "includes", self.pump)
        self.env.flush_all()
        self.env.invalidate_all()
        relation = self.env["auto.service.labour.relation"]
        ids = (self.belt | self.pump | self.coolant).ids
        self.assertTrue(self.env.companies)  # known in every request
        with self.assertQueryCount(1):
            relation._get_relations(ids, self.type_engine.ids)

    def test_type_of_the_vehicle_goes_before_every_vehicle(self):
        for hours, vehicle_type in [
            (0.6, self.env["auto.service.vehicle.type"]),
            (0.9, self.type_model),
            (1.1, self.type_engine),
        ]:
            self._relate(
                self.belt,
                "combination",
                self.pump,
                hours=hours,
                vehicle_type_id=vehicle_type.id,
            )
        for hours, types in [
            (0.6, []),
            (0.9, [self.type_model]),
            (1.1, [self.type_engine, self.type_model]),
        ]:
            self.assertEqual(
                self._get(self.belt, types=types),
                {("Timing belt", "combination", "Water pump", hours)},
            )

    def test_type_may_include_what_others_do_not(self):
        self._relate(self.belt, "excludes", self.pump)
        self._relate(
            self.belt, "includes", self.pump, vehicle_type_id=self.type_engine.id
        )
        self.assertEqual(
            self._get(self.belt, types=[self.type_engine]),
            {("Timing belt", "includes", "Water pump", None)},
        )
        self.assertEqual(
            self._get(self.belt), {("Timing belt", "excludes", "Water pump", None)}
        )

    def test_type_may_not_include_what_others_do(self):
        self._relate(self.belt, "includes", self.pump)
        self._relate(
            self.belt, "excludes", self.pump, vehicle_type_id=self.type_engine.id
        )
        relations = self.env["auto.service.labour.relation"]._get_relations(
            (self.belt | self.pump).ids, self.type_engine.ids
        )
        items = [Item(1, self.belt.id, 3.0), Item(2, self.pump.id, 2.0)]
        self.assertEqual(solve(items, relations).total, 5.0)

    def test_archived_operations_are_not_asked_for(self):
        self._relate(self.belt, "preliminary", self.shield)
        self._relate(self.belt, "follow_up", self.coolant)
        (self.shield | self.coolant).active = False
        self.assertFalse(self._get(self.belt))

    def test_operations_of_other_companies_are_not_asked_for(self):
        other = self.env["res.company"].create({"name": "Other Garage"})
        self.shield.company_id = other
        self._relate(self.belt, "preliminary", self.shield)
        relation = self.env["auto.service.labour.relation"]
        ids = self.belt.ids
        self.assertFalse(relation._get_relations(ids, [], self.env.company))
        self.assertEqual(len(relation._get_relations(ids, [], other)), 1)

    def test_advisors_read_and_managers_write(self):
        relation = self._relate(self.belt, "includes", self.pump)
        self.assertEqual(relation.with_user(self.user_technician).kind, "includes")
        with self.assertRaises(AccessError):
            relation.with_user(self.user_advisor).kind = "excludes"
        relation.with_user(self.user_manager).kind = "excludes"

    def test_relations_are_written_on_the_operation(self):
        belt = self.belt.with_user(self.user_manager)
        with Form(belt) as form, form.relation_ids.new() as line:
            line.kind = "combination"
            line.other_operation_id = self.pump
            line.hours = 0.6
        self.assertRecordValues(
            self.pump.relation_of_ids,
            [{"operation_id": self.belt.id, "kind": "combination", "hours": 0.6}],
        )

    def test_relations_go_with_their_operation(self):
        relation = self._relate(self.belt, "includes", self.pump)
        self.pump.unlink()
        self.assertFalse(relation.exists())


@tagged("post_install", "-at_install")
class TestLabourAdjustment(LabourRelationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.cr.now().date()
        cls.tag = cls.env["res.partner.category"].create({"name": "Taxi"})
        cls.tag_below = cls.env["res.partner.category"].create(
            {"name": "Night taxi", "parent_id": cls.tag.id}
        )
        cls.customer = cls._create_partner()
        cls.vehicle = cls._create_vehicle(
            first_registration_date=cls.today.replace(year=cls.today.year - 11, day=1)
        )

    def _adjust(self, **values):
        return self.env["auto.service.labour.adjustment"].create(
            {"name": "Rule", "percent": 10.0, **values}
        )

    def _fits(self, rule, vehicle=None, partner=None, company=None):
        """Whether the rule counts for the visit."""
        return rule in self.env["auto.service.labour.adjustment"]._get_adjustments(
            self.vehicle if vehicle is None else vehicle,
            partner or self.customer,
            company or self.env.company,
            self.today,
        )

    def test_age_lies_in_the_range(self):
        for expected, first, last in [
            (True, 0, 0),
            (True, 11, 12),
            (True, 5, 0),
            (False, 0, 11),
            (False, 12, 0),
        ]:
            with self.subTest(first=first, last=last):
                rule = self._adjust(age_from=first, age_to=last)
                self.assertEqual(self._fits(rule), expected)

    def test_age_that_nobody_knows_fits_no_range(self):
        rule = self._adjust(age_from=1)
        unknown = self._create_vehicle(license_plate="999 XYZ")
        self.assertFalse(self._fits(rule, unknown))
        self.assertFalse(self._fits(rule, self.env["fleet.vehicle"]))
        unknown.build_year = self.today.year - 3
        self.assertTrue(self._fits(rule, unknown))

    def test_distance_is_compared_in_kilometres(self):
        rule = self._adjust(odometer_from=150_000)
        self.assertFalse(self._fits(rule))
        self.vehicle.last_odometer = 100_000
        self.assertFalse(self._fits(rule))
        self.vehicle.odometer_unit = "miles"
        self.assertTrue(self._fits(rule))

    def test_make_and_model(self):
        brand = self.env["fleet.vehicle.model.brand"].create({"name": "Other"})
        self.assertTrue(self._fits(self._adjust(brand_id=self.brand.id)))
        self.assertTrue(self._fits(self._adjust(model_id=self.vehicle_model.id)))
        self.assertFalse(self._fits(self._adjust(brand_id=brand.id)))

    def test_customer_group_counts_for_tags_below_and_for_the_company_above(self):
        rule = self._adjust(partner_category_id=self.tag.id)
        self.assertFalse(self._fits(rule))
        self.customer.category_id = self.tag_below
        self.assertTrue(self._fits(rule))
        contact = self._create_partner(parent_id=self.customer.id)
        self.assertTrue(self._fits(rule, partner=contact))

    def test_rules_of_a_company_count_in_its_branches(self):
        main = self.env["res.company"].create({"name": "Main"})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": main.id}
        )
        rule = self._adjust(company_id=main.id)
        self.assertTrue(self._fits(rule, company=branch))
        self.assertFalse(self._fits(rule))
        self.assertTrue(self._fits(self._adjust(company_id=False), company=branch))
        manager = self.user_manager
        manager.write({"company_ids": [Command.link(branch.id)]})
        seen = rule.with_user(manager).with_context(allowed_company_ids=branch.ids)
        self.assertEqual(seen.percent, 10.0)

    def test_operation_of_the_rule(self):
        above = self.env["auto.service.operation.category"].create({"name": "Engine"})
        below = above.create({"name": "Cooling", "parent_id": above.id})
        self.pump.category_id = below
        rule = self._adjust(
            operation_category_id=above.id, labour_category="mechanical"
        )
        self.assertTrue(rule._fits_line(1.0, self.pump))
        self.assertFalse(rule._fits_line(1.0, self.belt))
        self.pump.labour_category = "body"
        self.assertFalse(rule._fits_line(1.0, self.pump))

    def test_band_of_hours_starts_with_its_first_number(self):
        rule = self._adjust(hours_from=1.0, hours_to=2.0)
        self.assertEqual(rule.conditions, "1 to below 2 hours")
        found = [rule._fits_line(hours, self.belt) for hours in (0.9, 1.0, 1.9, 2.0)]
        self.assertEqual(found, [False, True, True, False])

    def test_rules_are_found_in_one_query(self):
        self._adjust(age_from=1)
        self._adjust(labour_category="mechanical")
        model = self.env["auto.service.labour.adjustment"]
        company = self.env.company
        model._get_adjustments(self.vehicle, self.customer, company, self.today)
        self.belt.read(["labour_category"])
        self.env.flush_all()
        with self.assertQueryCount(1):
            rules = model._get_adjustments(
                self.vehicle, self.customer, company, self.today
            )
            self.assertGreaterEqual(len(rules._get_engine_rules(2.0, self.belt)), 2)

    @mute_logger("odoo.sql_db")
    def test_wrong_rules_are_refused_in_the_database(self):
        for values in [
            {"percent": 0.0, "hours": 0.0},
            {"percent": -100.0},
            {"age_from": 5, "age_to": 5},
            {"age_from": -1},
            {"hours_from": 3.0, "hours_to": 1.0},
        ]:
            with self.subTest(values=values), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self._adjust(**values)

    @mute_logger("odoo.sql_db")
    def test_rounding_step_is_not_negative(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env.company.auto_service_labour_rounding = -0.1
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestLabourRate(LabourRelationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.cr.now().date()
        cls.customer = cls._create_partner()
        cls.vehicle = cls._create_vehicle(build_year=cls.today.year - 8)

    def _rate(self, **values):
        return self.env["auto.service.labour.rate"].create(
            {"name": "Rate", "hourly_rate": 60.0, **values}
        )

    def _find(self, labour_category="mechanical", pay_type="customer", **values):
        return self.env["auto.service.labour.rate"]._find_rate(
            **{
                "labour_category": labour_category,
                "pay_type": pay_type,
                "vehicle": self.vehicle,
                "partner": self.customer,
                **values,
            }
        )

    def test_no_rate_leaves_the_pricelists(self):
        self.assertFalse(self._find())

    def test_rate_with_most_conditions_wins(self):
        everybody = self._rate(sequence=1)
        body = self._rate(labour_category="body", sequence=2)
        body_of_make = self._rate(
            labour_category="body", brand_id=self.brand.id, sequence=3
        )
        self.assertEqual(self._find(), everybody)
        self.assertEqual(self._find("body"), body_of_make)
        self.assertEqual(body_of_make._get_reason(), "Body · Testford")
        self.assertEqual(self._find("body", vehicle=self.env["fleet.vehicle"]), body)

    def test_contract_goes_before_everything(self):
        self._rate(
            labour_category="body",
            pay_type="customer",
            brand_id=self.brand.id,
            age_from=5,
        )
        contract = self._rate(partner_id=self.customer.id)
        contact = self._create_partner(name="Driver", parent_id=self.customer.id)
        self.assertEqual(self._find("body"), contract)
        self.assertEqual(self._find("body", partner=contact), contract)
        self.assertNotEqual(
            self._find("body", partner=self._create_partner()), contract
        )

    def test_equally_specific_rates_follow_the_list(self):
        first = self._rate(pay_type="customer", sequence=2)
        second = self._rate(labour_category="mechanical", sequence=1)
        self.assertEqual(self._find(), second)
        first.sequence = 0
        self.assertEqual(self._find(), first)

    def test_age_of_the_vehicle(self):
        young = self._rate(age_to=5)
        old = self._rate(age_from=5, age_to=12)
        self.assertEqual(self._find(), old)
        self.assertEqual(old._get_reason(), "5 to below 12 years")
        self.vehicle.build_year = self.today.year - 2
        self.assertEqual(self._find(), young)
        self.vehicle.build_year = False
        self.assertFalse(self._find())

    def test_dates_of_a_rate_are_its_first_and_last_day(self):
        year = str(self.today.year)
        rate = self._rate(valid_from=f"{year}-03-01", valid_to=f"{year}-03-31")
        days = {day: rate.valid_from.replace(day=day) for day in (1, 31)}
        self.assertEqual(self._find(date=days[1]), rate)
        self.assertEqual(self._find(date=days[31]), rate)
        self.assertFalse(self._find(date=rate.valid_to.replace(month=4, day=1)))

    def test_branch_has_its_own_rates_and_those_above(self):
        main = self.env["res.company"].create({"name": "Main"})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": main.id}
        )
        of_main = self._rate(company_id=main.id, sequence=1)
        body = self._rate(company_id=main.id, labour_category="body")
        self.assertEqual(self._find(company=branch), of_main)
        of_branch = self._rate(company_id=branch.id, sequence=99)
        self.assertEqual(self._find(company=branch), of_branch)
        self.assertEqual(self._find(company=main), of_main)
        self.assertEqual(self._find("body", company=branch), body)

    def test_archived_and_deleted_rates_are_forgotten(self):
        rate = self._rate()
        self.assertEqual(self._find(), rate)
        rate.active = False
        self.assertFalse(self._find())
        rate.active = True
        self.assertEqual(self._find(), rate)
        rate.unlink()
        self.assertFalse(self._find())

    def test_many_lines_cost_no_query(self):
        self._rate(brand_id=self.brand.id)
        self._find()
        with self.assertQueryCount(0):
            for _line in range(20):
                self.assertTrue(self._find())

    def test_prices_of_labour_are_kept_from_technicians(self):
        rate = self._rate()
        self.assertEqual(rate.with_user(self.user_advisor).hourly_rate, 60.0)
        with self.assertRaises(AccessError):
            rate.with_user(self.user_technician).read(["hourly_rate"])
        with self.assertRaises(AccessError):
            rate.with_user(self.user_advisor).hourly_rate = 1.0

    @mute_logger("odoo.sql_db")
    def test_wrong_rates_are_refused_in_the_database(self):
        for values in [
            {"hourly_rate": -1.0},
            {"minimum_amount": -1.0},
            {"age_from": 5, "age_to": 3},
            {"valid_from": "2026-02-01", "valid_to": "2026-01-01"},
        ]:
            with self.subTest(values=values), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self._rate(**values)
