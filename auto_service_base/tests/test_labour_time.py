import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import AutoServiceCommon

TODAY = datetime.date(2026, 11, 21)


@tagged("post_install", "-at_install")
class TestLabourTime(AutoServiceCommon):
    """Hours of an operation on this very vehicle, and where they come from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle_model.default_fuel_type = False
        cls.times = cls.env["auto.service.labour.time"]
        cls.own = cls.env.ref("auto_service_base.labour_source_own")
        cls.guide = cls.env["auto.service.labour.source"].create(
            {"name": "Guide", "release": "2026-11", "default_unit": "aw5"}
        )
        types = cls.env["auto.service.vehicle.type"]
        cls.type_model = types.create({"model_id": cls.vehicle_model.id})
        cls.type_engine = types.create(
            {"model_id": cls.vehicle_model.id, "engine_code": "BKC"}
        )
        cls.type_class = types.create({"brand_id": cls.brand.id})
        cls.vehicle = cls._create_vehicle(engine_code="BKC")
        cls.operation = cls._create_operation(hours=0)

    @classmethod
    def _create_time(cls, hours=1.0, **values):
        values = {
            "operation_id": cls.operation.id,
            "source_id": cls.guide.id,
            "hours": hours,
            **values,
        }
        return cls.times.create(values)

    def _choose(self, vehicle=None, **options):
        vehicle = self.vehicle if vehicle is None else vehicle
        options = {"date": TODAY, **options}
        choices = self.operation._get_labour_times(vehicle, **options)
        return choices[self.operation.id]

    def test_no_time_known_is_said_plainly(self):
        choice = self._choose()
        self.assertIsNone(choice.chosen)
        self.assertEqual(choice.others, ())
        self.assertEqual(self.operation._get_book_hours(self.vehicle), 0.0)

    def test_hours_of_the_operation_are_the_last_resort(self):
        self.operation.hours = 2.5
        chosen = self._choose().chosen
        self.assertEqual((chosen.id, chosen.hours), (0, 2.5))
        self.assertEqual((chosen.level, chosen.source), ("default", "operation"))

    def test_most_specific_and_most_trusted_wins_and_the_rest_is_shown(self):
        self.operation.hours = 9
        times = [
            self._create_time(1.1, vehicle_type_id=self.type_model.id, kind="own"),
            self._create_time(1.2, vehicle_type_id=self.type_engine.id),
            self._create_time(1.3, vehicle_type_id=self.type_model.id),
            self._create_time(1.4, vehicle_type_id=self.type_class.id),
            self._create_time(1.5, source_id=self.own.id),
            self._create_time(1.6),
        ]
        choice = self._choose()
        self.assertEqual(
            [row.id for row in (choice.chosen, *choice.others)],
            [time.id for time in times] + [0],
        )
        exact = choice.others[0]
        self.assertEqual(
            (exact.level, exact.origin, exact.source, exact.release, exact.type_name),
            ("exact", "provider", "Guide", "2026-11", "Testford Focus BKC"),
        )

    def test_other_engine_has_other_times(self):
        other = self.env["auto.service.vehicle.type"].create(
            {"model_id": self.vehicle_model.id, "engine_code": "BSE"}
        )
        self._create_time(1.2, vehicle_type_id=self.type_engine.id)
        self._create_time(4.2, vehicle_type_id=other.id)
        self.assertEqual(self._choose().chosen.hours, 1.2)
        self.vehicle.engine_code = "BSE"
        self.assertEqual(self._choose().chosen.hours, 4.2)
        self.vehicle.engine_code = False
        self.assertIsNone(self._choose().chosen)

    def test_without_vehicle_only_times_for_every_vehicle_count(self):
        self._create_time(1.2, vehicle_type_id=self.type_engine.id)
        every = self._create_time(1.6)
        choice = self._choose(self.env["fleet.vehicle"])
        self.assertEqual((choice.chosen.id, choice.others), (every.id, ()))

    def test_original_value_and_unit_are_kept(self):
        for value, unit, hours in ((28, "aw5", 2.333333), (14, "aw6", 1.4)):
            time = self.times.create(
                {
                    "operation_id": self.operation.id,
                    "source_id": self.guide.id,
                    "original_value": value,
                    "original_unit": unit,
                }
            )
            self.assertAlmostEqual(time.hours, hours, 5)
            chosen = self._choose().chosen
            self.assertEqual((chosen.value, chosen.unit), (value, unit))
            time.original_value = 2 * value
            self.assertAlmostEqual(time.hours, 2 * hours, 5)
            time.active = False

    def test_hours_follow_the_original_value_on_the_screen(self):
        form = Form(self.times.with_user(self.user_manager), view=None)
        form.operation_id = self.operation
        form.original_value = 12
        form.original_unit = "aw5"
        self.assertEqual(form.hours, 1.0)
        self.assertEqual(form.source_id, self.own)
        self.assertEqual(form.save().hours, 1.0)

    def test_hours_written_by_hand_are_not_the_published_ones_any_more(self):
        time = self._create_time(original_value=12, original_unit="aw5", hours=1.0)
        time.hours = 1.25
        self.assertRecordValues(
            time, [{"hours": 1.25, "original_value": 0, "original_unit": False}]
        )

    def test_warranty_time_is_for_warranty_work(self):
        warranty = self._create_time(0.8, kind="warranty")
        usual = self._create_time(1.2, vehicle_type_id=self.type_engine.id)
        self.assertEqual(self._choose().chosen.id, usual.id)
        self.assertEqual(self._choose(pay_type="warranty").chosen.id, warranty.id)

    def test_dated_time_wins_in_its_period(self):
        undated = self._create_time(1.0)
        dated = self._create_time(2.0, valid_from="2026-01-01", valid_to="2026-06-30")
        self.assertEqual(self._choose(date="2026-06-30").chosen.id, dated.id)
        self.assertEqual(self._choose(date="2026-07-01").chosen.id, undated.id)

    def test_archived_time_source_and_type_are_not_used(self):
        time = self._create_time(1.0, vehicle_type_id=self.type_engine.id)
        for record in (time, self.guide, self.type_engine):
            record.active = False
            self.assertIsNone(self._choose().chosen)
            record.active = True
            self.assertEqual(self._choose().chosen.id, time.id)

    def test_source_of_another_company_is_not_used(self):
        self._create_time(1.0)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        self.guide.company_id = company
        self.assertIsNone(self._choose().chosen)
        self.guide.company_id = self.env.company
        self.assertEqual(self._choose().chosen.hours, 1.0)
        self.assertEqual(self._choose(company=branch).chosen.hours, 1.0)

    def test_source_is_named_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("hu_HU")
        self.guide.with_context(lang="hu_HU").name = "Normakönyv"
        self._create_time(1.0)
        operation = self.operation.with_context(lang="hu_HU")
        choice = operation._get_labour_times(self.vehicle)[operation.id]
        self.assertEqual(choice.chosen.source, "Normakönyv")

    def test_two_queries_for_any_number_of_operations(self):
        operations = self.operation.create(
            [{"name": f"Operation {number}"} for number in range(30)]
        )
        self.times.create(
            [
                {
                    "operation_id": operation.id,
                    "vehicle_type_id": vehicle_type.id,
                    "source_id": self.guide.id,
                    "hours": 1,
                }
                for operation in operations
                for vehicle_type in (self.type_engine, self.type_model)
            ]
        )
        operations._get_labour_times(self.vehicle, date=TODAY)
        for part in (operations[:1], operations):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                choices = part._get_labour_times(self.vehicle, date=TODAY)
            self.assertEqual({c.chosen.hours for c in choices.values()}, {1})

    def test_index_of_the_key_serves_the_look_up(self):
        operations = self.operation.create(
            [{"name": f"Operation {number}"} for number in range(50)]
        )
        types = self.env["auto.service.vehicle.type"].create(
            [{"ktype": f"T{number}"} for number in range(100)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO auto_service_labour_time (operation_id, vehicle_type_id,
                       source_id, kind, hours, active)
                SELECT o, t, %s, 'standard', 1, TRUE
                  FROM unnest(%s) o, unnest(%s) t
                """,
                *(self.guide.id, operations.ids, types.ids),
            )
        )
        self.env.cr.execute("ANALYZE auto_service_labour_time")
        car = self.vehicle._get_match_values()
        query = operations[:30]._get_labour_time_query(
            self.vehicle, car, TODAY, self.env.company
        )
        plan = self.env.execute_query(SQL("EXPLAIN %s", query))
        text = "\n".join(line for (line,) in plan)
        self.assertIn("Scan using auto_service_labour_time_key_uniq", text)
        self.assertRegex(
            text, r"Index Cond: \(\(operation_id = o.id\) AND \(COALESCE\("
        )

    @mute_logger("odoo.sql_db")
    def test_database_refuses_what_cannot_be(self):
        refused = (
            ({"hours": -1}, "Hours must be more than zero"),
            ({"hours": 0}, "Hours must be more than zero"),
            (
                {"valid_from": "2026-02-01", "valid_to": "2026-01-01"},
                "cannot end before it begins",
            ),
            ({"valid_from": "2025-06-01"}, "has a time of this kind"),
            ({"valid_from": "2025-12-31"}, "valid on the same days"),
            (
                {"valid_from": "2025-01-01", "valid_to": "2025-06-01"},
                "valid on the same days",
            ),
        )
        self._create_time(valid_from="2025-06-01", valid_to="2025-12-31")
        for values, sentence in refused:
            with self.subTest(values=values):
                with self.assertRaises(psycopg2.IntegrityError) as caught:
                    self._create_time(**values)
                message = self.times._sql_error_to_message(caught.exception)
                self.assertIn(sentence, message)

    def test_times_that_do_not_meet_stand_side_by_side(self):
        self._create_time(valid_from="2025-06-01", valid_to="2025-12-31")
        self._create_time(valid_from="2026-01-01")
        self._create_time()
        self._create_time(valid_from="2025-06-01", kind="warranty")
        self._create_time(valid_from="2025-06-01", source_id=self.own.id)
        self._create_time(valid_from="2025-06-01", vehicle_type_id=self.type_model.id)
        self._create_time(valid_from="2025-06-01", active=False)
        self.assertEqual(self.operation.labour_time_ids.mapped("hours"), [1.0] * 6)

    def test_guard_against_overlaps_exists_or_nothing_is_installed(self):
        self.times._ensure_no_overlap_guarded()
        self.env.cr.execute(
            "ALTER TABLE auto_service_labour_time"
            " DROP CONSTRAINT auto_service_labour_time_no_overlap"
        )
        with self.assertRaisesRegex(UserError, "could not be created"):
            self.times._ensure_no_overlap_guarded()

    def test_manager_writes_times_and_everybody_reads_them(self):
        time = self._create_time()
        for user in (self.user_technician, self.user_parts, self.user_advisor):
            self.assertEqual(time.with_user(user).hours, 1.0)
            with self.assertRaises(AccessError):
                time.with_user(user).write({"hours": 2})
        time.with_user(self.user_manager).write({"hours": 2})
        time.with_user(self.user_manager).unlink()
