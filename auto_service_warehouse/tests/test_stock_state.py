from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestStockState(WarehouseCommon):
    """Where the part of a job's line is, and the light of the job."""

    def _assert_part(self, line, state, light, **values):
        self.env.cr.flush()
        self.assertEqual(line.stock_state, state)
        self.assertEqual(line.job_id.parts_light, light)
        self.assertEqual(line.work_order_id.parts_light, light)
        for name, value in values.items():
            self.assertEqual(line[name], value, name)

    def test_draft_has_no_state(self):
        line = self._create_part_line(2.0)
        self._assert_part(line, False, False, stock_to_order=0.0)

    def test_from_order_to_car(self):
        line = self._create_approved_line(2.0)
        self._assert_part(line, "needed", "missing", stock_to_order=2.0)
        purchase = self._buy(line, 2.0, confirm=False)
        self._assert_part(line, "ordered", "coming", stock_to_order=0.0)
        purchase.order_id.button_confirm()
        self._assert_part(line, "ordered", "coming", stock_here_qty=0.0)
        self.assertEqual(line.stock_eta, purchase.date_planned)
        with freeze_time(purchase.date_planned + timedelta(days=1)):
            line.invalidate_recordset(["stock_note"])
            self.assertIn("late since ", line.stock_note)
        line.invalidate_recordset(["stock_note"])
        self._receive_purchase(purchase, 1.0)
        self._assert_part(line, "ordered", "coming", stock_here_qty=1.0)
        self.assertIn("1 of 2 here, ", line.stock_note)
        self._receive_purchase(purchase)
        self._assert_part(line, "arrived", "ready", stock_eta=False, stock_note=False)
        line.job_id.action_issue_parts()
        self._assert_part(line, "fitted", "ready", stock_here_qty=2.0)

    def test_reserved_from_the_shelf(self):
        place = self._create_bin("A-01-01")
        self._receive(self.part, 5.0, place)
        line = self._create_approved_line(2.0)
        self._assert_part(line, "reserved", "ready")
        self.assertEqual(line.stock_place, "A-01-01")

    def test_least_advanced_piece_counts(self):
        self._receive(self.part, 3.0)
        line = self._create_approved_line(5.0)
        self._assert_part(
            line, "needed", "missing", stock_to_order=2.0, stock_here_qty=3.0
        )
        purchase = self._buy(line, 2.0)
        self._assert_part(line, "ordered", "coming", stock_to_order=0.0)
        self._receive_purchase(purchase)
        self._assert_part(line, "arrived", "ready")

    def test_free_part_is_in_stock_until_somebody_takes_it(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self._receive(self.part, 2.0)
        line = self._create_approved_line(2.0)
        self._assert_part(line, "in_stock", "coming", stock_to_order=0.0)
        other = self._create_approved_line(1.0)
        other.move_ids._action_assign()
        self._assert_part(other, "reserved", "ready")
        self._assert_part(line, "needed", "missing", stock_to_order=1.0)

    def test_two_steps_out_is_picked(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._receive(self.part, 2.0)
        line = self._create_approved_line(2.0)
        self._assert_part(line, "reserved", "ready")
        pick = line.move_ids.filtered(lambda move: move.state == "assigned")
        pick.picked = True
        pick.picking_id._action_done()
        self._assert_part(line, "picked", "ready")

    def test_two_steps_in_is_ordered_until_it_is_stored(self):
        self.warehouse.reception_steps = "two_steps"
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        self._receive_purchase(purchase)
        self.env.cr.flush()
        self.assertIn(line.stock_state, ("ordered", "transit"))  # or as vendors say
        self.assertEqual(line.job_id.parts_light, "coming")
        store = line.move_ids.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        store.picked = True
        store.picking_id._action_done()
        self._assert_part(line, "arrived", "ready")

    def test_replenished_on_order(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.part.route_ids = route | self.warehouse.buy_pull_id.route_id
        line = self._create_approved_line(2.0)
        self._assert_part(line, "ordered", "coming", stock_to_order=0.0)
        line.move_ids.created_purchase_line_ids.order_id.button_cancel()
        self._assert_part(line, "needed", "missing", stock_to_order=2.0)

    def test_cancelled_purchase_is_needed_again(self):
        line = self._create_approved_line(2.0)
        self._buy(line, 2.0).order_id.button_cancel()
        self._assert_part(line, "needed", "missing", stock_to_order=2.0)

    def test_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self._create_approved_line(1.0, product_uom_id=dozen.id)
        purchase = self._buy(line, 12.0)
        self._receive_purchase(purchase, 6.0)
        self._assert_part(line, "ordered", "coming", stock_here_qty=0.5)

    def test_parts_without_kept_stock_have_none(self):
        part = self._create_part(is_storable=False)
        self._assert_part(self._create_approved_line(1.0, part), False, False)

    def test_sales_without_a_visit_have_none(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [Command.create({"product_id": self.part.id})],
            }
        )
        order.action_confirm()
        self.assertFalse(order.order_line.stock_state)

    def test_light_is_of_the_worst_job(self):
        self._receive(self.part, 1.0)
        job = self._create_approved_job(1.0)
        order = job.order_id
        self.assertEqual(order.parts_light, "ready")
        other = self._add_job(order, "Oil", hours=1.0, parts=0.0)
        self._create_part_line(1.0, order=order, job_id=other.id)
        self._approve(order)
        self.assertEqual(job.parts_light, "ready")
        self.assertEqual(other.parts_light, "missing")
        self.assertEqual(order.parts_light, "missing")
        found = order.search([("parts_light", "=", "missing"), ("id", "=", order.id)])
        self.assertEqual(found, order)

    def test_queries_do_not_grow_with_the_lines(self):
        counts = []
        for size in (2, 40):
            order = self._create_order()
            job = self._add_job(order, hours=1.0, parts=0.0)
            parts = [self._create_part(is_storable=True) for _number in range(size)]
            self.env["sale.order.line"].create(
                [
                    {
                        "order_id": order.sale_order_ids.id,
                        "job_id": job.id,
                        "product_id": part.id,
                    }
                    for part in parts
                ]
            )
            for part in parts:
                part.seller_ids = [Command.create(self._prepare_seller_values())]
            self._approve(order)
            lines = self._part_line(job)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._get_stock_values()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 20)
