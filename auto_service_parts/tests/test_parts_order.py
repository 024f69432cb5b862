from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..tools.supplier_client import SupplierError
from .common_order import PartsOrderCommon


@tagged("post_install", "-at_install")
class TestPartsOrder(PartsOrderCommon):
    """From the approved line to the purchase order, at the price of this minute."""

    def test_approved_part_becomes_a_confirmed_purchase_order(self):
        self._approve_visit()
        purchase = self._order()
        self.assertRecordValues(
            purchase,
            [
                {
                    "state": "purchase",
                    "partner_id": self.supplier.id,
                    "origin": self.visit.name,
                    "supplier_account_id": self.account.id,
                    "user_id": self.user_parts.id,
                }
            ],
        )
        self.assertRecordValues(
            purchase.order_line,
            [
                {
                    "product_id": self.line.product_id.id,
                    "product_qty": 2.0,
                    "price_unit": 10.0,
                    "sale_line_id": self.line.id,
                    "parts_offer_id": self.offer.id,
                    "name": "MAHLE OC 90 Oil filter",
                }
            ],
        )
        self.assertEqual(purchase.supplier_order_state, "placed")
        self.assertEqual(self.line.part_state, "ordered")

    def test_order_names_the_token_of_now(self):
        self._approve_visit()
        self._order()
        [(_number, lines)] = self.system.orders
        self.assertEqual(lines[0].order_token, {"key": "new"})

    def test_part_that_is_not_approved_is_not_ordered(self):
        with self.assertRaisesRegex(UserError, "not approved these parts yet"):
            self._open()
        self.assertFalse(self.system.calls)

    def test_company_may_order_before_the_approval(self):
        self.env.company.auto_service_parts_order_early = True
        self.assertEqual(self._order().state, "purchase")

    def test_only_parts_people_order(self):
        self._approve_visit()
        for user in (self.user_advisor, self.user_technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(user=user)

    def test_prices_are_asked_before_the_order(self):
        self._approve_visit()
        self.system.offers = [self._plain(price=10.1)]
        line = self._open().line_ids
        self.assertEqual(self.system.calls, ["get_offers"])
        self.assertRecordValues(
            line,
            [
                {
                    "price_then": 10.0,
                    "price_now": 10.1,
                    "check_state": "dearer",
                    "has_to_be_accepted": False,
                }
            ],
        )

    def test_rise_above_the_limit_has_to_be_accepted(self):
        self._approve_visit()
        self.system.offers = [self._plain(price=10.5)]
        wizard = self._open()
        with self.assertRaisesRegex(UserError, "accept the change first"):
            wizard.action_order()
        self.assertFalse(self.line.purchase_line_ids)
        wizard.line_ids.is_accepted = True
        wizard.action_order()
        self.assertEqual(self.line.purchase_line_ids.price_unit, 10.5)

    def test_without_a_limit_every_rise_has_to_be_accepted(self):
        self._approve_visit()
        self.env.company.auto_service_parts_price_limit = 0.0
        self.system.offers = [self._plain(price=10.01)]
        self.assertTrue(self._open().line_ids.has_to_be_accepted)

    def test_part_that_costs_more_than_the_customer_pays_is_told(self):
        self._approve_visit()
        self.system.offers = [self._plain(price=self.line.price_unit)]
        self.assertFalse(self._open().loss_count)
        self.system.offers = [self._plain(price=self.line.price_unit + 0.5)]
        wizard = self._open()
        self.assertEqual(wizard.loss_count, 1)
        self.assertTrue(wizard.line_ids.is_below_cost)

    def test_cheaper_price_is_taken_silently(self):
        self._approve_visit()
        self.system.offers = [self._plain(price=8.0)]
        self.assertEqual(self._order().order_line.price_unit, 8.0)

    def test_offer_that_is_gone_is_not_ordered(self):
        self._approve_visit()
        self.system.offers = [
            self._plain(brand="NAMESAKE"),
            self._plain(number="OC 91"),
            self._plain(is_used=True),
        ]
        wizard = self._open()
        self.assertEqual(wizard.line_ids.check_state, "gone")
        with self.assertRaisesRegex(UserError, "Choose what is to be ordered"):
            wizard.action_order()
        wizard.line_ids.is_ordered = True
        with self.assertRaisesRegex(UserError, "not offered any more"):
            wizard.action_order()

    def test_offer_of_the_same_warehouse_is_preferred(self):
        self._approve_visit()
        self.offer.warehouse = "North"
        self.system.offers = [
            self._plain(price=9.0, warehouse="South"),
            self._plain(price=10.0, warehouse="North"),
        ]
        self.assertEqual(self._open().line_ids.price_now, 10.0)

    def test_of_many_offers_the_one_of_then_is_found(self):
        self._approve_visit()
        self.offer.order_token = {"route": "7", "key": "old"}
        self.system.offers = [
            self._plain(price=6.0, hours_max=240, order_token={"route": "9"}),
            self._plain(price=10.2, order_token={"route": "7", "key": "new"}),
            self._plain(price=10.0, order_token={"route": "8"}),
        ]
        line = self._open().line_ids
        self.assertEqual((line.price_now, line.order_token["route"]), (10.2, "7"))

    def test_too_few_left_has_to_be_accepted(self):
        self._approve_visit()
        self.system.offers = [self._plain(quantity=1.0)]
        self.assertRecordValues(
            self._open().line_ids,
            [
                {
                    "check_state": "short",
                    "check_note": "Only 1 left.",
                    "has_to_be_accepted": True,
                }
            ],
        )

    def test_supplier_that_does_not_answer_has_to_be_accepted(self):
        self._approve_visit()
        self.system.failures = [SupplierError("timeout")]
        wizard = self._open()
        self.assertEqual(wizard.line_ids.check_state, "unanswered")
        with self.assertRaisesRegex(UserError, "accept the change first"):
            wizard.action_order()

    def test_quantity_is_a_multiple_of_what_is_sold(self):
        self._approve_visit()
        self.system.offers = [self._plain(multiplicity=4.0)]
        wizard = self._open()
        self.assertEqual(wizard.line_ids.quantity, 4.0)
        wizard.line_ids.quantity = 6.0
        with self.assertRaisesRegex(UserError, "sold in multiples of 4"):
            wizard.action_order()

    def test_line_is_ordered_once(self):
        self._approve_visit()
        first, second = self._open(), self._open()
        first.action_order()
        with self.assertRaisesRegex(UserError, "Ordered already by P"):
            second.action_order()
        self.assertEqual(len(self.line.purchase_line_ids), 1)
        with self.assertRaisesRegex(UserError, "Everything is ordered already"):
            self._open()

    def test_part_of_the_quantity_is_not_ordered_twice(self):
        self._approve_visit()
        first, second = self._open(), self._open()
        first.line_ids.quantity = 1.0
        first.action_order()
        with self.assertRaisesRegex(UserError, "Ordered already by P"):
            second.action_order()
        self._open().action_order()
        self.assertEqual(self.line.qty_on_purchase, self.line.product_uom_qty)

    def test_more_of_an_ordered_part_orders_the_difference(self):
        self._approve_visit()
        self._order()
        self.line.product_uom_qty = 5.0
        self.assertEqual(self.line.part_state, "needed")
        self.assertEqual(self._open().line_ids.quantity, 3.0)

    def test_double_click_orders_once(self):
        self._approve_visit()
        wizard = self._open()
        wizard.action_order()
        wizard.action_order()
        self.assertEqual(len(self.line.purchase_line_ids), 1)

    def test_one_purchase_order_for_each_supplier(self):
        other = self._create_partner(name="Second Wholesale")
        prices = self._create_price_list(
            [{"brand": "BOSCH", "number": "0 986", "price": 7.5}], partner_id=other.id
        )
        offer = self._create_offer(
            self.enquiry,
            kind="list",
            price_list_id=prices.id,
            partner_id=other.id,
            brand_name="BOSCH",
            number="0 986",
            name="Pads",
            price=7.5,
            cost=7.5,
        )
        lines = self.line | self._add_offer(offer)
        self._approve_visit()
        purchases = self._order(lines)
        self.assertEqual(purchases.partner_id, self.supplier | other)
        mailed = purchases.filtered(lambda rec: rec.partner_id == other)
        self.assertFalse(mailed.supplier_order_ids)
        self.assertEqual(mailed.state, "purchase")

    def test_price_of_a_list_is_the_one_in_force(self):
        prices = self._create_price_list(
            [{"brand": "MAHLE", "number": "OC-90", "price": 11.0, "quantity": 5}]
        )
        self.offer.write({"kind": "list", "price_list_id": prices.id})
        self.offer.account_id = False
        self._approve_visit()
        line = self._open().line_ids
        self.assertEqual((line.check_state, line.price_now), ("dearer", 11.0))
        self.assertFalse(self.system.calls)

    def test_other_currency_is_compared_and_ordered_in(self):
        foreign = self.env["res.currency"].search([("name", "=", "JPY")], limit=1)
        foreign = foreign or self.env["res.currency"].with_context(
            active_test=False
        ).search([("name", "=", "JPY")])
        foreign.active = True
        foreign.rate_ids.unlink()
        foreign.rate_ids = [Command.create({"name": "2020-01-01", "rate": 100.0})]
        prices = self._create_price_list(
            [
                {
                    "brand": "MAHLE",
                    "number": "OC 90",
                    "price": 1000.0,
                    "currency": "JPY",
                    "quantity": 5,
                }
            ]
        )
        self.offer.write({"kind": "list", "price_list_id": prices.id})
        self.offer.account_id = False
        self._approve_visit()
        line = self._open().line_ids
        self.assertEqual(line.currency_id, foreign)
        self.assertAlmostEqual(line.price_then, 1000.0)
        self.assertEqual(line.price_now, 1000.0)
        self.assertFalse(line.has_to_be_accepted)

    def test_other_offer_of_the_same_part_can_be_chosen(self):
        self._approve_visit()
        other = self._create_partner(name="Second Wholesale")
        second = self._create_offer(
            self.enquiry,
            partner_id=other.id,
            account_id=self._create_account(name="Second", partner_id=other.id).id,
            price=12.0,
        )
        wizard = self._open()
        wizard.line_ids.write(
            {
                "offer_id": second.id,
                "partner_id": other.id,
                "check_state": "stale",
                "price_then": 12.0,
            }
        )
        self.system.offers = [self._plain(price=12.0)]
        wizard.action_order()
        purchase = self.line.purchase_line_ids.order_id
        self.assertEqual(purchase.partner_id, other)
        # That account takes no orders: the order goes by mail.
        self.assertFalse(purchase.supplier_account_id)

    def test_part_without_an_offer_goes_to_its_vendor(self):
        part = self._create_part(
            seller_ids=[(0, 0, {"partner_id": self.supplier.id, "price": 21.0})]
        )
        line = self.env["sale.order.line"].create(
            {
                "order_id": self.visit.estimate_id.id,
                "job_id": self.job.id,
                "product_id": part.id,
                "part_state": "needed",
            }
        )
        self._approve_visit()
        purchase = self._order(line)
        self.assertRecordValues(
            purchase.order_line, [{"price_unit": 21.0, "product_id": part.id}]
        )

    def test_approval_of_the_company_is_respected(self):
        self.env.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 5.0}
        )
        self._approve_visit()
        purchase = self._order()
        self.assertEqual(purchase.state, "to approve")
        self.assertFalse(purchase.supplier_order_ids)
        self.assertIn("not confirmed yet", self.line.part_note)
        boss = new_test_user(
            self.env, login="boss", groups="purchase.group_purchase_manager"
        )
        purchase.with_user(boss).button_approve()
        self.assertEqual(purchase.supplier_order_state, "waiting")

    def test_other_company_is_not_mixed_in(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        self._approve_visit()
        purchase = self._order()
        self.assertEqual(purchase.company_id, self.env.company)
        user = new_test_user(
            self.env,
            login="parts_other",
            groups="auto_service_base.group_parts",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        orders = self.env["auto.service.supplier.order"].with_user(user)
        self.assertFalse(orders.search([("purchase_id", "=", purchase.id)]))

    def test_parts_people_open_their_purchase_orders(self):
        self._approve_visit()
        purchase = self._order().with_user(self.user_parts)
        form = (
            self.env["purchase.order"]
            .with_user(self.user_parts)
            .get_view(self.env.ref("purchase.purchase_order_form").id)
        )
        self.assertIn("supplier_order_state", form["arch"])
        names = purchase.fields_get()
        self.assertEqual(purchase.read(list(names))[0]["state"], "purchase")

    def test_parts_people_see_no_purchase_orders_of_the_office(self):
        self._approve_visit()
        purchase = self._order()
        office = purchase.create({"partner_id": self.supplier.id})
        line = office.order_line.create(
            {"order_id": office.id, "product_id": self.part.id, "product_qty": 1.0}
        )
        accountant = new_test_user(
            self.env,
            login="accountant_parts",
            groups="auto_service_base.group_parts,account.group_account_invoice",
        )
        found = purchase.search([("id", "in", (purchase | office).ids)])
        self.assertEqual(found.with_user(accountant).search([]) & office, office)
        seen = found.with_user(self.user_parts).search([("id", "in", found.ids)])
        self.assertEqual(seen, purchase)
        with self.assertRaises(AccessError):
            line.with_user(self.user_parts).read(["price_unit"])

    def test_buyers_without_a_role_in_the_garage_see_none_of_it(self):
        buyer = new_test_user(
            self.env, login="buyer", groups="purchase.group_purchase_user"
        )
        form = (
            self.env["purchase.order"]
            .with_user(buyer)
            .get_view(self.env.ref("purchase.purchase_order_form").id)
        )
        self.assertNotIn("supplier_order_state", form["arch"])
        self._approve_visit()
        purchase = self._order().with_user(buyer)
        purchase.order_line.qty_received = 2.0
        self.assertEqual(self.line.part_state, "arrived")

    def test_dialog_of_twenty_lines_takes_few_queries(self):
        offers = self.env["auto.service.parts.offer"]
        for number in range(20):
            offers |= self._create_offer(
                self.enquiry,
                account_id=self.account.id,
                number=f"N {number}",
                name=f"Part {number}",
            )
        lines = self.env["sale.order.line"]
        for offer in offers:
            lines |= self._add_offer(offer)
        self._approve_visit()
        self.system.offers = [self._plain(number=offer.number) for offer in offers]
        self.env.invalidate_all()
        with self.assertQueryCount(36):
            wizard = self._open(lines)
        self.assertEqual(len(wizard.line_ids), 20)
