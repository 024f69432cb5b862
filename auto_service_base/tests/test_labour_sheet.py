from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AutoServiceOrderCommon


class LabourCommon(AutoServiceOrderCommon):
    """Timing belt (3.0 h) and water pump (2.5 h alone, 0.5 h with the belt)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belt = cls._create_operation(name="Timing belt", code="T-BELT", hours=3.0)
        cls.pump = cls._create_operation(name="Water pump", code="T-PUMP", hours=2.5)
        cls.relation = cls._relate(cls.belt, "combination", cls.pump, hours=0.5)
        cls.order = cls._create_order(complaint="Belt is due")

    @classmethod
    def _relate(cls, operation, kind, other, **values):
        """Relation ``operation -kind-> other``.

        :return: auto.service.labour.relation record
        """
        return cls.env["auto.service.labour.relation"].create(
            {
                "operation_id": operation.id,
                "kind": kind,
                "other_operation_id": other.id,
                **values,
            }
        )

    def _create_engine_time(self, engine_code, hours):
        """Own time of the belt for one engine of the visit's model."""
        engine = self.env["auto.service.vehicle.type"].create(
            {
                "model_id": self.order.vehicle_id.model_id.id,
                "engine_code": engine_code,
            }
        )
        self.env["auto.service.labour.time"].create(
            {
                "operation_id": self.belt.id,
                "vehicle_type_id": engine.id,
                "source_id": self.env.ref("auto_service_base.labour_source_own").id,
                "kind": "own",
                "hours": hours,
            }
        )

    def _add_work(self, *operations, order=None, **values):
        """Lines with operations under one job, as the advisor adds them.

        :return: sale.order.line records, in the order of ``operations``
        """
        order = (order or self.order).with_user(self.user_advisor)
        estimate = order._get_or_create_estimate()
        return (
            self.env["sale.order.line"]
            .with_user(self.user_advisor)
            .create(
                [
                    {"order_id": estimate.id, "operation_id": operation.id, **values}
                    for operation in operations
                ]
            )
        )


