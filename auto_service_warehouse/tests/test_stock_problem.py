from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_stock_guard import StockGuardCommon


@tagged("post_install", "-at_install")
class TestStockProblem(StockGuardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problems = cls.env["auto.service.stock.problem"]

    def _take_unguarded(self, quantity, part=None):
        """Pieces that are not there leave, as the host has it."""
        self.env.company.auto_service_stock_guard = False
        self._receive(part or self.part, -quantity)
        self.env.company.auto_service_stock_guard = True

    def _promise_twice(self):
        """Two deliveries have the only two pieces reserved.

        :return: the two stock.picking records
        """
        self._receive(self.part, 2)
        first = self._deliver(2)
        second = self._deliver(2)
        self.env.company.auto_service_stock_guard = False
        second.move_ids.quantity = 2
        self.env.company.auto_service_stock_guard = True
        return first, second

    def _find(self, part=None):
        self.env.invalidate_all()
        return self.problems.search([("product_id", "=", (part or self.part).id)])

    def test_below_zero_is_listed(self):
        self._take_unguarded(3)
        self.assertRecordValues(
            self._find(),
            [
                {
                    "kind": "negative",
                    "location_id": self.stock.id,
                    "quantity": -3,
                    "missing_quantity": 3,
                    "company_id": self.env.company.id,
                }
            ],
        )

    def test_what_is_all_right_is_not_listed(self):
        self._receive(self.part, 2)
        self._deliver(2)
        self.assertFalse(self._find())

    def test_pieces_without_a_lot_make_up_for_one(self):
        part = self._create_part(is_storable=True, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": part.id})
        self._receive(part, 3)
        self.env["stock.quant"].sudo().create(
            {
                "product_id": part.id,
                "location_id": self.stock.id,
                "lot_id": lot.id,
                "quantity": -2,
            }
        )
        self.assertFalse(self._find(part))

    def test_promised_twice_is_listed_and_released(self):
        first, second = self._promise_twice()
        second.move_ids.date = "2031-01-01"
        problem = self._find()
        self.assertEqual(problem.kind, "promised")
        self.assertEqual(problem.missing_quantity, 2)
        self.assertIn(first.name, problem.holders)
        problem.with_user(self.user_parts).action_release()
        self.assertFalse(self._find())
        self.assertEqual(first.move_ids.quantity, 2)
        self.assertEqual(second.move_ids.quantity, 0)
        self.assertIn(self.part.name, second.message_ids[0].body)

    def test_list_takes_as_many_queries_for_two_as_for_ten(self):
        def count(parts):
            for part in parts:
                self._receive(part, 1)
                self.env.company.auto_service_stock_guard = False
                self._deliver(2, part).move_ids.quantity = 2
                self.env.company.auto_service_stock_guard = True
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self.problems.search([("product_id", "in", parts.ids)])
            before = self.env.cr.sql_log_count
            rows.web_read({"holders": {}, "quantity": {}, "kind": {}})
            self.assertEqual(len(rows), len(parts))
            return self.env.cr.sql_log_count - before

        products = self.env["product.product"]
        few = products.concat(*(self._create_part(is_storable=True) for _n in range(2)))
        many = products.concat(
            *(self._create_part(is_storable=True) for _n in range(10))
        )
        count(few)
        self.assertLessEqual(count(many), count(few))

    def test_counting_mends_it(self):
        self._take_unguarded(3)
        action = self._find().with_user(self.user_parts).action_count()
        quants = self.env["stock.quant"].search(action["domain"])
        self.assertEqual(quants.product_id, self.part)
        quants = quants.with_context(**action["context"])
        quants.inventory_quantity = 1
        quants.action_apply_inventory()
        self.assertFalse(self._find())
        self.assertEqual(self._in_stock(self.part), 1)

    def test_technicians_and_advisors_do_not_see_it(self):
        for user in self.user_technician + self.user_advisor:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.problems.with_user(user).search([])

    def test_parts_desk_sees_own_companies(self):
        self._take_unguarded(1)
        other = self.env["res.company"].create({"name": "Other garage"})
        self.user_parts.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        rows = self.problems.with_user(self.user_parts).with_company(other)
        self.assertFalse(rows.search([("product_id", "=", self.part.id)]))

    def test_settings_say_how_many(self):
        self._take_unguarded(1)
        settings = self.env["res.config.settings"].create({})
        self.assertGreaterEqual(settings.auto_service_stock_problem_count, 1)
        action = settings.action_open_stock_problems()
        rows = self.problems.search(action["domain"])
        self.assertIn(self.part, rows.product_id)

    def test_managers_are_told_once_and_no_longer_than_needed(self):
        self._take_unguarded(1)
        for _night in range(2):
            self.problems._cron_tell_stock_problems()
        activity = self.part.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id)
        self._receive(self.part, 1)
        self.problems._cron_tell_stock_problems()
        self.assertFalse(self.part.activity_ids)

    def test_nobody_is_told_of_companies_without_the_guard(self):
        self._take_unguarded(1)
        self.env.company.auto_service_stock_guard = False
        self.problems._cron_tell_stock_problems()
        self.assertFalse(self.part.activity_ids)

    # --- where the guard is on ----------------------------------------------------

    def test_new_companies_begin_with_the_guard(self):
        company = self.env["res.company"].create({"name": "New garage"})
        self.assertTrue(company.auto_service_stock_guard)
        self.assertIn(company.id, company._get_stock_guarded_ids())
        company.auto_service_stock_guard = False
        self.assertNotIn(company.id, company._get_stock_guarded_ids())

    def test_only_companies_without_moves_get_it_at_installation(self):
        self.env.company.auto_service_stock_guard = False
        self._deliver(1)
        new = self.env["res.company"].create({"name": "New garage"})
        new.auto_service_stock_guard = False
        guarded = (self.env.company + new)._guard_new_stock()
        self.assertEqual(guarded, new)

    def test_stands_aside_where_another_addon_guards(self):
        modules = {*self.env.registry._init_modules, "stock_no_negative"}
        with patch.object(self.env.registry, "_init_modules", modules):
            self.env.registry.clear_cache()
            self._receive(self.part, -1)
            self.assertEqual(self._in_stock(self.part), -1)
            settings = self.env["res.config.settings"].create({})
            self.assertTrue(settings.auto_service_stock_guard_aside)
        self.env.registry.clear_cache()

    def test_a_till_takes_what_is_free(self):
        self._receive(self.part, 3)
        self._deliver(2)
        move_class = self.env.registry["stock.move"]
        with patch.object(move_class, "_yields_to_guard", lambda move: True):
            picking = self._deliver(2)
            picking.move_ids.quantity = 2
            picking.move_ids.picked = True
            self.assertEqual(picking.move_ids.quantity, 1)
            picking.with_context(cancel_backorder=False)._action_done()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._in_stock(self.part), 2)

    # --- what it costs ------------------------------------------------------------

    def _count_queries(self, parts):
        """Queries of a delivery of one piece of each part, reserved and validated."""
        picking = self._deliver(1, parts[0])
        picking.move_ids.copy({"picking_id": picking.id})
        for part in parts[1:]:
            picking.move_ids[0].copy({"product_id": part.id, "picking_id": picking.id})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        picking.action_confirm()
        picking.button_validate()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_guard_costs_a_handful_of_queries(self):
        parts = [self._create_part(is_storable=True) for _number in range(5)]
        for part in parts:
            self._receive(part, 100)
        self._count_queries(parts)
        guarded = self._count_queries(parts)
        self.env.company.auto_service_stock_guard = False
        self.assertLessEqual(guarded - self._count_queries(parts), 10)

    def test_companies_without_the_guard_pay_nothing(self):
        parts = [self._create_part(is_storable=True) for _number in range(5)]
        for part in parts:
            self._receive(part, 100)
        self.env.company.auto_service_stock_guard = False
        self._count_queries(parts)
        nowhere = self._count_queries(parts)
        self.env["res.company"].create({"name": "Guarded garage"})
        self._count_queries(parts)
        # the host puts updates together in one way or another
        self.assertAlmostEqual(self._count_queries(parts), nowhere, delta=2)
