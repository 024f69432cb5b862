from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestLowStock(WarehouseCommon):
    """What is short, and the purchase orders that a buyer makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proposals = cls.env["auto.service.buy.proposal"].with_user(cls.user_parts)

    def _row(self, part=None, warehouse=None):
        self.env.invalidate_all()
        return self.proposals.search(
            [
                ("product_id", "=", (part or self.part).id),
                ("warehouse_id", "=", (warehouse or self.warehouse).id),
            ]
        )

    def _create_rule(self, part=None, least=4.0, most=10.0, **values):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": (part or self.part).id,
                "location_id": self.stock.id,
                "product_min_qty": least,
                "product_max_qty": most,
                "trigger": "manual",
                **values,
            }
        )

    def _open(self, rows):
        action = rows.action_order()
        return (
            self.env[action["res_model"]]
            .with_user(self.user_parts)
            .browse(action["res_id"])
        )

    def _sell(self, quantity, times=1, days_ago=10, part=None):
        """Done deliveries of the past."""
        part = part or self.part
        self._receive(part, quantity * times)
        moves = self.env["stock.move"]
        for _time in range(times):
            move = self.env["stock.move"].create(
                {
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "location_id": self.stock.id,
                    "location_dest_id": self.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                }
            )
            move._action_confirm()
            move._action_assign()
            move.picked = True
            move._action_done()
            moves |= move
        moves.date = fields.Datetime.now() - timedelta(days=days_ago)
        return moves

    def test_part_below_its_minimum_is_filled_up_to_the_maximum(self):
        self._create_rule()
        self._receive(self.part, 3.0)
        row = self._row()
        self.assertRecordValues(
            row,
            [
                {
                    "reason": "rule",
                    "quantity_free": 3.0,
                    "quantity_min": 4.0,
                    "quantity_to_order": 7.0,
                    "partner_id": self.vendor.id,
                }
            ],
        )

    def test_part_at_its_minimum_is_enough(self):
        self._create_rule()
        self._receive(self.part, 4.0)
        self.assertEqual(self._row().reason, "enough")
        self.assertFalse(self._row().quantity_to_order)

    def test_part_that_a_job_waits_for_is_listed_with_the_visit(self):
        line = self._create_approved_line(3.0)
        row = self._row()
        self.assertRecordValues(
            row, [{"reason": "job", "job_count": 1, "quantity_to_order": 3.0}]
        )
        self.assertIn(line.work_order_id.name, row.job_text)
        self.assertIn(line.work_order_id.vehicle_id.license_plate, row.job_text)

    def test_what_is_on_order_is_not_ordered_again(self):
        line = self._create_approved_line(3.0)
        self._buy(line, 2.0, confirm=False)
        row = self._row()
        self.assertEqual((row.quantity_coming, row.quantity_to_order), (2.0, 1.0))
        self._buy(line, 1.0)
        self.assertEqual(self._row().reason, "enough")

    def test_part_sold_often_and_gone_is_suggested(self):
        self._sell(1.0, times=3)
        row = self._row()
        self.assertRecordValues(
            row, [{"reason": "suggest", "sold_times": 3, "quantity_sold": 3.0}]
        )
        row.action_make_rule()
        rule = self._row().orderpoint_id
        self.assertEqual(rule.trigger, "manual")
        self.assertGreater(rule.product_min_qty, 0.0)
        self.assertGreater(rule.product_max_qty, rule.product_min_qty)

    def test_old_sales_suggest_nothing(self):
        self._sell(1.0, times=3, days_ago=100)
        self.assertFalse(self._row())

    def test_one_purchase_order_for_each_supplier(self):
        other = self.env["res.partner"].create({"name": "Oil Trade"})
        oil = self._create_part(
            name="Oil",
            is_storable=True,
            seller_ids=[Command.create({"partner_id": other.id, "price": 7.0})],
        )
        rules = self._create_rule() + self._create_rule(oil)
        rows = self._row() + self._row(oil)
        self._open(rows).action_confirm()
        lines = self.env["purchase.order.line"].search(
            [("orderpoint_id", "in", rules.ids)], order="id"
        )
        self.assertEqual(len(lines.order_id), 2)
        by_part = {line.product_id: line for line in lines}
        self.assertEqual(by_part[self.part].order_id.partner_id, self.vendor)
        self.assertEqual(by_part[self.part].price_unit, 20.0)
        self.assertEqual(by_part[oil].order_id.partner_id, other)
        self.assertEqual((by_part[oil].price_unit, by_part[oil].product_qty), (7.0, 10))

    def test_draft_of_the_supplier_is_used_again(self):
        self._create_rule()
        wizard = self._open(self._row())
        order_id = wizard.action_confirm()["res_id"]
        self._create_approved_line(20.0)
        wizard = self._open(self._row())
        self.assertEqual(wizard.action_confirm()["res_id"], order_id)

    def test_price_depends_on_the_quantity(self):
        self.part.seller_ids = [
            Command.create(self._prepare_seller_values(price=15.0, min_qty=10.0))
        ]
        self._create_rule()
        wizard = self._open(self._row())
        self.assertEqual(wizard.line_ids.price_unit, 15.0)
        wizard.line_ids.quantity = 9.0
        self.assertEqual(wizard.line_ids.price_unit, 20.0)

    def test_smallest_quantity_of_the_supplier_is_proposed(self):
        self.part.seller_ids.min_qty = 12.0
        self._create_rule(least=1.0, most=1.0)
        wizard = self._open(self._row())
        self.assertEqual(wizard.line_ids.quantity, 12.0)

    def test_what_a_job_waits_for_is_bought_for_it(self):
        line = self._create_approved_line(3.0)
        self._create_rule(least=2.0, most=4.0)
        wizard = self._open(self._row())
        order = self.env["purchase.order"].browse(wizard.action_confirm()["res_id"])
        shares = {row.sale_line_id: row.product_qty for row in order.order_line}
        self.assertEqual(shares, {line: 3.0, self.env["sale.order.line"]: 4.0})
        order.button_confirm()
        self._receive_purchase(order.order_line[:1])
        self.assertEqual(sum(line.move_ids.mapped("quantity")), 3.0)

    def test_part_without_a_supplier_is_named(self):
        part = self._create_part(name="Nameless hose", is_storable=True)
        self._create_rule(part)
        wizard = self._open(self._row(part))
        with self.assertRaisesRegex(UserError, "No supplier .* Nameless hose"):
            wizard.action_confirm()
        wizard.line_ids.partner_id = self.vendor
        self.assertTrue(wizard.action_confirm()["res_id"])

    def test_two_dialogs_do_not_order_twice(self):
        self._create_rule()
        first, second = self._open(self._row()), self._open(self._row())
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "ordered meanwhile: .*Brake disc"):
            second.action_confirm()

    def test_two_dialogs_do_not_order_a_suggestion_twice(self):
        self._sell(1.0, times=4)
        first, second = self._open(self._row()), self._open(self._row())
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "ordered meanwhile"):
            second.action_confirm()

    def test_enough_is_not_ordered(self):
        self._create_rule()
        self._receive(self.part, 10.0)
        with self.assertRaisesRegex(UserError, "There is enough"):
            self._row().action_order()

    def test_advisor_does_not_order(self):
        self._create_rule()
        with self.assertRaises(AccessError):
            self._row().with_user(self.user_advisor).action_order()

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other garage"})
        self._create_rule()
        user = self.user_parts.copy(
            {
                "company_ids": [Command.set(company.ids)],
                "company_id": company.id,
                "login": "other_parts",
            }
        )
        rows = (
            self.env["auto.service.buy.proposal"]
            .with_user(user)
            .with_context(allowed_company_ids=company.ids)
        )
        self.assertFalse(rows.search([("product_id", "=", self.part.id)]))

    def test_every_warehouse_has_its_own_figures(self):
        tartu = self._create_warehouse()
        self._create_rule()
        self._receive(self.part, 50.0, tartu.lot_stock_id)
        self.assertEqual(self._row().quantity_to_order, 10.0)
        self.assertFalse(self._row(warehouse=tartu))

    def test_buyer_is_told_in_the_morning(self):
        self.env.company.auto_service_buyer_id = self.user_parts
        self._create_rule()
        messages = self.env["mail.message"].sudo()
        before = messages.search_count([])
        self.env["auto.service.buy.proposal"]._cron_tell_low_stock()
        message = messages.search([], limit=1)
        self.assertGreater(messages.search_count([]), before)
        self.assertIn("Brake disc", message.body)
        self.assertIn(self.user_parts.partner_id, message.partner_ids)

    def test_list_costs_a_fixed_number_of_queries(self):
        for number in range(12):
            part = self._create_part(name=f"Part {number}", is_storable=True)
            self._create_rule(part)
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {
            "product_id": {"fields": {"display_name": {}}},
            "warehouse_id": {"fields": {"display_name": {}}},
            "partner_id": {"fields": {"display_name": {}}},
            "job_text": {},
            "quantity_to_order": {},
            "price_last": {},
        }
        self.proposals.web_search_read([], specification, limit=80)
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            self.proposals.web_search_read([], specification, limit=80)
