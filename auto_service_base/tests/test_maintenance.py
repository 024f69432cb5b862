from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AutoServiceOrderCommon

TODAY = date(2026, 3, 2)
MONDAY = "2026-03-02 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestMaintenance(AutoServiceOrderCommon):
    """What is due on a vehicle, from plans, finished work and odometer readings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["auto.service.maintenance.plan"].search(
            [("active", "=", True)]
        ).active = False
        cls.oil = cls._create_operation(name="Oil service", code="T-OIL")
        cls.belt = cls._create_operation(name="Timing belt", code="T-BELT")
        cls.plan = cls._create_plan(name="Every car")
        cls.oil_item = cls._create_item(
            cls.plan, operation_id=cls.oil.id, interval_km=15000, interval_months=12
        )
        cls.vehicle = cls._create_vehicle(
            first_registration_date=date(2020, 3, 1), owner_id=cls._create_partner().id
        )

    @classmethod
    def _create_plan(cls, **values):
        return cls.env["auto.service.maintenance.plan"].create(
            {"name": "Plan", "company_id": cls.env.company.id, **values}
        )

    @classmethod
    def _create_item(cls, plan, **values):
        return cls.env["auto.service.maintenance.item"].create(
            {"plan_id": plan.id, **values}
        )

    @classmethod
    def _read(cls, value, day, vehicle=None):
        return (vehicle or cls.vehicle)._record_odometer(value, date=day)

    @classmethod
    def _record(cls, **values):
        return cls.env["auto.service.maintenance.record"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "item_id": cls.oil_item.id,
                "date": date(2025, 9, 1),
                **values,
            }
        )

    @classmethod
    def _create_visit(cls, *operations, odometer=0, vehicle=None):
        """Visit with one approved job that sells ``operations``."""
        order = cls._create_order(
            vehicle_id=(vehicle or cls.vehicle).id,
            partner_id=cls._create_partner().id,
            odometer_in=odometer,
        )
        estimate = order._get_or_create_estimate()
        values = [{"display_type": "line_section", "name": "Service"}]
        values += [{"operation_id": operation.id} for operation in operations]
        lines = cls.env["sale.order.line"].create(
            [{"order_id": estimate.id, **vals} for vals in values]
        )
        return order, lines[0].job_id

    def _get_row(self, item=None, vehicle=None):
        vehicle = vehicle or self.vehicle
        rows = vehicle._get_maintenance_due()
        return next(
            (row for row in rows if row["item"] == (item or self.oil_item)), None
        )

    # Plans --------------------------------------------------------------------

    def test_plan_for_another_make_asks_nothing(self):
        brand = self.env["fleet.vehicle.model.brand"].create({"name": "Other"})
        self.plan.brand_id = brand
        self.assertEqual(self.vehicle._get_maintenance_due(), [])

    def test_unknown_engine_never_fits_a_plan_for_one_engine(self):
        self.plan.engine_code = "CBDC"
        self.assertEqual(self.vehicle._get_maintenance_due(), [])
        self.vehicle.engine_code = "cbdc"
        self.assertEqual(len(self.vehicle._get_maintenance_due()), 1)

    def test_more_specific_plan_decides_on_the_same_work(self):
        special = self._create_plan(name="Focus", model_id=self.vehicle_model.id)
        item = self._create_item(special, operation_id=self.oil.id, interval_km=30000)
        belt = self._create_item(
            self.plan, operation_id=self.belt.id, interval_km=90000
        )
        items = [row["item"] for row in self.vehicle._get_maintenance_due()]
        self.assertCountEqual(items, [item, belt])

    def test_archived_plan_asks_nothing(self):
        self.plan.active = False
        self.assertEqual(self.vehicle._get_maintenance_due(), [])

    def test_plan_of_another_company_asks_nothing(self):
        company = self.env["res.company"].create({"name": "Other garage"})
        item = self._create_item(
            self._create_plan(company_id=company.id), name="Wash", interval_months=1
        )
        self.assertFalse(self._get_row(item, self.vehicle.with_user(self.user_advisor)))

    def test_intervals_in_miles_are_kept_in_kilometres(self):
        form = Form(self.env["auto.service.maintenance.plan"])
        form.name = "British"
        form.odometer_unit = "miles"
        with form.item_ids.new() as line:
            line.name = "Oil"
            line.interval_distance = 10000
        item = form.save().item_ids
        self.assertEqual(item.interval_km, 16093)
        self.assertEqual(item.interval_distance, 10000)
        self.assertEqual(item._get_interval_text("miles"), "10,000 mi")
        self.assertEqual(item._get_interval_text("kilometers"), "16,100 km")

    def test_work_without_any_limit_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "some_limit"),
        ):
            self._create_item(self.plan, name="Something")

    def test_negative_interval_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "not_negative"),
        ):
            self._create_item(self.plan, name="Something", interval_km=-5)

    def test_work_needs_a_name_or_an_operation(self):
        with self.assertRaisesRegex(ValidationError, "needs an operation, a package"):
            self._create_item(self.plan, interval_km=5000)

    # Finished work ------------------------------------------------------------

    def test_finished_job_counts_from_the_odometer_of_the_visit(self):
        self._read(40000, date(2025, 3, 2))
        order, job = self._create_visit(self.oil, odometer=58250)
        self._approve(order)
        self._do_job(job)
        row = self._get_row()
        self.assertEqual(row["last_date"], TODAY)
        self.assertEqual(row["last_odometer"], 58250)
        self.assertEqual(row["due_odometer"], 73250)
        self.assertEqual(row["due_date"], date(2027, 3, 2))
        # 50 km a day: 300 days
        self.assertEqual(row["predicted_date"], date(2026, 12, 27))
        self.assertEqual(row["state"], "later")
        self.assertIn("12/27/2026", row["text"])

    def test_job_in_progress_does_not_count(self):
        order, job = self._create_visit(self.oil, odometer=58250)
        self._approve(order)
        job.with_user(self.user_technician).action_start()
        self.assertFalse(self._get_row()["last_date"])

    def test_reopened_job_does_not_count_until_it_is_finished_again(self):
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        self.assertTrue(self._get_row()["last_date"])
        job.action_reopen()
        self.assertFalse(self._get_row()["last_date"])

    def test_cancelled_job_does_not_count(self):
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        job.action_reopen()
        job.action_cancel()
        self.assertFalse(self._get_row()["last_date"])

    def test_work_that_the_customer_did_not_approve_does_not_count(self):
        """The job was done, the oil service offered with it was not."""
        order, job = self._create_visit(self.belt)
        self._approve(order)
        more = order._get_or_create_estimate()
        self.env["sale.order.line"].create(
            {"order_id": more.id, "job_id": job.id, "operation_id": self.oil.id}
        )
        self.assertEqual(more.state, "draft")
        self._do_job(job)
        self.assertFalse(self._get_row()["last_date"])

    def test_package_is_done_when_its_job_is_done(self):
        package = self.env["auto.service.package"].create(
            {
                "name": "Big service",
                "company_id": self.env.company.id,
                "line_ids": [
                    Command.create({"operation_id": operation.id})
                    for operation in (self.oil, self.belt)
                ],
            }
        )
        item = self._create_item(self.plan, package_id=package.id, interval_months=24)
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        self.assertFalse(self._get_row(item)["last_date"])
        for operations, values in (
            ((self.oil, self.belt), {}),
            ((self.oil,), {"package_id": package.id}),
        ):
            with self.subTest(values=values), self.env.cr.savepoint():
                vehicle = self._create_vehicle(license_plate="777 PKG")
                order, job = self._create_visit(*operations, vehicle=vehicle)
                job.sudo().write(values)
                self._approve(order)
                self._do_job(job)
                row = self._get_row(item, vehicle)
                self.assertEqual(
                    (row["name"], row["last_date"]), ("Big service", TODAY)
                )

    def test_cancelled_estimate_does_not_count(self):
        order, job = self._create_visit(self.oil)
        [estimate] = self._approve(order)
        self._do_job(job)
        estimate._action_cancel()
        self.assertFalse(self._get_row()["last_date"])

    # Entered by hand ----------------------------------------------------------

    def test_done_elsewhere_counts(self):
        self._read(58000, TODAY)
        self._record(odometer=50000)
        row = self._get_row()
        self.assertEqual(row["last_date"], date(2025, 9, 1))
        self.assertEqual(row["due_odometer"], 65000)

    def test_odometer_of_the_record_is_a_reading(self):
        """A single reading and the service book are enough to predict."""
        self.vehicle.first_registration_date = False
        self._read(59050, TODAY)
        self._record(odometer=50000)  # 182 days ago: 49.7 km a day
        self.assertEqual(self._get_row()["predicted_date"], date(2026, 6, 30))

    def test_record_for_an_operation_counts_for_every_plan(self):
        self._record(item_id=False, operation_id=self.oil.id)
        self.assertEqual(self._get_row()["last_date"], date(2025, 9, 1))

    def test_correction_overrules_work_orders_so_far(self):
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        self._record(date=date(2025, 1, 15), is_correction=True)
        self.assertEqual(self._get_row()["last_date"], date(2025, 1, 15))

    def test_correction_without_a_day_forgets_the_last_time(self):
        self._record()
        self.assertTrue(self._get_row()["last_date"])
        self._record(date=False, is_correction=True)
        self.assertFalse(self._get_row()["last_date"])

    def test_work_after_a_correction_counts(self):
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        record = self._record(date=date(2025, 1, 15), is_correction=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE auto_service_maintenance_record SET create_date = %s WHERE id = %s",
            [job.done_at - timedelta(hours=1), record.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_row()["last_date"], TODAY)

    def test_maintenance_of_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "lies in the future"):
            self._record(date=date(2026, 3, 3))

    def test_maintenance_without_a_day_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "date_given"),
        ):
            self._record(date=False)

    def test_record_keeps_its_name_when_the_plan_goes(self):
        record = self._record()
        self.plan.unlink()
        self.assertRecordValues(
            record,
            [{"name": "Oil service", "item_id": False, "operation_id": self.oil.id}],
        )

    def test_advisor_enters_and_technician_does_not(self):
        self._record_as(self.user_advisor)
        with self.assertRaises(AccessError):
            self._record_as(self.user_technician)

    def _record_as(self, user):
        action = self.vehicle.with_user(user).action_record_maintenance(
            self.oil_item.id
        )
        records = self.env[action["res_model"]].with_user(user)
        form = Form(records.with_context(**action["context"]))
        form.note = "Stamp in the service book"
        return form.save()

    # Odometers as they are ----------------------------------------------------

    def test_miles_are_miles_on_a_vehicle_with_miles(self):
        self.vehicle.odometer_unit = "miles"
        self._read(20000, date(2025, 3, 2))
        self._read(38250, TODAY)  # 50 miles a day
        self._record(date=date(2025, 3, 2), odometer=20000)
        row = self._get_row()
        self.assertEqual(row["due_odometer"], 20000 + 9321)  # 15,000 km
        self.assertEqual(row["predicted_date"], date(2025, 9, 4))
        self.assertIn("overdue", row["text"])

    def test_vehicle_without_any_reading_goes_by_the_date(self):
        self._record(date=date(2025, 4, 1))
        row = self._get_row()
        self.assertEqual(row["predicted_date"], date(2026, 4, 1))
        self.assertEqual((row["due_odometer"], row["state"]), (None, "soon"))

    def test_new_vehicle_without_record_has_its_first_service_ahead(self):
        self.vehicle.first_registration_date = date(2025, 9, 1)
        self._read(9000, TODAY)
        row = self._get_row()
        self.assertEqual((row["due_odometer"], row["state"]), (15000, "later"))

    def test_old_vehicle_without_record_is_asked_for(self):
        self._read(190000, TODAY)
        row = self._get_row()
        self.assertEqual(row["state"], "unknown")
        self.assertIn("ask when it was done", row["text"])

    def test_ignored_reading_does_not_count(self):
        self._read(40000, date(2025, 3, 2))
        typo = self._read(580000, date(2025, 9, 1))
        typo.is_ignored = True
        self._read(58250, TODAY)
        self._record(date=date(2025, 3, 2), odometer=40000)
        self.assertEqual(self._get_row()["predicted_date"], date(2025, 12, 27))

    def test_typing_error_is_set_aside_and_said(self):
        self._read(30000, date(2024, 3, 2))
        self._read(40000, date(2025, 3, 2))
        self._read(500000, TODAY)
        overview = self.vehicle.get_maintenance_overview()
        self.assertIn("500,000 km", overview["doubtful"])
        self.assertIn("10,000 km a year", overview["pace"])

    def test_replaced_cluster_counts_on(self):
        self._read(180000, date(2024, 3, 2))
        self._read(198250, date(2025, 3, 2))
        self._read(10, date(2025, 3, 3))
        self._read(10000, date(2025, 9, 19))
        self._record(date=date(2025, 3, 1), odometer=198200)
        row = self._get_row()
        self.assertAlmostEqual(row["due_odometer"], 14910, delta=60)
        self.assertEqual(row["predicted_date"].year, 2025)

    # The visit ----------------------------------------------------------------

    def test_work_order_says_what_is_due_until_it_is_added(self):
        self._record(date=date(2025, 1, 15))
        order = self._create_order(vehicle_id=self.vehicle.id)
        order = order.with_user(self.user_advisor)
        self.assertEqual(order.maintenance_hint, "Due: Oil service (01/15/2026)")
        technician = order.with_user(self.user_technician)
        self.assertEqual(technician.maintenance_hint, order.maintenance_hint)
        self.env["sale.order.line"].create(
            {
                "order_id": order._get_or_create_estimate().id,
                "operation_id": self.oil.id,
            }
        )
        self.env.invalidate_all()
        self.assertFalse(order.maintenance_hint)

    def test_hint_costs_the_form_of_a_visit_few_queries(self):
        order = self._create_order(vehicle_id=self.vehicle.id, odometer_in=30000)
        self._record(date=date(2025, 1, 15))
        order = order.with_user(self.user_advisor)
        counts = []
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            order.fetch(["vehicle_id", "state"])
            before = self.env.cr.sql_log_count
            self.assertTrue(order.maintenance_hint)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], 12)

    def test_screen_of_a_visit_asks_for_the_hint(self):
        """The same line as the field, also before the visit is saved."""
        self._record(date=date(2025, 1, 15))
        order = self._create_order(vehicle_id=self.vehicle.id)
        vehicle = self.vehicle.with_user(self.user_technician)
        self.assertEqual(vehicle.get_maintenance_hint(order.id), order.maintenance_hint)
        self.assertEqual(vehicle.get_maintenance_hint(), order.maintenance_hint)

    def test_closed_work_order_says_nothing(self):
        self._record(date=date(2025, 1, 15))
        order = self._create_order(vehicle_id=self.vehicle.id)
        order.sudo().state = "closed"
        self.assertFalse(order.maintenance_hint)

    def test_odometer_at_the_reception_counts_at_once(self):
        self._record(date=date(2025, 12, 1), odometer=30000)
        order = self._create_order(vehicle_id=self.vehicle.id)
        self.assertFalse(order.maintenance_hint)
        order.odometer_in = 45100
        self.assertIn("Oil service (0", order.maintenance_hint)

    def test_button_opens_the_dialog_with_what_is_due(self):
        order = self._create_order(vehicle_id=self.vehicle.id)
        action = order.action_add_due_maintenance()
        self.assertEqual(action["params"], {"order_id": order.id, "tab": "due"})

    def test_page_of_the_vehicle_tells_technicians_too(self):
        self._record(date=date(2025, 1, 15), odometer=30000)
        overview = self.vehicle.with_user(
            self.user_technician
        ).get_maintenance_overview()
        self.assertFalse(overview["can_record"])
        [row] = overview["rows"]
        self.assertEqual(row["interval"], "15,000 km or 12 months")
        self.assertEqual(row["last_odometer"], "30,000 km")
        self.assertEqual(row["text"], "since 01/15/2026")
        self.assertEqual(row["limit"], "limit: 45,000 km or 01/15/2026")

    # Many vehicles ------------------------------------------------------------

    def _create_fleet(self, count):
        vehicles = self.env["fleet.vehicle"].create(
            [
                {
                    "license_plate": f"MNT {index}",
                    "model_id": self.vehicle_model.id,
                    "is_customer_vehicle": True,
                    "first_registration_date": date(2025, 1, 1),
                }
                for index in range(count)
            ]
        )
        for vehicle in vehicles:
            self._read(4000, date(2025, 6, 1), vehicle)
            self._record(vehicle_id=vehicle.id, date=date(2025, 6, 1), odometer=4000)
        self.env.flush_all()
        return vehicles

    def test_many_vehicles_need_no_more_queries_than_one(self):
        vehicles = self._create_fleet(30)
        vehicles._get_maintenance_due_by_vehicle()
        counts = []
        for some in (vehicles[:1], vehicles):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_maintenance_due_by_vehicle()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 9)

    def test_every_night_the_next_service_is_stored(self):
        vehicles = self._create_fleet(3)
        self.env.cr.execute("UPDATE fleet_vehicle SET next_maintenance_date = NULL")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "auto_service_base.ir_cron_next_maintenance"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            set(vehicles.mapped("next_maintenance_date")), {date(2026, 6, 1)}
        )
        self.assertEqual(vehicles.next_maintenance_item_id, self.oil_item)
        self.assertFalse(self.vehicle.next_maintenance_date)

    def test_next_service_follows_what_is_entered(self):
        record = self._record(date=date(2025, 6, 1))
        self.assertEqual(self.vehicle.next_maintenance_date, date(2026, 6, 1))
        record.date = date(2025, 7, 1)
        self.assertEqual(self.vehicle.next_maintenance_date, date(2026, 7, 1))
        record.unlink()
        self.assertFalse(self.vehicle.next_maintenance_date)

    def test_finished_job_takes_the_vehicle_off_the_list_at_once(self):
        self._record(date=date(2025, 1, 15))
        self.assertEqual(self.vehicle.next_maintenance_date, date(2026, 1, 15))
        order, job = self._create_visit(self.oil)
        self._approve(order)
        self._do_job(job)
        self.assertEqual(self.vehicle.next_maintenance_date, date(2027, 3, 2))
        job.action_reopen()
        self.assertEqual(self.vehicle.next_maintenance_date, date(2026, 1, 15))

    def test_list_of_vehicles_that_are_due(self):
        due, later = self._create_fleet(2)
        self._record(vehicle_id=due.id, date=date(2025, 3, 10), is_correction=True)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_vehicle_action_due"
        )
        self.assertEqual(action["res_model"], "fleet.vehicle")
        found = (due | later).filtered_domain(
            [("next_maintenance_date", "<=", fields.Date.to_string(date(2026, 4, 1)))]
        )
        self.assertEqual(found, due)
