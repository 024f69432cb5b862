from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_labour_sheet import LabourCommon


@tagged("post_install", "-at_install")
class TestLabourPicker(LabourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = cls.order.with_user(cls.user_advisor)

    def _create_package(self, **values):
        return self.env["auto.service.package"].create(
            {
                "name": "Belt service",
                "company_id": self.env.company.id,
                "line_ids": [
                    (0, 0, {"operation_id": self.belt.id}),
                    (0, 0, {"operation_id": self.pump.id}),
                    (0, 0, {"product_id": self.part.id, "quantity": 2.0}),
                ],
                **values,
            }
        )

    def _preview(self, *items):
        return self.picker.preview_labour(list(items))

    def test_preview_says_what_is_deducted_and_why_and_writes_nothing(self):
        data = self._preview(
            {"key": "a", "operation_id": self.belt.id},
            {"key": "b", "operation_id": self.pump.id},
        )
        belt, pump = data["lines"]
        self.assertEqual((belt["hours"], pump["alone"], pump["hours"]), (3.0, 2.5, 0.5))
        self.assertEqual(pump["steps"][0]["hours"], -2.0)
        self.assertIn("Timing belt", pump["steps"][0]["text"])
        self.assertEqual(data["totals"]["hours"], 3.5)
        self.assertEqual(data["totals"]["deducted"], -2.0)
        self.assertEqual(data["totals"]["amount"], 175.0)
        self.assertFalse(self.order.sale_order_ids)

    def test_preview_shows_what_changes_on_the_estimate(self):
        self._add_work(self.pump)
        data = self._preview({"key": "a", "operation_id": self.belt.id})
        present = data["lines"][0]
        self.assertTrue(present["existing"])
        self.assertEqual((present["hours_before"], present["hours"]), (2.5, 0.5))
        self.assertEqual(data["totals"]["hours"], 1.0)

    def test_added_work_is_what_was_shown(self):
        items = [
            {"key": "a", "operation_id": self.belt.id},
            {"key": "b", "operation_id": self.pump.id, "judged": 0.75},
        ]
        shown = self._preview(*items)
        self.picker.apply_labour(items, {"name": "Belt and pump"})
        lines = self.order.line_ids.filtered("operation_id")
        self.assertRecordValues(
            lines,
            [
                {"product_uom_qty": 3.0, "judged_by_id": False, "book_hours": 3.0},
                {
                    "product_uom_qty": 0.75,
                    "judged_by_id": self.user_advisor.id,
                    "book_hours": 0.5,
                },
            ],
        )
        self.assertEqual(lines.job_id.name, "Belt and pump")
        self.assertAlmostEqual(
            sum(lines.mapped("price_subtotal")), shown["totals"]["amount"]
        )

    def test_ticked_option_counts_and_stays(self):
        option = self.env["auto.service.labour.relation"].create(
            {
                "operation_id": self.belt.id,
                "kind": "additional",
                "hours": 0.4,
                "condition": "With air conditioning",
            }
        )
        row = self._preview({"key": "a", "operation_id": self.belt.id})["lines"][0]
        self.assertEqual(row["hours"], 3.0)
        self.assertEqual(row["options"][0]["text"], "With air conditioning")
        item = {"key": "a", "operation_id": self.belt.id, "options": [option.id]}
        row = self._preview(item)["lines"][0]
        self.assertEqual(row["hours"], 3.4)
        self.picker.apply_labour([item], {"name": "Belt"})
        line = self.order.line_ids.filtered("operation_id")
        self.assertEqual(line.product_uom_qty, 3.4)
        self._add_work(self.pump)
        self.assertEqual(line.product_uom_qty, 3.4)

    def test_required_work_is_shown_and_may_be_left_out(self):
        shield = self._create_operation(name="Undershield", hours=0.3)
        self._relate(self.belt, "preliminary", shield)
        item = {"key": "a", "operation_id": self.belt.id}
        rows = self._preview(item)["lines"]
        self.assertEqual([row["name"] for row in rows], ["Timing belt", "Undershield"])
        self.assertEqual(rows[1]["required_by"], "Timing belt")
        item["skip_required"] = [shield.id]
        self.assertEqual(len(self._preview(item)["lines"]), 1)
        self.picker.apply_labour([item], {"name": "Belt"})
        self.assertEqual(self.order.line_ids.operation_id, self.belt)

    def test_suggestions_name_their_reason(self):
        alignment = self._create_operation(name="Wheel alignment", hours=1.0)
        self._relate(self.belt, "follow_up", alignment)
        data = self._preview({"key": "a", "operation_id": self.belt.id})
        self.assertEqual(data["suggestions"][0]["operation_id"], alignment.id)
        self.assertIn("Timing belt", data["suggestions"][0]["reason"])

    def test_package_is_previewed_and_added_as_one_job(self):
        package = self._create_package()
        item = {"key": "p", "package_id": package.id}
        data = self._preview(item)
        self.assertEqual([row["hours"] for row in data["lines"]], [3.0, 0.5, None])
        self.assertEqual(data["totals"]["amount"], 175.0 + 80.0)
        self.picker.apply_labour([item], {})
        self.assertEqual(self.order.job_ids.name, "Belt service")
        self.assertAlmostEqual(self.order.amount_untaxed, 255.0)

    def test_package_at_a_fixed_price_costs_that(self):
        package = self._create_package(pricing="fixed", fixed_price=199.0)
        item = {"key": "p", "package_id": package.id}
        self.assertAlmostEqual(self._preview(item)["totals"]["amount"], 199.0)
        self.picker.apply_labour([item], {})
        self.assertAlmostEqual(self.order.amount_untaxed, 199.0)

    def test_what_fits_the_vehicle_comes_first(self):
        general = self._create_package(name="Zeta general")
        special = self._create_package(
            name="Zeta special",
            condition_ids=[(0, 0, {"model_id": self.order.vehicle_id.model_id.id})],
        )
        other = self.env["fleet.vehicle.model"].create(
            {"name": "Other", "brand_id": self.brand.id}
        )
        wrong = self._create_package(
            name="Zeta wrong", condition_ids=[(0, 0, {"model_id": other.id})]
        )
        items = self.picker.search_labour_catalogue("zeta", "fit")["items"]
        ids = [item["id"] for item in items if item["type"] == "package"]
        self.assertEqual(ids, [special.id, general.id])
        items = self.picker.search_labour_catalogue("zeta", "package")["items"]
        self.assertEqual([item["id"] for item in items][-1], wrong.id)
        self.assertFalse(items[-1]["fits"])

    def test_search_finds_by_words_and_code_and_shows_hours(self):
        found = self.picker.search_labour_catalogue("t-pum", "all")
        self.assertEqual(found["total"], 1)
        self.assertEqual(found["items"][0]["hours"], 2.5)
        unknown = self._create_operation(name="Sunroof rails zeta", hours=0.0)
        items = self.picker.search_labour_catalogue("rails sunroof", "all")["items"]
        self.assertEqual((items[0]["id"], items[0]["hours"]), (unknown.id, None))

    def test_unknown_list_is_refused(self):
        with self.assertRaisesRegex(UserError, "no list"):
            self.picker.search_labour_catalogue("", "labour_lines")

    def test_choosing_the_engine_changes_the_times(self):
        kind = self.env["auto.service.vehicle.type"].create(
            {"model_id": self.order.vehicle_id.model_id.id, "engine_code": "CBDC"}
        )
        self.env["auto.service.labour.time"].create(
            {
                "operation_id": self.belt.id,
                "vehicle_type_id": kind.id,
                "kind": "own",
                "hours": 4.2,
            }
        )
        data = self.picker.get_labour_picker()
        candidate = data["vehicle"]["candidates"][0]
        self.assertEqual(candidate["id"], kind.id)
        self.assertIn("not entered", candidate["why"])
        data = self.picker.take_vehicle_type(kind.id)
        self.assertEqual(data["vehicle"]["type"], kind.name)
        found = self.picker.search_labour_catalogue("T-BELT", "all")["items"][0]
        self.assertEqual(found["hours"], 4.2)

    def test_technician_sees_no_prices_through_the_picker(self):
        order = self.order.with_user(self.user_technician)
        with self.assertRaises(AccessError):
            order.preview_labour([{"key": "a", "operation_id": self.belt.id}])
        with self.assertRaises(AccessError):
            order.search_labour_catalogue("belt", "all")
        with self.assertRaises(AccessError):
            order.apply_labour([{"key": "a", "operation_id": self.belt.id}], {})

    def test_rules_of_the_garage_are_not_called_shared_work(self):
        self.env["auto.service.labour.adjustment"].create(
            {"name": "Loyal customer", "percent": -10.0}
        )
        data = self._preview({"key": "a", "operation_id": self.belt.id})
        self.assertEqual(data["lines"][0]["hours"], 2.7)
        self.assertEqual(data["totals"]["deducted"], 0.0)
        self.assertFalse(data["lines"][0]["steps"][0]["is_shared"])
        (line,) = self._add_work(self.belt)
        self.assertEqual(line.labour_state, "book")

    def test_a_closed_visit_takes_no_more_work(self):
        order = self._create_order()
        order.sudo().state = "cancelled"
        with self.assertRaises(UserError):
            order.with_user(self.user_advisor).apply_labour(
                [{"key": "a", "operation_id": self.belt.id}], {}
            )

    def test_many_rows_cost_a_fixed_number_of_queries(self):
        for number in range(30):
            self._create_operation(name=f"Zeta {number}")
        self.picker.search_labour_catalogue("zeta", "all")
        counts = []
        for limit in (5, 30):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.picker.search_labour_catalogue("zeta", "all", limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
