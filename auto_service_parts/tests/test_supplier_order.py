from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.supplier_client import SupplierError
from .common_order import PartsOrderCommon


@tagged("post_install", "-at_install")
class TestSupplierOrder(PartsOrderCommon):
    """Placed at the supplier's system at most once, and never lost."""

    def setUp(self):
        super().setUp()
        self._approve_visit()

    def _place(self, **values):
        """Order, and try to place it.

        :return: auto.service.supplier.order record
        """
        return self._order(**values).supplier_order_ids

    def _later(self, minutes=20):
        return freeze_time(fields.Datetime.now() + timedelta(minutes=minutes))

    def test_order_bears_our_number_and_gets_the_suppliers(self):
        order = self._place()
        self.assertRecordValues(
            order,
            [
                {
                    "name": self.line.purchase_line_ids.order_id.name,
                    "state": "placed",
                    "supplier_numbers": f"S-{order.name}",
                    "attempt_count": 1,
                    "is_maybe_placed": False,
                }
            ],
        )
        line = order.purchase_id.order_line
        self.assertEqual(line.supplier_position, f"P-{order.name}-{line.id}")
        self.assertEqual(order.purchase_id.partner_ref, f"S-{order.name}")

    @freeze_time("2026-03-02 08:00:00")  # a Monday
    def test_term_of_the_answer_is_the_expected_date(self):
        place = self.system._position

        def slower(number, line):
            position = place(number, line)
            position.hours_max = 50
            return position

        self.system._position = slower
        self.account.extra_hours = 4
        self._place()
        self.assertEqual(
            self.line.part_eta, fields.Datetime.to_datetime("2026-03-04 14:00:00")
        )

    def test_order_is_not_placed_within_the_transaction_of_the_user(self):
        purchase = self._order(place=False)
        self.assertEqual(purchase.supplier_order_state, "waiting")
        self.assertNotIn("place_order", self.system.calls)

    def test_second_process_does_not_place_it_again(self):
        order = self._place()
        order._place()
        self.assertEqual(len(self.system.orders), 1)

    def test_timeout_after_the_order_arrived_is_looked_up(self):
        self.system.arrives = True
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("timeout")]
        order._place()
        self.assertEqual(order.state, "unknown")
        self.assertIn("Not known", self.line.part_note)
        order._reconcile()
        self.assertEqual(order.state, "placed")
        self.assertEqual(self.line.part_state, "ordered")
        self.assertFalse(self.line.part_note and "Not known" in self.line.part_note)
        self.assertEqual(len(self.system.orders), 1)

    def test_order_that_is_not_there_is_believed_only_after_a_while(self):
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("connection")]
        order._place()
        order._reconcile()
        self.assertFalse(order.is_absent)
        with self.assertRaisesRegex(UserError, "Look it up first"):
            order.with_user(self.user_parts).action_place_again()
        with self._later():
            order._reconcile()
            self.assertTrue(order.is_absent)
            self.assertEqual(order.purchase_id.activity_ids.user_id, self.user_parts)
            order.with_user(self.user_parts).action_place_again()
            order._place()
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self.system.orders), 1)

    def test_supplier_that_shows_orders_late_gets_no_second_one(self):
        self.system.arrives = True
        self.system.hides_orders = True
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("server")]
        order._place()
        with self._later():
            order._reconcile()
            self.assertTrue(order.is_absent)
            self.system.hides_orders = False
            order.action_place_again()
            order._place()
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self.system.orders), 1)

    def test_look_up_that_fails_places_nothing(self):
        self.system.arrives = True
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("timeout")]
        order._place()
        order.action_confirm_absent()
        order.action_place_again()
        self.system.failures = [SupplierError("timeout")]
        order._place()
        self.assertEqual(order.state, "unknown")
        self.assertEqual(len(self.system.orders), 1)

    def test_process_that_died_leaves_an_order_to_be_looked_up(self):
        order = self._order(place=False).supplier_order_ids
        self.assertTrue(order._claim())
        order._mark_maybe_placed()
        orders = self.env["auto.service.supplier.order"]
        orders._settle_lost()
        self.assertEqual(order.state, "sending", "it may still be running")
        with self._later(5):
            orders._settle_lost()
        self.assertEqual(order.state, "unknown")

    def test_login_that_is_refused_can_be_mended_and_tried_again(self):
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("auth", "User Authentication Error")]
        order._place()
        self.assertEqual(order.state, "refused")
        self.assertIn("User Authentication Error", order.message)
        self.assertEqual(self.line.part_state, "refused")
        order.with_user(self.user_parts).action_place_again()
        self.assertEqual(self.line.part_state, "ordered")
        order._place()
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self.system.orders), 1)

    def test_busy_supplier_is_tried_again_by_itself(self):
        order = self._order(place=False).supplier_order_ids
        self.system.failures = [SupplierError("locked")]
        order._place()
        self.assertEqual(order.state, "waiting")
        orders = self.env["auto.service.supplier.order"]
        self.assertNotIn(order, orders.search(orders._get_due_domain()))
        with self._later(2):
            due = orders.search(orders._get_due_domain())
            self.assertIn(order, due)
            order._work_off()
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self.system.orders), 1)

    def test_partial_success_is_read_line_by_line(self):
        other = self._create_offer(
            self.enquiry, account_id=self.account.id, number="OX 1", name="Seal"
        )
        second = self._add_offer(other)
        self._approve(self.visit)
        self.system.offers = [self._plain(), self._plain(number="OX 1")]
        self.system.refused = {"OX 1": "Out of stock"}
        purchase = self._order(self.line | second)
        order = purchase.supplier_order_ids
        self.assertEqual(order.state, "partial")
        self.assertEqual(self.line.part_state, "ordered")
        self.assertRecordValues(
            second, [{"part_state": "refused", "part_note": "Out of stock"}]
        )
        self.assertEqual(second.qty_to_order, 1.0)
        activity = self.visit.activity_ids
        self.assertEqual(activity.user_id, self.user_advisor)
        self.assertIn("Out of stock", activity.note)

    def test_fewer_than_ordered_leaves_the_rest_to_be_ordered(self):
        self.system.quantities = {"OC 90": 1.0}
        order = self._place()
        self.assertEqual(order.state, "partial")
        line = order.purchase_id.order_line
        self.assertRecordValues(
            line, [{"product_qty": 1.0, "quantity_refused": 1.0, "price_unit": 10.0}]
        )
        self.assertEqual(self.line.part_state, "refused")
        self.assertEqual(self.line.qty_to_order, 1.0)

    def test_everything_refused_is_needed_again_and_ordered_elsewhere(self):
        self.system.refused = {"OC 90": "Blocked"}
        order = self._place()
        self.assertEqual(order.state, "refused")
        self.assertEqual(order.purchase_id.order_line.supplier_note, "Blocked")
        self.system.refused = {}
        second = self._order()
        self.assertEqual(order.purchase_id.state, "cancel")
        self.assertEqual(second.supplier_order_state, "placed")
        self.assertEqual(self.line.part_state, "ordered")
        with self.assertRaisesRegex(UserError, "Ordered elsewhere meanwhile"):
            order.action_place_again()

    def test_one_purchase_order_is_handed_over_once(self):
        order = self._place()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["auto.service.supplier.order"].create(
                {
                    "name": "P/2",
                    "purchase_id": order.purchase_id.id,
                    "account_id": self.account.id,
                }
            )
            self.env.flush_all()

    def test_nobody_writes_the_state_by_hand(self):
        order = self._place()
        for user in (self.user_parts, self.user_advisor, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                order.with_user(user).state = "waiting"
        for user in (self.user_advisor, self.user_technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                order.with_user(user).action_place_again()

    def test_statuses_come_back_to_the_line(self):
        order = self._place()
        position = order.purchase_id.order_line.supplier_position
        for code, name, state in (
            ("30", "On the way", "transit"),
            ("50", "Handed out", "arrived"),
        ):
            self.system.statuses[position] = (code, name)
            order._sync()
            self.assertEqual(self.line.part_state, state)
            self.assertEqual(self.line.part_note, name)
        self.assertFalse(order.next_check_at, "nothing is left to be asked")

    def test_status_that_nobody_knows_changes_nothing_and_comes_into_the_list(self):
        order = self._place()
        position = order.purchase_id.order_line.supplier_position
        self.system.statuses[position] = ("77", "Xyzzy")
        order._sync()
        self.assertEqual(self.line.part_state, "ordered")
        status = self.account.status_ids.filtered(lambda rec: rec.code == "77")
        self.assertRecordValues(status, [{"name": "Xyzzy", "part_state": False}])

    def test_refusal_after_days_is_told_to_the_advisor_once(self):
        order = self._place()
        position = order.purchase_id.order_line.supplier_position
        self.system.statuses[position] = ("90", "Cancelled")
        order._sync()
        order._sync()
        self.assertEqual(self.line.part_state, "refused")
        self.assertEqual(len(self.visit.activity_ids), 1)
        self.assertFalse(order.next_check_at)

    def test_order_is_cancelled_at_the_supplier_first(self):
        order = self._place()
        purchase = order.purchase_id
        with self.assertRaisesRegex(UserError, "Cancel it there first"):
            purchase.button_cancel()
        purchase.with_user(self.user_parts).action_cancel_at_supplier()
        self.assertEqual(purchase.order_line.part_state, "refused")
        self.assertIn("Cancelled", self.line.part_note)
        purchase.button_cancel()
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(self.line.qty_to_order, 2.0)

    def test_cancelling_that_the_supplier_refuses_changes_nothing(self):
        order = self._place()
        self.system.failures = [SupplierError("request", "Already shipped")]
        order.action_cancel_at_supplier()
        self.assertIn("Already shipped", self.line.part_note)
        self.assertEqual(self.line.part_state, "ordered")

    def test_waiting_order_of_a_cancelled_purchase_is_given_up(self):
        purchase = self._order(place=False)
        purchase.button_cancel()
        order = purchase.supplier_order_ids
        self.assertEqual(order.state, "cancelled")
        order._place()
        self.assertFalse(self.system.orders)
        self.assertEqual(self.line.part_state, "needed")
        # Taken up again it gets a number of its own.
        purchase.button_draft()
        purchase.button_confirm()
        latest = purchase.supplier_order_id
        self.assertEqual(latest.name, f"{purchase.name}/2")
        latest._place()
        self.assertEqual(len(self.system.orders), 1)

    def test_supplier_that_charges_more_is_told_and_kept(self):
        place = self.system._position

        def dearer(number, line):
            position = place(number, line)
            position.price = 13.0
            return position

        self.system._position = dearer
        order = self._place()
        self.assertEqual(order.purchase_id.order_line.price_unit, 13.0)
        bodies = " ".join(order.purchase_id.message_ids.mapped("body"))
        self.assertIn("13.00 instead of 10.00", bodies)

    def test_scheduled_action_asks_only_what_is_due(self):
        order = self._place()
        orders = self.env["auto.service.supplier.order"]
        self.assertNotIn(order, orders.search(orders._get_due_domain()))
        with self._later():
            self.assertIn(order, orders.search(orders._get_due_domain()))
