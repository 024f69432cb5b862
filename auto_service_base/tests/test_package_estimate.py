from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_package import AutoServicePackageCommon

#: What the host needs when ten lines are added to a sale order at once, and the room
#: that jobs, approvals and labour times may take on top.
QUERIES_OF_TEN_LINES = 90


@tagged("post_install", "-at_install")
class TestPackageEstimate(AutoServicePackageCommon):
    """One click adds the whole job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(vehicle_id=cls.petrol.id)
        cls.package = cls._create_package(
            [
                cls._create_work("Oil change", hours=0.5),
                {"product_id": cls.oil.id, "quantity": 4.0},
                cls._create_work("Air filter", hours=0.2),
            ]
        )

    def test_package_is_one_job_with_its_lines(self):
        job = self.package._add_to_order(self.order)
        self.assertRecordValues(
            job,
            [
                {
                    "order_id": self.order.id,
                    "name": "Small service",
                    "package_id": self.package.id,
                    "authorisation": "draft",
                }
            ],
        )
        self.assertRecordValues(
            job.line_ids.sorted("sequence"),
            [
                {"name": "Oil change", "kind": "labour", "product_uom_qty": 0.5},
                {"name": self.oil.name, "kind": "part", "product_uom_qty": 4.0},
                {"name": "Air filter", "kind": "labour", "product_uom_qty": 0.2},
            ],
        )
        self.assertEqual(self.order.estimate_id.amount_untaxed, 0.7 * 50 + 4 * 12)

    def test_second_package_is_a_second_job(self):
        first = self.package._add_to_order(self.order)
        second = self.package._add_to_order(self.order)
        self.assertEqual(self.order.job_ids, first | second)
        self.assertEqual(len(second.line_ids), 3)
        self.assertEqual(len(first.line_ids), 3)
        self.assertEqual(len(self.order.sale_order_ids), 1)

    def test_package_goes_into_a_job_that_is_there(self):
        job = self._add_job(self.order, name="Inspection", parts=0)
        same = self.package._add_to_order(self.order, job=job)
        self.assertEqual(same, job)
        self.assertEqual(len(job.line_ids), 4)
        self.assertEqual(len(self.order.job_ids), 1)

    def test_customer_reads_the_package_in_his_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.package.with_context(lang="ru_RU").name = "Малое ТО"
        self.customer.lang = "ru_RU"
        self.assertEqual(self.package._add_to_order(self.order).name, "Малое ТО")

    def test_advisor_and_parts_people_add_a_package(self):
        self.package.write({"pricing": "fixed", "fixed_price": 99.99})
        for user in (self.user_advisor, self.user_parts):
            with self.subTest(user=user.login):
                order = self.order.with_user(user)
                job = self.package.with_user(user)._add_to_order(order)
                self.assertEqual(len(job.line_ids), 3)
                self.assertEqual(job.package_id, self.package)

    def test_package_with_nothing_for_this_vehicle_says_so(self):
        package = self._create_package(name="Empty one")
        with self.assertRaisesRegex(UserError, "“Empty one” has nothing"):
            package._add_to_order(self.order)
        self.assertFalse(self.order.job_ids)

    def test_fixed_price_is_the_price_to_the_cent(self):
        self.package.write({"pricing": "fixed", "fixed_price": 99.99})
        job = self.package._add_to_order(self.order)
        estimate = self.order.estimate_id
        self.assertEqual(estimate.amount_untaxed, 99.99)
        self.assertAlmostEqual(sum(job.line_ids.mapped("price_subtotal")), 99.99, 6)
        labour = job.line_ids.filtered(lambda line: line.kind == "labour")
        self.assertEqual(set(labour.mapped("product_uom_qty")), {1.0})
        self.assertEqual(sorted(labour.mapped("book_hours")), [0.2, 0.5])

    def test_fixed_price_comes_back_when_the_work_is_taken_up_again(self):
        package = self._create_package(
            [self._create_work("Belt", 3.0), {"product_id": self.oil.id}],
            pricing="fixed",
            fixed_price=199.99,
        )
        order = self._create_order(vehicle_id=self.petrol.id)
        job = package._add_to_order(order)
        price = job.amount_untaxed
        job.with_user(self.user_advisor).action_decline()
        recommendation = self.env["auto.service.recommendation"].search(
            [("origin_job_id", "=", job.id)]
        )
        visit = self._create_order(vehicle_id=self.petrol.id)
        revived = recommendation.with_user(self.user_advisor)._revive_on(visit)
        self.assertRecordValues(
            revived,
            [{"amount_untaxed": price, "hours_book": 3.0, "package_id": package.id}],
        )

    def test_fixed_price_of_parts_only_splits_a_line(self):
        package = self._create_package(
            [{"product_id": self.oil.id, "quantity": 2.0}],
            pricing="fixed",
            fixed_price=19.99,
        )
        job = package._add_to_order(self.order)
        self.assertEqual(self.order.estimate_id.amount_untaxed, 19.99)
        self.assertEqual(sum(job.line_ids.mapped("product_uom_qty")), 2.0)

    def test_fixed_price_stays_when_the_oil_turns_out_more(self):
        self.package.write({"pricing": "fixed", "fixed_price": 99.99})
        prices = []
        for litres in (4.0, 7.3):
            vehicle = self._create_owned(f"OIL {litres}")
            order = self._create_order(vehicle_id=vehicle.id)
            self.package.line_ids.filtered("product_id").quantity = litres
            self.package._add_to_order(order)
            prices.append(order.estimate_id.amount_untaxed)
        self.assertEqual(prices, [99.99, 99.99])

    def test_fixed_price_is_shown_before_anything_is_written(self):
        self.package.write({"pricing": "fixed", "fixed_price": 99.99})
        order = self.order.with_user(self.user_advisor)
        preview = order.preview_labour([{"key": "a", "package_id": self.package.id}])
        self.assertAlmostEqual(preview["totals"]["amount"], 99.99, 6)
        self.assertFalse(self.order.sale_order_ids)

    def test_fixed_price_is_no_zero(self):
        with self.assertRaisesRegex(ValidationError, "enter the fixed price"):
            self.package.pricing = "fixed"

    def test_share_of_the_price_stays_when_somebody_changes_a_quantity(self):
        self.package.write({"pricing": "fixed", "fixed_price": 99.99})
        line = self.package._add_to_order(self.order).line_ids.filtered("operation_id")
        price = line[0].price_unit
        line[0].product_uom_qty = 2.0
        self.assertEqual(line[0].price_unit, price)


@tagged("post_install", "-at_install")
class TestPackageQueries(AutoServicePackageCommon):
    """Ten lines in one step, for a fraction of ten lines by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        works = [cls._create_work(f"Work {number}") for number in range(5)]
        parts = [
            {"product_id": cls._create_part(name=f"Part {number}").id}
            for number in range(5)
        ]
        cls.package = cls._create_package(works + parts).with_user(cls.user_advisor)

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _create_visit(self):
        order = self._create_order(vehicle_id=self.petrol.id)
        order._get_or_create_estimate()
        return order.with_user(self.user_advisor)

    def _add_by_hand(self, order):
        """Ten lines in the form: choose what is sold, then save the line."""
        estimate = order._get_or_create_estimate()
        lines = estimate.env["sale.order.line"]
        shown = ("name", "product_id", "product_uom_qty", "price_unit", "tax_ids")
        for line in self.package.line_ids:
            self.env.invalidate_all()
            name = "operation_id" if line.operation_id else "product_id"
            values = {"order_id": estimate.id, name: line[name].id}
            lines.onchange(values, [name], {field: {} for field in (name, *shown)})
            lines.create(values)
            self.env.flush_all()

    def _count_package(self):
        """Queries of the button; the caches of the registry are warm."""
        orders = [self._create_visit(), self._create_visit()]
        self.package._add_to_order(orders[0])
        return self._count(lambda: self.package._add_to_order(orders[1]))

    def test_ten_lines_in_one_step(self):
        self.assertLessEqual(self._count_package(), QUERIES_OF_TEN_LINES)

    def test_ten_lines_cost_a_quarter_of_ten_lines_by_hand(self):
        queries = self._count_package()
        other = self._create_visit()
        by_hand = self._count(lambda: self._add_by_hand(other))
        self.assertLessEqual(queries * 4, by_hand)