@tagged("post_install", "-at_install")
class TestLabourSheet(LabourCommon):
    def test_shared_work_is_charged_once_and_says_why(self):
        belt, pump = self._add_work(self.belt, self.pump)
        self.assertRecordValues(
            belt | pump,
            [
                {"product_uom_qty": 3.0, "book_hours": 3.0, "labour_state": "book"},
                {"product_uom_qty": 0.5, "book_hours": 0.5, "labour_state": "deducted"},
            ],
        )
        explanation = pump.get_labour_explanation()
        self.assertEqual(explanation["alone"], 2.5)
        self.assertEqual([step["hours"] for step in explanation["steps"]], [-2.0])
        self.assertIn("Timing belt", explanation["steps"][0]["text"])

    def test_the_order_of_adding_makes_no_difference(self):
        (pump,) = self._add_work(self.pump)
        self.assertEqual(pump.product_uom_qty, 2.5)
        self._add_work(self.belt)
        self.assertRecordValues(pump, [{"product_uom_qty": 0.5, "book_hours": 0.5}])

    def test_work_that_goes_gives_its_hours_back(self):
        belt, pump = self._add_work(self.belt, self.pump)
        belt.unlink()
        self.assertRecordValues(
            pump, [{"product_uom_qty": 2.5, "labour_detail": pump.labour_detail}]
        )
        self.assertEqual(pump.labour_detail["steps"], [])

    def test_declined_work_carries_nothing(self):
        belt = self._add_work(self.belt)
        order = self.order.with_user(self.user_advisor)
        other = self.env["auto.service.job"].create(
            {"order_id": order.id, "name": "Pump"}
        )
        pump = self._add_work(self.pump, job_id=other.id)
        self.assertEqual(pump.product_uom_qty, 0.5)
        estimate = belt.order_id
        estimate._decline_job(belt.job_id)
        self.assertEqual(pump.product_uom_qty, 2.5)
        estimate._accept_job(belt.job_id)
        self.assertEqual(pump.product_uom_qty, 0.5)
        self.assertEqual(belt.product_uom_qty, 3.0)

    def test_estimate_that_goes_gives_its_hours_back(self):
        (belt,) = self._add_work(self.belt)
        other = self.order._get_or_create_estimate("insurance")
        pump = self.env["sale.order.line"].create(
            {"order_id": other.id, "operation_id": self.pump.id}
        )
        self.assertEqual(pump.product_uom_qty, 0.5)
        estimate = belt.order_id
        estimate.action_cancel()
        self.assertEqual(pump.product_uom_qty, 2.5)
        estimate.action_draft()
        self.assertEqual(pump.product_uom_qty, 0.5)
        estimate.sudo().unlink()
        self.assertEqual(pump.product_uom_qty, 2.5)

    def test_cancelled_job_carries_nothing(self):
        (belt,) = self._add_work(self.belt)
        self._approve(self.order)
        (pump,) = self._add_work(self.pump)
        job = belt.job_id.with_user(self.user_advisor)
        job.action_cancel()
        self.assertEqual(pump.product_uom_qty, 2.5)
        job.action_reopen()
        self.assertEqual(pump.product_uom_qty, 0.5)

    def test_another_payer_has_other_times(self):
        self.env["auto.service.labour.time"].create(
            {
                "operation_id": self.belt.id,
                "source_id": self.env.ref("auto_service_base.labour_source_own").id,
                "kind": "warranty",
                "hours": 1.8,
            }
        )
        (belt,) = self._add_work(self.belt)
        self.assertEqual(belt.product_uom_qty, 3.0)
        belt.order_id.pay_type = "warranty"
        self.assertEqual(belt.product_uom_qty, 1.8)
        belt.order_id = self.order._get_or_create_estimate("insurance")
        self.assertEqual(belt.product_uom_qty, 3.0)

    def test_rules_hold_when_the_odometer_is_read_later(self):
        self.env["auto.service.labour.adjustment"].create(
            {"name": "Old", "odometer_from": 200000, "percent": 10.0}
        )
        (belt,) = self._add_work(self.belt)
        order = self.order.with_user(self.user_advisor)
        order.odometer_in = 210000
        self.assertEqual(belt.product_uom_qty, 3.3)

    def test_revived_work_has_the_hours_of_the_new_visit(self):
        self._add_work(self.belt)
        job = self.env["auto.service.job"].create(
            {"order_id": self.order.id, "name": "Pump"}
        )
        (pump,) = self._add_work(self.pump, job_id=job.id)
        self.assertEqual(pump.product_uom_qty, 0.5)
        job.with_user(self.user_advisor).action_defer()
        recommendation = self.env["auto.service.recommendation"].search(
            [("origin_job_id", "=", job.id)]
        )
        order = self._create_order(vehicle_id=self.order.vehicle_id.id)
        revived = recommendation._revive_on(order)
        self.assertRecordValues(
            revived.line_ids,
            [{"product_uom_qty": 2.5, "book_hours": 2.5, "judged_by_id": False}],
        )

    def test_approved_work_stays_and_takes_work_off_what_comes_later(self):
        belt = self._add_work(self.belt)
        self._approve(self.order)
        pump = self._add_work(self.pump)
        self.assertEqual(pump.product_uom_qty, 0.5)
        self.assertEqual(belt.product_uom_qty, 3.0)
        self.assertEqual(belt.order_id.authorisation_ids.state, "valid")

    def test_judged_hours_and_their_author_are_kept_beside_the_book(self):
        _belt, pump = self._add_work(self.belt, self.pump)
        pump.product_uom_qty = 1.0
        self.assertRecordValues(
            pump,
            [
                {
                    "book_hours": 0.5,
                    "product_uom_qty": 1.0,
                    "judged_by_id": self.user_advisor.id,
                    "labour_state": "judged",
                }
            ],
        )
        self.assertTrue(pump.judged_at)
        note = pump.job_id.message_ids.filtered(lambda message: "0.50" in message.body)
        self.assertIn("1.00 h", note.body)
        self.assertEqual(note.author_id, self.user_advisor.partner_id)

    def test_judged_hours_survive_what_changes_around_them(self):
        belt, pump = self._add_work(self.belt, self.pump)
        pump.product_uom_qty = 1.0
        belt.unlink()
        self.assertRecordValues(pump, [{"book_hours": 2.5, "product_uom_qty": 1.0}])
        pump.action_follow_book()
        self.assertRecordValues(
            pump, [{"product_uom_qty": 2.5, "judged_by_id": False, "judged_at": False}]
        )

    def test_hours_typed_back_to_the_book_are_no_longer_judged(self):
        (belt,) = self._add_work(self.belt)
        belt.product_uom_qty = 4.0
        self.assertTrue(belt.judged_by_id)
        belt.product_uom_qty = 3.0
        self.assertFalse(belt.judged_by_id)
        belt.product_uom_id = self.env.ref("uom.product_uom_day")  # of eight hours
        self.assertTrue(belt.judged_by_id)

    def test_unknown_time_is_said_and_cannot_be_offered(self):
        unknown = self._create_operation(name="Sunroof rails", hours=0.0)
        (line,) = self._add_work(unknown)
        self.assertRecordValues(
            line, [{"product_uom_qty": 0.0, "labour_state": "unknown"}]
        )
        order = self.order.with_user(self.user_advisor)
        with self.assertRaisesRegex(UserError, "No time is known for “Sunroof rails”"):
            order.action_send_estimate()
        for method in ("quotation_send", "quotation_sent", "confirm"):
            with self.assertRaisesRegex(UserError, "Sunroof rails"):
                getattr(line.order_id, f"action_{method}")()
        line.order_id._decline_job(line.job_id)
        self.assertFalse(line.order_id._get_unknown_time_message())
        line.order_id._accept_job(line.job_id)
        line.product_uom_qty = 1.5
        self.assertEqual(line.labour_state, "judged")
        line.order_id.action_confirm()
        self.assertEqual(line.state, "sale")

    def test_work_judged_dearer_and_approved_makes_nothing_else_cheaper(self):
        (belt,) = self._add_work(self.belt)
        estimate = self.order._get_or_create_estimate("insurance")
        pump = self.env["sale.order.line"].create(
            {"order_id": estimate.id, "operation_id": self.pump.id}
        )
        self.assertEqual(pump.product_uom_qty, 0.5)
        pump.product_uom_qty = 1.0
        estimate.action_confirm()
        self.order._sync_labour()
        self.assertRecordValues(belt, [{"book_hours": 3.0, "product_uom_qty": 3.0}])

    def test_what_must_be_done_before_is_added_once(self):
        shield = self._create_operation(name="Undershield", hours=0.3)
        for operation in (self.belt, self.pump):
            self._relate(operation, "preliminary", shield)
        lines = self._add_work(self.belt, self.pump)
        added = self.order.line_ids.filtered(lambda line: line.operation_id == shield)
        self.assertRecordValues(added, [{"product_uom_qty": 0.3}])
        self.assertEqual(added.job_id, lines.job_id)
        added.unlink()
        lines[0].product_uom_qty = 3.5
        self.assertNotIn(shield, self.order.line_ids.operation_id)

    def test_another_engine_has_other_times(self):
        vehicle = self.order.vehicle_id
        self._create_engine_time("CBDC", 4.2)
        belt, pump = self._add_work(self.belt, self.pump)
        pump.product_uom_qty = 1.0
        self.assertEqual(belt.product_uom_qty, 3.0)
        vehicle.with_user(self.user_advisor).engine_code = "CBDC"
        self.assertRecordValues(belt, [{"book_hours": 4.2, "product_uom_qty": 4.2}])
        self.assertEqual(pump.product_uom_qty, 1.0)
        self.assertIn("looked up again", self.order.message_ids[0].body)

    def test_engine_code_alone_is_enough_to_know_the_engine(self):
        vehicle = self.order.vehicle_id
        engines = self.env["auto.service.vehicle.type"].create(
            [
                {
                    "model_id": vehicle.model_id.id,
                    "engine_code": code,
                    "capacity_from": capacity,
                    "capacity_to": capacity,
                    "power_from": power,
                    "power_to": power,
                    "fuel_type": fuel,
                }
                for code, capacity, power, fuel in (
                    ("CBDC", 1968, 81, "diesel"),
                    ("CAXA", 1390, 90, "gasoline"),
                )
            ]
        )
        vehicle.write(
            {
                "engine_code": "CAXA",
                "engine_capacity": 1390,
                "power": 90,
                "fuel_type": "gasoline",
            }
        )
        self.assertEqual(vehicle.vehicle_type_id, engines[1])
        vehicle.engine_code = "cbdc"
        self.assertRecordValues(
            vehicle,
            [{"engine_capacity": 1968, "power": 81.0, "fuel_type": "diesel"}],
        )
        self.assertEqual(vehicle.vehicle_type_id, engines[0])
        vehicle.write({"engine_capacity": 0, "power": 0, "fuel_type": False})
        self.assertEqual(vehicle.vehicle_type_id, engines[0])

    def test_fleet_people_without_a_role_write_engine_codes(self):
        user = self._create_new_internal_user(
            login="test_fleet", groups="fleet.fleet_group_manager"
        )
        vehicle = self._create_vehicle(
            license_plate="FLT 1", is_customer_vehicle=False, ktype="31415"
        )
        vehicle.with_user(user).engine_code = "CBDC"
        self.assertEqual(vehicle.engine_code, "CBDC")

    def test_k_type_of_another_engine_goes_with_it(self):
        vehicle = self.order.vehicle_id
        self.env["auto.service.vehicle.type"].create(
            {
                "model_id": vehicle.model_id.id,
                "ktype": "31415",
                "engine_code": "CAXA",
            }
        )
        vehicle.write({"engine_code": "CAXA", "ktype": "31415"})
        vehicle.engine_code = "CBDC"
        self.assertFalse(vehicle.ktype)

    def test_another_engine_changes_nothing_that_the_customer_has_seen(self):
        vehicle = self.order.vehicle_id
        self._create_engine_time("CBDC", 4.2)
        (belt,) = self._add_work(self.belt)
        belt.order_id.action_quotation_sent()
        vehicle.engine_code = "CBDC"
        self.assertEqual(belt.product_uom_qty, 3.0)

    def test_shared_work_on_the_screen_of_the_work_order(self):
        order = self.order.with_user(self.user_advisor)
        order.action_write_estimate()
        order.invalidate_recordset()
        with Form(order) as form:
            for operation in (self.belt, self.pump):
                with form.line_ids.new() as line:
                    line.operation_id = operation
        hours = {
            line.operation_id.code: line.product_uom_qty for line in order.line_ids
        }
        self.assertEqual((hours["T-BELT"], hours["T-PUMP"]), (3.0, 0.5))
        self.assertFalse(order.line_ids.judged_by_id)

    def test_salesperson_without_a_role_adds_labour(self):
        user = self._create_new_internal_user(
            login="test_sales", groups="sales_team.group_sale_salesman_all_leads"
        )
        estimate = self.order._get_or_create_estimate()
        self._add_work(self.belt)
        line = (
            self.env["sale.order.line"]
            .with_user(user)
            .create({"order_id": estimate.id, "product_id": self.part.id})
        )
        self.assertEqual(line.price_unit, 40.0)
        self.assertTrue(line.read(["product_uom_qty", "price_unit", "kind"]))
        labour = estimate.with_user(user).order_line.filtered("operation_id")
        labour.product_uom_qty = 5.0
        self.assertEqual(labour.sudo().judged_by_id, user)

    def test_explanation_is_printed_only_when_wanted(self):
        _belt, pump = self._add_work(self.belt, self.pump)
        estimate = pump.order_id
        self.assertFalse(pump._get_labour_sentences())
        with Form(self.order.with_user(self.user_advisor)) as form:
            form.show_labour_detail = True
        self.assertTrue(estimate.show_labour_detail)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", estimate.ids
        )[0]
        self.assertIn("2.50 h alone", html.decode())
        self.assertIn("−2.00 h", html.decode())

    def test_many_operations_cost_a_fixed_number_of_queries(self):
        operations = self._create_operation(name="Operation 0")
        for number in range(1, 20):
            operations |= self._create_operation(name=f"Operation {number}")
        order = self._create_order()
        self._add_work(*operations, order=order)
        order.sudo()._sync_labour()
        self.env.flush_all()
        counts = []
        for lines in (5, 20):
            self.env.invalidate_all()
            found = order._get_labour_lines()[:lines]
            items = order._get_labour_items(found)
            before = self.env.cr.sql_log_count
            order._get_labour_sheet(items)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestLabourPrice(LabourCommon):
    def test_fixed_price_whatever_the_hours(self):
        wash = self._create_operation(
            name="Wash", hours=0.5, pricing="fixed", fixed_price=29.0, product_id=False
        )
        (line,) = self._add_work(wash)
        self.assertRecordValues(
            line, [{"product_uom_qty": 1.0, "price_unit": 29.0, "book_hours": 0.5}]
        )
        self.assertEqual(line.job_id.hours_book, 0.5)
        self.assertEqual(line.job_id.hours_judged, 0.5)

    def test_fixed_price_of_an_operation_that_is_billed_by_the_hour(self):
        wash = self._create_operation(
            name="Wash", hours=0.5, pricing="fixed", fixed_price=29.0
        )
        (line,) = self._add_work(wash)
        self.assertRecordValues(line, [{"price_subtotal": 29.0, "book_hours": 0.5}])

    def test_discount_of_a_pricelist_ends_at_the_least_price(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "sale.group_discount_per_so_line"
        )
        self.env["auto.service.labour.rate"].create(
            {
                "name": "Desk",
                "minimum_amount": 45.0,
                "company_id": self.env.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 50.0,
                        }
                    )
                ],
            }
        )
        self.order._get_or_create_estimate().pricelist_id = pricelist
        job = self._create_operation(name="Cooler", hours=1.0)
        short, long = self._add_work(job, self.belt)
        self.assertRecordValues(
            short | long,
            [
                {"discount": 0.0, "price_subtotal": 45.0},
                {"discount": 50.0, "price_subtotal": 75.0},
            ],
        )

    def test_labour_rate_comes_before_the_pricelist(self):
        self.env["auto.service.labour.rate"].create(
            {
                "name": "Warranty",
                "pay_type": "warranty",
                "hourly_rate": 42.0,
                "company_id": self.env.company.id,
            }
        )
        (line,) = self._add_work(self.belt)
        self.assertEqual(line.price_unit, 50.0)
        estimate = self.order._get_or_create_estimate("warranty")
        line = self.env["sale.order.line"].create(
            {"order_id": estimate.id, "operation_id": self.belt.id}
        )
        self.assertEqual(line.price_unit, 42.0)
        self.assertIn("Warranty", line.get_labour_explanation()["rate_label"])

    def test_price_typed_by_hand_stays(self):
        (line,) = self._add_work(self.belt)
        line.price_unit = 77.0
        line.product_uom_qty = 2.0
        self.assertEqual(line.price_unit, 77.0)

    def test_minimum_charge_of_a_rate(self):
        self.env["auto.service.labour.rate"].create(
            {
                "name": "Desk",
                "hourly_rate": 60.0,
                "minimum_amount": 45.0,
                "company_id": self.env.company.id,
            }
        )
        bulb = self._create_operation(name="Bulb", hours=0.25)
        short, long = self._add_work(bulb, self.belt)
        self.assertAlmostEqual(short.price_subtotal, 45.0)
        self.assertAlmostEqual(long.price_subtotal, 180.0)

    def test_least_price_of_a_rate_without_a_price_of_its_own(self):
        self.env["auto.service.labour.rate"].create(
            {
                "name": "Desk",
                "minimum_amount": 45.0,
                "company_id": self.env.company.id,
            }
        )
        bulb = self._create_operation(name="Bulb", hours=0.25)
        short, long = self._add_work(bulb, self.belt)
        self.assertAlmostEqual(short.price_subtotal, 45.0)
        self.assertAlmostEqual(long.price_subtotal, 150.0)
